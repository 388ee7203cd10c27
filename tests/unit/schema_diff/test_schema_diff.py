"""Each kind of change, how grave it is, and what is said of it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from chartgen.schema_diff.changes import KINDS, Change, InUse, Level, next_version
from chartgen.schema_diff.diff import schema_diff
from chartgen.settings.schema import read_settings
from chartgen.source import Source, Span

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "waitMs": {
            "type": "integer", "default": 5000, "minimum": 1000, "maximum": 60000, "x-env": "WAIT_MS", "x-unit": "ms",
            "x-role": "poll-interval",
        },
        "tries": {"type": "integer", "default": 10, "minimum": 1, "maximum": 100, "x-env": "TRIES", "x-role": "poll-attempts"},
        "endMs": {
            "type": "integer", "default": 60000, "minimum": 1, "maximum": 90000000, "x-env": "END_MS", "x-unit": "ms",
            "x-role": "poll-timeout",
        },
        "share": {"type": "number", "default": 0.5, "minimum": 0, "exclusiveMaximum": 1, "x-env": "SHARE"},
        "ui": {
            "type": "object",
            "properties": {
                "theme": {"type": "string", "default": "auto", "enum": ["auto", "light", "dark"], "x-env": "THEME"},
                "title": {"type": "string", "default": "shop", "maxLength": 20, "pattern": "^[a-z]+$", "x-env": "TITLE"},
                "beta": {"type": "boolean", "default": False, "x-env": "BETA"},
            },
        },
    },
    "x-kubernetes-validations": [
        {"rule": "self.endMs >= self.tries * self.waitMs", "message": "it ends too early", "fieldPath": ".endMs"}
    ],
    "x-profiles": {"calm": {"description": "few users", "values": {"waitMs": 6000}}},
}  # fmt: skip

Edit = Callable[[dict[str, Any], dict[str, Any], dict[str, Any]], object]
"""A change of the new schema: its root, the root's properties, the properties of the group `ui`."""


def rule(text: str, message: str = "m", **more: str) -> dict[str, str]:
    return {"rule": text, "message": message, **more}


def renamed(schema: dict[str, Any], properties: dict[str, Any]) -> None:
    """Rename waitMs, in the rule and the profile, too."""
    properties["pauseMs"] = properties.pop("waitMs") | {"x-renamed-from": "waitMs"}
    schema["x-kubernetes-validations"][0]["rule"] = "self.endMs >= self.tries * self.pauseMs"
    schema["x-profiles"]["calm"]["values"] = {"pauseMs": 6000}


def swapped(properties: dict[str, Any]) -> None:
    """Give each of two settings the other's environment name."""
    properties["tries"]["x-env"], properties["share"]["x-env"] = "SHARE", "TRIES"


