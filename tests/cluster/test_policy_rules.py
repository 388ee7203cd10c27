"""Rules of every kind an author may write: the API server takes their policies, and says what chartgen says."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.cluster.control_plane import ControlPlane
from tests.cluster.policies import RESOURCES, Guarded, errors, guard_all, warnings
from tests.setting_texts import findings_of
from tests.strategies import read

Guard = Callable[[dict[str, Any]], Guarded]

PORT = {"type": "integer", "minimum": 1, "maximum": 65535, "default": 80, "x-env": "PORT"}
NAME = {"type": "string", "default": "a", "maxLength": 20000, "x-env": "NAME"}
LEVEL = {"type": "integer", "minimum": 0, "maximum": 9, "default": 3, "x-env": "LEVEL"}


@pytest.fixture
def guard(control_plane: ControlPlane) -> Iterator[Guard]:
    """The guarded ConfigMap of a schema's own."""
    made: list[Guarded] = []

    def guarded(schema: dict[str, Any]) -> Guarded:
        settings = read(schema)
        assert settings is not None
        made.append(Guarded(control_plane.api, "default", f"rules-{secrets.token_hex(4)}", settings))
        guard_all(made[-1:])
        return made[-1]

    yield guarded
    for each in (each for guarded_ in made for each in guarded_.objects()):
        control_plane.api.call("DELETE", f"{RESOURCES[each['kind']]}/{each['metadata']['name']}")


def schema(properties: dict[str, Any], *rules: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "x-kubernetes-validations": list(rules)}


@pytest.mark.parametrize("severity", ["error", "warning"])
@pytest.mark.parametrize(
    "texts",
    [
        {"PORT": "81"},
        {"PORT": "81", "NAME": "b" * 100, "LEVEL": "4"},
        {"PORT": "81", "NAME": "b" * 20001, "LEVEL": "10"},
        {"PORT": "81", "LEVEL": "x"},
        {"PORT": "x", "NAME": "b"},
    ],
)
def test_a_message_may_name_settings_that_its_rule_does_not_read(
    guard: Guard, texts: dict[str, str], severity: str
) -> None:
    rule = {
        "rule": "self.port == 80",
        "message": "it is not 80",
        "messageExpression": "'of ' + self.name + ' at ' + string(self.level) + ': ' + string(self.port)",
        "x-severity": severity,
    }
    guarded = guard(schema({"port": PORT, "name": NAME, "level": LEVEL}, rule))

    reply = guarded.judge(texts)

    wrong, doubtful = findings_of(guarded.settings, texts)
    assert errors(reply) == wrong
    assert wrong or warnings(reply) == doubtful


@pytest.mark.parametrize("terms", [10, 40, 100])
def test_a_rule_may_compare_as_often_as_it_likes(guard: Guard, terms: int) -> None:
    expression = " && ".join(f"self.port != {500 + 7 * number}" for number in range(terms))
    guarded = guard(schema({"port": PORT}, {"rule": expression, "message": "the port is taken"}))

    said = errors(guarded.judge({"PORT": "500"}))

    expected, _ = findings_of(guarded.settings, {"PORT": "500"})
    # What mends it is left out where it would be longer than Kubernetes takes.
    assert said == (expected if terms == 10 else [expected[0].partition("; ")[0]])
    assert errors(guarded.judge({"PORT": "501"})) == []


def test_many_long_rules_are_judged_without_mends(guard: Guard) -> None:
    rules = [
        {
            "rule": " && ".join(f"self.port != {500 + 7 * number + place}" for number in range(22)),
            "message": f"the port is taken by {place}",
        }
        for place in range(1, 40)
    ]
    guarded = guard(schema({"port": PORT}, *rules))

    expected, _ = findings_of(guarded.settings, {"PORT": "501"})
    assert expected[0].startswith("the port is taken by 1: port = 501; ")
    assert errors(guarded.judge({"PORT": "501"})) == [line.partition("; ")[0] for line in expected]


CONTROLS = ["\t", "\r", "\n", "\x1b", "\x7f", "\x85", "\x9f"]


@pytest.mark.parametrize("severity", ["error", "warning"])
def test_control_characters_are_told_as_blanks(guard: Guard, severity: str) -> None:
    rule = {"rule": "self.name == 'a'", "messageExpression": "'it is ' + self.name", "x-severity": severity}
    guarded = guard(schema({"name": NAME}, {"message": "it is not a", **rule}))

    for char in CONTROLS:
        reply = guarded.judge({"NAME": f"b{char}c"})
        said = errors(reply) if severity == "error" else warnings(reply)
        assert [line.partition("; ")[0] for line in said] == ["it is b c"]


LONG = {"type": "string", "default": "a", "x-env": "LONG"}
OTHER = {"type": "string", "default": "a", "x-env": "OTHER"}
COSTLY = {
    "a text in a text": ("self.long.contains(self.other)", {"LONG": "a" * 200_000, "OTHER": "a" * 200_000}),
    "a pattern": (f"self.long.matches('^(b({'|'.join(map(str, range(100, 300)))}))?a*$')", {"LONG": "a" * 200_000}),
    "a text that is given": (f"!self.long.contains('{'ab' * 500}')", {"LONG": "a" * 200_000}),
}


@pytest.mark.parametrize(("expression", "texts"), COSTLY.values(), ids=COSTLY)
def test_a_text_that_is_too_long_for_a_rule_is_refused_in_chartgens_words(
    guard: Guard, expression: str, texts: dict[str, str]
) -> None:
    guarded = guard(schema({"long": LONG, "other": OTHER}, {"rule": expression, "message": "it does not"}))

    said = errors(guarded.judge(texts))
    longest = [int(length) for line in said for length in re.findall(r"at most ([0-9]+) characters: longer ones", line)]
    assert [line.split(" ")[0] for line in said] == list(texts)
    assert all(length >= 1000 for length in longest)

    at_most = {env: text[:length] for (env, text), length in zip(texts.items(), longest, strict=True)}
    assert errors(guarded.judge(at_most)) == []
