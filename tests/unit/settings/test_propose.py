"""What mends broken rules where turning a comparison round cannot: searched for, and proven by CEL."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest

from chartgen.settings.expression import Path, Value
from chartgen.settings.judge import broken_rules
from chartgen.settings.model import Settings
from chartgen.settings.propose import Proposals
from chartgen.settings.schema import read_settings
from chartgen.source import Source

A = {"type": "integer", "minimum": 0, "maximum": 100000, "default": 60, "x-env": "A", "x-mend": 1}
B = {"type": "integer", "minimum": 0, "maximum": 1000, "default": 5, "x-env": "B", "x-mend": 2}
STEP = {"type": "integer", "minimum": 0, "maximum": 960, "default": 60, "multipleOf": 30, "x-env": "A"}
CHOICE = {"type": "integer", "enum": [1, 5, 50, 500], "default": 5, "x-env": "B"}
TEXT = {"type": "string", "default": "abc", "maxLength": 9, "x-env": "T"}
MODE = {"type": "string", "enum": ["off", "on", "auto"], "default": "auto", "x-env": "M"}
SHOWN = {"type": "boolean", "default": False, "x-env": "S"}
SHARE = {"type": "number", "minimum": 0, "maximum": 1, "default": 0.25, "x-env": "N"}

CASES: list[tuple[dict[str, Any], list[str], dict[str, Value], list[str]]] = [
    # settings, rules, values, what mends the first rule that they break
    ({"a": A}, ["self.a % 60 == 0"], {"a": 100}, ["raise a to 120"]),
    ({"a": A}, ["self.a % 60 == 0"], {"a": 89}, ["lower a to 60"]),
    (
        {"a": A, "b": {**B, "minimum": 1}},
        ["self.a % self.b == 0"],
        {"a": 62, "b": 7},
        ["raise a to 63", "lower b to 2"],
    ),
    ({"a": A}, ["self.a * self.a <= 10000"], {"a": 500}, ["lower a to 100"]),
    ({"a": A, "b": B}, ["self.a >= self.b * self.b"], {"b": 8}, ["raise a to 64", "lower b to 7"]),
    ({"a": A}, ["self.a > 10 && self.a < 100 && self.a % 7 == 0 || self.a == 60"], {"a": 5}, ["raise a to 14"]),
    ({"a": A, "b": B}, ["self.a > 50 && self.b > 2"], {"a": 1, "b": 1}, ["raise a to 51 and raise b to 3"]),
    ({"a": A, "b": B}, ["self.b > 100 ? self.a > 500 : self.a > 1"], {"b": 400}, ["raise a to 501", "lower b to 100"]),
    ({"a": A}, ["self.a in [10, 20, 60]"], {"a": 16}, ["raise a to 20"]),
    ({"a": A}, ["!(self.a in [7, 8, 9])"], {"a": 8}, ["lower a to 6"]),
    ({"a": A, "t": TEXT}, ["size(self.t) * 20 <= self.a"], {"t": "abcdef"}, ["raise a to 120", 'set t to "abc"']),
    ({"t": TEXT}, ["self.t.startsWith('ab') || self.t == 'x'"], {"t": "y"}, ['set t to "abc"']),
    ({"m": MODE}, ["self.m != 'on'"], {"m": "on"}, ['set m to "auto"']),
    ({"m": MODE, "s": SHOWN}, ["self.m != 'auto' || !self.s"], {"s": True}, ["set s to false"]),
    ({"n": SHARE}, ["self.n < 0.5 || self.n > 0.9"], {"n": 0.6}, ["lower n to 0.499999"]),
    ({"a": STEP}, ["self.a >= 40"], {"a": 30}, ["raise a to 60"]),
    ({"b": CHOICE}, ["self.b * self.b <= 2500"], {"b": 500}, ["lower b to 50"]),
    # Two rules that share a setting: one value for both.
    ({"a": A}, ["self.a % 60 == 0", "self.a >= 50"], {"a": 20}, ["raise a to 60"]),
    ({"a": A, "b": B}, ["self.a % 7 == 4", "self.a + self.b <= 65"], {"a": 64}, ["lower a to 60"]),
    # Two settings at once, of which the second one is the one to guess.
    (
        {
            "a": {**A, "minimum": 1, "maximum": 50, "default": 5},
            "b": {**B, "minimum": 1, "maximum": 50, "default": 6},
            "c": {**A, "x-env": "C"},
        },
        ["self.a < self.b", "self.a * self.b <= self.c", "self.c / self.a <= 100"],
        {"a": 50, "b": 8, "c": 2500},
        ["raise b to 50 and lower a to 49"],
    ),
    ({"a": {**A, "maximum": 100}}, ["self.a % 60 == 0 || self.a < 100"], {"a": 100}, ["lower a to 99"]),
]


def proposals(properties: dict[str, Any], rules: list[str], values: dict[str, Value]) -> tuple[Settings, Proposals]:
    schema = {
        "type": "object",
        "properties": properties,
        "x-kubernetes-validations": [{"rule": rule, "message": "no"} for rule in rules],
    }
    settings, faults = read_settings(Source("settings.json", json.dumps(schema)))
    assert settings is not None, faults
    every: dict[Path, Value] = {**settings.defaults, **{(name,): value for name, value in values.items()}}
    return settings, Proposals(settings, every, frozenset(), list(broken_rules(settings, every)))


@pytest.mark.parametrize(("properties", "rules", "values", "expected"), CASES)
def test_the_nearest_value_of_each_setting_in_order_of_preference(
    properties: dict[str, Any], rules: list[str], values: dict[str, Value], expected: list[str]
) -> None:
    _, made = proposals(properties, rules, values)

    said = [made.words(changes) for changes in made.for_rule(made.broken[0])]

    assert expected == said


def test_nothing_is_said_where_nothing_mends_it() -> None:
    """Three settings would have to change: that is no mend, but another configuration."""
    properties = {name: {**B, "maximum": 100, "default": 1, "x-env": name.upper()} for name in "abc"}
    _, made = proposals(properties, ["self.a + self.b + self.c <= 90"], {"a": 100, "b": 100, "c": 100})

    assert made.for_rule(made.broken[0]) == []


def test_a_setting_that_is_wrong_itself_is_no_reason_to_change_another_one() -> None:
    settings, made = proposals({"a": A, "b": B}, ["self.a > self.b", "self.a < 900"], {"a": 1000})
    alone = Proposals(settings, made.values, frozenset({("b",)}), made.broken)

    assert [alone.words(changes) for changes in alone.for_rule(made.broken[0])] == ["lower a to 899"]


WAITS: dict[str, Any] = {
    "wait": {"type": "integer", "minimum": 100, "maximum": 30000, "default": 1000, "x-env": "W"},
    "tries": {"type": "integer", "minimum": 1, "maximum": 100, "default": 1, "x-env": "R"},
    "total": {"type": "integer", "minimum": 1000, "maximum": 600000, "default": 1000, "x-env": "T"},
}


@pytest.mark.parametrize(
    ("wait", "expected"),
    [
        (10000, 500000),  # all rules hold, and no other setting has to change
        (30000, 600000),  # none does: the longest total keeps most of the tries
    ],
)
def test_a_value_that_is_out_of_bounds_spares_the_other_settings(wait: int, expected: int) -> None:
    settings, found = proposals(WAITS, ["self.wait * self.tries <= self.total"], {"wait": wait, "tries": 50})
    wrong = Proposals(settings, found.values, frozenset({("total",)}), [])

    assert wrong.for_wrong(settings.setting(("total",)), -1) == expected


def test_where_others_have_to_change_anyway_the_nearest_value_is_enough() -> None:
    bounds = {"type": "integer", "minimum": 0, "maximum": 1000}
    low, fixed = {**bounds, "default": 10, "x-env": "LOW"}, {**bounds, "default": 3, "x-env": "FIXED"}
    high = {**bounds, "default": 30, "x-env": "HIGH"}
    rules = ["self.fixed < 5 && self.low <= self.high"]
    settings, found = proposals({"low": low, "high": high, "fixed": fixed}, rules, {"fixed": 8})
    wrong = Proposals(settings, found.values, frozenset({("low",)}), [])

    assert wrong.for_wrong(settings.setting(("low",)), 2000) == 30


def test_of_very_many_broken_rules_that_share_settings_each_is_mended_alone() -> None:
    names = [f"s{number}" for number in range(30)]
    properties = {name: {**B, "maximum": 9, "default": 1, "x-env": name.upper()} for name in names}
    rules = [f"self.{one} + self.{two} <= 10" for one, two in pairwise(names)]
    schema = {
        "type": "object",
        "properties": properties,
        "x-kubernetes-validations": [{"rule": rule, "message": "too much"} for rule in rules],
    }
    settings, findings = read_settings(Source("s.json", json.dumps(schema)))
    assert settings is not None, findings
    values: dict[Path, Value] = {(name,): 9 for name in names}
    broken = list(broken_rules(settings, values, frozenset()))
    proposals = Proposals(settings, values, frozenset(), broken)

    assert [[proposals.words(changes) for changes in proposals.for_rule(rule)] for rule in broken[:2]] == [
        ["lower s0 to 1", "lower s1 to 1"],
        ["lower s1 to 1", "lower s2 to 1"],
    ]
