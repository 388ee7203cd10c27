"""The page's reader says of any values what chartgen says of them, in the same words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chartgen.enforce.typescript import reader_module
from chartgen.finding import Severity
from chartgen.settings.components import components
from chartgen.settings.constraints import show
from chartgen.settings.expression import Path, Type, Value
from chartgen.settings.judge import broken_rules, has_type, violations
from chartgen.settings.model import SAFE_INTEGER, Setting, Settings
from chartgen.settings.strings import parse_text
from tests.counts import examples
from tests.reader import Readers
from tests.reader_texts import Texts, any_texts, quotients
from tests.strategies import cases, read

TRUNCATION = {
    "type": "object",
    "properties": {
        "a": {"type": "integer", "default": 0, "minimum": -SAFE_INTEGER, "maximum": SAFE_INTEGER, "x-env": "A"},
        "b": {"type": "integer", "default": 2, "minimum": 1, "maximum": SAFE_INTEGER, "x-env": "B"},
        "c": {"type": "string", "default": "", "x-env": "C"},
    },
    "x-kubernetes-validations": [
        {"rule": "self.a / self.b >= 0 && self.a % self.b >= 0 && self.a / -self.b <= 0", "message": "quotient"},
        {"rule": "self.a % self.b != -1 && self.a / self.b % 3 <= 0", "message": "rest"},
        {"rule": "self.c < '\\uffff' || size(self.c) == 2", "message": "code points"},
    ],
}
"""Integers to the end of what a double holds; texts whose order by code point is not that by UTF-16 unit."""


BEYOND = {
    "type": "object",
    "properties": {
        "free": {"type": "integer", "default": 0, "x-env": "FREE"},
        "step": {"type": "integer", "default": 0, "maximum": SAFE_INTEGER, "multipleOf": 3, "x-env": "STEP"},
        "even": {"type": "integer", "default": 0, "minimum": -SAFE_INTEGER, "multipleOf": 2, "x-env": "EVEN"},
        "large": {"type": "integer", "default": 0, "multipleOf": SAFE_INTEGER, "x-env": "LARGE"},
        "below": {"type": "integer", "default": 0, "exclusiveMinimum": -5, "exclusiveMaximum": 5, "x-env": "BELOW"},
        "only": {"type": "integer", "default": SAFE_INTEGER, "const": SAFE_INTEGER, "x-env": "ONLY"},
        "some": {"type": "integer", "default": 1, "enum": [1, SAFE_INTEGER], "x-env": "SOME"},
    },
}
"""Each limit of an integer, for texts that no double holds."""


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    """JavaScript, which runs generated readers."""
    with Readers() as made:
        yield made


def cli_verdict(settings_: Settings, found: dict[str, Any]) -> dict[str, Any]:
    """The verdict on values that are there, by environment names, in the reader's form."""
    values: dict[Path, Value] = {}
    refused: list[tuple[list[Path], str]] = []
    for setting in settings_.settings:
        values[setting.path] = of_type(setting, setting.default)
        if setting.env not in found:
            continue
        value = found[setting.env]
        said = [each.expected for each in violations(setting, value)]
        refused += [([setting.path], f"{setting.name} is {show(value)}; expected {words}") for words in said]
        if not said:
            values[setting.path] = of_type(setting, value)
    wrong = frozenset(path for paths, _ in refused for path in paths)
    warnings = []
    for broken in broken_rules(settings_, values, wrong):
        if broken.rule.severity is Severity.ERROR:
            refused.append(([*broken.rule.operands], broken.message))
        else:
            warnings.append(broken.message)
    lost = {path for paths, _ in refused for path in paths}
    for group in components(settings_):
        lost |= {*group} if lost & {*group} else set()
    used = {path: settings_.setting(path).default if path in lost else value for path, value in values.items()}
    envs = [[settings_.setting(path).env for path in paths] for paths, _ in refused]
    told = [{"env": env, "message": message} for env, (_, message) in zip(envs, refused, strict=True)]
    return {"settings": nested(used), "refused": told, "warnings": warnings}


def of_type(setting: Setting, value: Any) -> Value:
    """The value as rules have it."""
    return float(value) if setting.type is Type.NUMBER else value