CHANGES: dict[str, tuple[Edit, list[str]]] = {
    "nothing": (lambda _s, _p, _u: None, []),
    "words": (lambda _s, p, _u: p["tries"].update(title="Tries", description="d"), []),
    "a setting is gone": (
        lambda _s, _p, u: u.pop("beta"),
        ["breaking setting-removed ui.beta is gone: values that set it are refused"],
    ),
    "a setting is new": (
        lambda _s, p, _u: p.update(new={"type": "string", "default": "x", "x-env": "NEW"}),
        ['note setting-added new is new; its default is "x"'],
    ),
    "a setting is renamed, with its rule": (
        lambda s, p, _u: renamed(s, p),
        ["breaking setting-renamed waitMs is called pauseMs now: values under the old name are refused"],
    ),
    "a setting moved, from the second of two former names": (
        lambda _s, p, u: p.update(beta=u.pop("beta") | {"x-renamed-from": ["b", "ui.beta"]}),
        ["breaking setting-renamed ui.beta is called beta now: values under the old name are refused"],
    ),
    "a setting is renamed and nobody says so": (
        lambda _s, p, u: p.update(beta=u.pop("beta")),
        [
            "breaking env-reused BETA stands for beta, and stood for ui.beta",
            "breaking setting-removed ui.beta is gone: values that set it are refused",
            "note setting-added beta is new; its default is false",
        ],
    ),
    "another type": (
        lambda _s, _p, u: u.update(beta={"type": "string", "default": "", "x-env": "BETA"}),
        ["breaking type-changed ui.beta is of type string, and was of type boolean"],
    ),
    "a higher minimum": (
        lambda _s, p, _u: p["waitMs"].update(minimum=2000),
        ["breaking bound-tightened waitMs has a tighter bound: at least 2000 ms; before: at least 1000 ms"],
    ),
    "a lower minimum": (
        lambda _s, p, _u: p["waitMs"].update(minimum=500),
        ["note bound-loosened waitMs has a looser bound: at least 500 ms; before: at least 1000 ms"],
    ),
    "the same minimum in other words": (
        lambda _s, p, _u: p["tries"].pop("minimum") and p["tries"].update(exclusiveMinimum=0),
        [],
    ),
    "a bound that a number may not reach": (
        lambda _s, p, _u: p["share"].pop("minimum") + 1 and p["share"].update(exclusiveMinimum=0),
        ["breaking bound-tightened share has a tighter bound: more than 0; before: at least 0"],
    ),
    "no bound of a number": (
        lambda _s, p, _u: p["share"].pop("exclusiveMaximum"),
        ["note bound-loosened share has a looser bound: no maximum; before: less than 1"],
    ),
    "a step": (
        lambda _s, p, _u: p["waitMs"].update(multipleOf=100),
        ["breaking bound-tightened waitMs has a tighter bound: a multiple of 100 ms; before: any whole number"],
    ),
    "a choice less": (
        lambda _s, _p, u: u["theme"].update(enum=["auto", "light"]),
        ['breaking bound-tightened ui.theme has a tighter bound: one of "auto", "light"; before: one of "auto", "light", "dark"; no longer "dark"'],
    ),
    "a choice more": (
        lambda _s, _p, u: u["theme"].update(enum=["auto", "light", "dark", "blue"]),
        ['note bound-loosened ui.theme has a looser bound: one of "auto", "light", "dark", "blue"; before: one of "auto", "light", "dark"'],
    ),
    "another order of choices": (lambda _s, _p, u: u["theme"].update(enum=["dark", "light", "auto"]), []),
    "choices where there were none": (
        lambda _s, _p, u: u["title"].update(enum=["shop", "fair"]),
        ['breaking bound-tightened ui.title has a tighter bound: one of "shop", "fair"; before: any value within the other bounds'],
    ),
    "one value": (
        lambda _s, _p, u: u["beta"].update(const=False),
        ["breaking bound-tightened ui.beta has a tighter bound: exactly false; before: true or false; no longer true"],
    ),
    "a shorter text": (
        lambda _s, _p, u: u["title"].update(maxLength=10),
        ["breaking bound-tightened ui.title has a tighter bound: at most 10 characters; before: at most 20 characters"],
    ),
    "a longer text": (
        lambda _s, _p, u: u["title"].update(minLength=2),
        ["breaking bound-tightened ui.title has a tighter bound: at least 2 characters; before: of any length"],
    ),
    "another pattern": (
        lambda _s, _p, u: u["title"].update(pattern="^[a-z]*$"),
        [
            "breaking bound-tightened ui.title has a tighter bound: a match of ^[a-z]*$; before: a match of ^[a-z]+$",
        ],
    ),
    "no pattern": (
        lambda _s, _p, u: u["title"].pop("pattern"),
        ["note bound-loosened ui.title has a looser bound: any text; before: a match of ^[a-z]+$"],
    ),
    "another unit": (
        lambda _s, p, _u: p["endMs"].update({"x-unit": "s"}),
        ["breaking unit-changed the unit of endMs is s, and was ms"],
    ),
    "a unit where there was none": (
        lambda _s, p, _u: p["tries"].update({"x-unit": "count"}),
        ["note unit-changed the unit of tries is count, and was not told"],
    ),
    "another environment name": (
        lambda _s, p, _u: p["tries"].update({"x-env": "ATTEMPTS"}),
        ["breaking env-changed tries is read from ATTEMPTS, and was read from TRIES: what sets or reads that name breaks"],
    ),
    "two names swapped": (
        lambda _s, p, _u: swapped(p),
        [
            "breaking env-changed share is read from TRIES, and was read from SHARE: what sets or reads that name breaks",
            "breaking env-changed tries is read from SHARE, and was read from TRIES: what sets or reads that name breaks",
            "breaking env-reused SHARE stands for tries, and stood for share",
            "breaking env-reused TRIES stands for share, and stood for tries",
        ],
    ),
    "another role": (
        lambda _s, p, _u: p["endMs"].pop("x-role"),
        ["note role-changed the role of endMs is none, and was poll-timeout"],
    ),
    "a default that no rule reads": (
        lambda _s, p, _u: p["share"].update(default=0.25),
        ["note default-changed the default of share is 0.25, and was 0.5"],
    ),
    "a default that a rule reads": (
        lambda _s, p, _u: p["waitMs"].update(default=4000),
        [
            (
                "warning default-changed the default of waitMs is 4000, and was 5000: each page polls 1.25 times as often, "
                "more load; with the values of others it may break a rule: it ends too early"
            )
        ],
    ),
    "deprecated": (
        lambda _s, _p, u: u["beta"].update(deprecated=True),
        ["note deprecated ui.beta is deprecated: whoever sets it gets a warning"],
    ),
    "a rule that nothing known breaks": (
        lambda s, _p, _u: s["x-kubernetes-validations"].append(rule("self.tries < 99")),
        ["warning rule-added a rule is new: m: it may break values that nobody here knows"],
    ),
    "a rule that a profile breaks": (
        lambda s, _p, _u: (
            s["x-kubernetes-validations"].append(rule("self.waitMs < 5500")),
            s["x-profiles"]["calm"].update(values={"waitMs": 5400}),
        ),
        ["breaking rule-added a rule is new: m", "note profile-changed the profile calm has other values"],
    ),
    "a rule over new settings alone": (
        lambda s, p, _u: (
            p.update(new={"type": "integer", "default": 1, "minimum": 0, "maximum": 9, "x-env": "NEW"}),
            s["x-kubernetes-validations"].append(rule("self.new < 5")),
        ),
        ["note rule-added a rule is new: m", "note setting-added new is new; its default is 1"],
    ),
    "a rule that only warns": (
        lambda s, _p, _u: s["x-kubernetes-validations"].append(rule("self.tries < 99", **{"x-severity": "warning"})),
        ["note rule-added a rule is new (a warning): m"],
    ),
    "another condition": (
        lambda s, _p, _u: s["x-kubernetes-validations"][0].update(
            rule="self.endMs >= self.tries * self.waitMs && self.tries < 12"
        ),
        ["warning rule-changed a rule has another condition: it ends too early: it may break values that nobody here knows"],
    ),
    "the same condition in other words": (
        lambda s, _p, _u: s["x-kubernetes-validations"][0].update(rule="self.endMs   >= (self.tries * self.waitMs)", message="m"),
        [],
    ),
    "a rule that only warns now": (
        lambda s, _p, _u: s["x-kubernetes-validations"][0].update({"x-severity": "warning"}),
        ["note rule-severity a rule is a warning now, and was an error: it ends too early"],
    ),
    "a rule is gone": (
        lambda s, _p, _u: s.pop("x-kubernetes-validations"),
        ["note rule-removed a rule is gone: it ends too early"],
    ),
    "a profile is gone": (
        lambda s, _p, _u: s.pop("x-profiles"),
        ["breaking profile-removed the profile calm is gone: a command that names its file fails"],
    ),
    "a profile is new": (
        lambda s, _p, _u: s["x-profiles"].update(busy={"description": "d", "values": {"tries": 5}}),
        ["note profile-added the profile busy is new"],
    ),
}  # fmt: skip


def changes(edit: Edit, in_use: tuple[InUse, ...] = (), first: Edit | None = None) -> list[Change]:
    """The changes that an edit of the schema makes, which `first` may have changed in both versions."""
    versions = []
    for name, edits in (("old.json", [first]), ("new.json", [first, edit])):
        schema = copy.deepcopy(SCHEMA)
        for each in filter(None, edits):
            each(schema, schema["properties"], schema["properties"]["ui"]["properties"])
        settings, findings = read_settings(Source(name, json.dumps(schema, indent=1)))
        assert settings is not None, findings
        versions.append(settings)
    return schema_diff(versions[0], versions[1], in_use)


@pytest.mark.parametrize("name", CHANGES)
def test_the_change_is_told_with_its_level(name: str) -> None:
    edit, expected = CHANGES[name]
    found = changes(edit)

    assert expected == sorted(f"{change.level.value} {change.kind} {change.message}" for change in found)
    assert all(change.span is not None for change in found)


def test_every_kind_is_among_these_tests() -> None:
    told = {line.split()[1] for _, lines in CHANGES.values() for line in lines}

    assert sorted(KINDS) == sorted(told)


def test_what_is_gone_is_told_in_the_old_schema_and_the_rest_in_the_new_one() -> None:
    (gone,) = changes(CHANGES["a setting is gone"][0])
    (kept,) = changes(CHANGES["a higher minimum"][0])

    assert gone.span is not None
    assert (gone.span.source.name, gone.span.text) == ("old.json", '"beta"')
    assert kept.span is not None
    assert (kept.span.source.name, kept.span.text) == ("new.json", '"minimum"')