def nested(values: dict[Path, Value]) -> dict[str, Any]:
    """Values by path as the page's code has them."""
    root: dict[str, Any] = {}
    for (*group, key), value in values.items():
        here = root
        for step in group:
            here = here.setdefault(step, {})
        here[key] = value
    return root


def as_compared(judged: dict[str, Any], *, values_too: bool = True) -> dict[str, Any]:
    """A verdict as it is compared: JavaScript shows a number as 5 that Python shows as 5.0."""
    refused = [{key: each[key] for key in ("env", "message")} for each in judged["refused"]]
    if not values_too:
        refused = [
            {**each, "message": each["message"].rpartition("; expected ")[2] if len(each["env"]) == 1 else each["message"]}
            for each in refused
        ]  # fmt: skip
    return {"settings": judged["settings"], "refused": refused, "warnings": judged["warnings"]}


def parsed(settings_: Settings, texts: dict[str, str]) -> dict[str, Any]:
    """The values that texts say; those that say none are themselves, and of the wrong type."""
    values: dict[str, Any] = {}
    for setting in settings_.settings:
        if setting.env in texts:
            value = parse_text(setting.type, texts[setting.env])
            values[setting.env] = texts[setting.env] if value is None else value
    return values


@settings(max_examples=examples(5000))
@given(case=any_texts())
def test_the_reader_says_of_texts_what_chartgen_says(readers: Readers, case: Texts) -> None:
    assert_same(readers, case)


@settings(max_examples=examples(3000))
@given(case=quotients())
def test_the_reader_says_of_quotients_what_chartgen_says(readers: Readers, case: Texts) -> None:
    assert_same(readers, case)


def assert_same(readers: Readers, case: Texts) -> None:
    """That the verdict on texts is the same."""
    judged = readers.judge(reader_module(case.settings, "x"), case.texts)

    expected = as_compared(cli_verdict(case.settings, parsed(case.settings, case.texts)), values_too=False)
    assert expected == as_compared(judged, values_too=False)


@settings(max_examples=examples(1000))
@given(case=cases())
def test_the_reader_says_of_values_what_chartgen_says(readers: Readers, case: Any) -> None:
    settings_ = case.settings
    found = {}
    for setting in settings_.settings:
        here = case.values
        for key in setting.path:
            here = here.get(key) if isinstance(here, dict) else None
        whole = isinstance(here, float) and here.is_integer()  # JSON, and so JavaScript, has one kind of number
        if here is not None and (not isinstance(here, str) or has_type(setting.type, here)):
            found[setting.env] = int(here) if whole else here

    judged = readers.judge(reader_module(settings_, "x"), found)

    assert as_compared(cli_verdict(settings_, found), values_too=False) == as_compared(judged, values_too=False)


@settings(max_examples=examples(2000))
@given(
    a=st.one_of(st.integers(-SAFE_INTEGER, SAFE_INTEGER), st.integers(-50, 50), st.just(-SAFE_INTEGER)),
    b=st.one_of(st.integers(1, SAFE_INTEGER), st.integers(1, 50), st.just(SAFE_INTEGER)),
    c=st.text(st.sampled_from("a\ud7ff\ue000\uffff\U00010000😀"), max_size=3),
)
def test_integers_and_texts_are_exact_to_their_ends(readers: Readers, a: int, b: int, c: str) -> None:
    settings_ = read(TRUNCATION)
    assert settings_ is not None

    judged = readers.judge(reader_module(settings_, "x"), {"A": str(a), "B": str(b), "C": c})

    assert as_compared(cli_verdict(settings_, {"A": a, "B": b, "C": c})) == as_compared(judged)


@settings(max_examples=examples(1000))
@given(st.integers(2**53, 10**16 - 1), st.sampled_from([1, -1]))
@example(9999999999999999, 1)
@example(2**53, -1)
@example(2**53 + 1, 1)
@example(3 * (2**53 // 3 + 1), 1)
def test_integers_beyond_a_double_are_refused_in_the_same_words(readers: Readers, size: int, sign: int) -> None:
    settings_ = read(BEYOND)
    assert settings_ is not None
    texts = {setting.env: str(sign * size) for setting in settings_.settings}

    judged = readers.judge(reader_module(settings_, "x"), texts)

    assert as_compared(cli_verdict(settings_, parsed(settings_, texts))) == as_compared(judged)