def test_a_warning_that_becomes_an_error_is_as_grave_as_a_new_rule() -> None:
    def warns(schema: dict[str, Any], _properties: object, _ui: object) -> None:
        schema["x-kubernetes-validations"][0]["x-severity"] = "warning"

    def fails(schema: dict[str, Any], _properties: object, _ui: object) -> None:
        schema["x-kubernetes-validations"][0]["x-severity"] = "error"

    (change,) = changes(fails, first=warns)

    assert (change.kind, change.level) == ("rule-severity", Level.WARNING)


PLACE = Span(Source("envs/prod.yaml", "x"), 0, 1)


@pytest.mark.parametrize(
    ("name", "values", "breaks"),
    [
        ("a higher minimum", {("waitMs",): 1500}, ["prod: waitMs is 1500"]),
        ("a higher minimum", {("waitMs",): 2000}, []),
        ("a higher minimum", {("waitMs",): 500}, []),  # the old schema refused it, too
        ("a setting is gone", {("ui", "beta"): True}, ["prod sets ui.beta"]),
        ("a setting is renamed, with its rule", {("waitMs",): 5000}, ["prod sets waitMs"]),
        ("a setting is renamed, with its rule", {("pauseMs",): 5000}, []),
        ("another type", {("ui", "beta"): True}, ["the old defaults: ui.beta is false", "prod: ui.beta is true"]),
        ("a choice less", {("ui", "theme"): "dark"}, ['prod: ui.theme is "dark"']),
        ("a rule that nothing known breaks", {("tries",): 99, ("endMs",): 600000}, ["prod: tries = 99"]),
        ("a rule that nothing known breaks", {("tries",): 99}, []),  # the old schema refused it, too
        ("a default that a rule reads", {("tries",): 12}, []),
        ("another condition", {("tries",): 12}, ["prod: endMs = 60000, tries = 12, waitMs = 5000"]),
    ],
)  # fmt: skip
def test_values_in_use_that_it_breaks_are_told_with_it(name: str, values: dict[Any, Any], breaks: list[str]) -> None:
    used = InUse("prod", values, dict.fromkeys(values, PLACE))
    found = changes(CHANGES[name][0], (used,))

    assert breaks == [broken.message for change in found for broken in change.breaks]
    assert not breaks or found[0].level is Level.BREAKING


def test_a_new_default_that_breaks_values_in_use_is_breaking() -> None:
    used = InUse("prod", {("tries",): 12}, {("tries",): PLACE})
    (change,) = changes(lambda _s, p, _u: p["waitMs"].update(default=5500), (used,))

    assert change.level is Level.BREAKING
    assert [(broken.message, broken.span) for broken in change.breaks] == [
        ("prod: endMs = 60000, tries = 12, waitMs = 5500", PLACE)
    ]


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("nothing", "none"),
        ("words", "patch"),
        ("a setting is new", "minor"),
        ("a rule that nothing known breaks", "major"),
        ("a higher minimum", "major"),
    ],
)
def test_the_next_version_follows(name: str, part: str) -> None:
    assert next_version(changes(CHANGES[name][0]), is_same=name == "nothing") == part


def test_a_setting_that_is_gone_under_the_name_of_a_new_one_was_probably_renamed() -> None:
    helps = [change.help for change in changes(CHANGES["a setting is renamed and nobody says so"][0])]

    assert 'if it is beta now, say so there: "x-renamed-from": "ui.beta"' in helps


def test_a_change_of_no_kind_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        Change("other", Level.NOTE, "m")
