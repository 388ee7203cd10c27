"""What a broken rule proposes: each setting's own nearest value."""

from __future__ import annotations

from typing import Any

import pytest

from chartgen.settings.expression import Path, Value
from chartgen.settings.judge import broken_rules
from chartgen.settings.model import Settings
from tests.strategies import read


def integer(default: int, low: int = 0, high: int = 1000, **more: Any) -> dict[str, Any]:
    return {"type": "integer", "default": default, "minimum": low, "maximum": high, **more}


def settings(rule: str, *more: str, **properties: dict[str, Any]) -> Settings:
    for name, setting in properties.items():
        setting.setdefault("x-env", name.upper())
    rules = [{"rule": text, "message": "broken"} for text in (rule, *more)]
    found = read({"type": "object", "properties": properties, "x-kubernetes-validations": rules})
    assert found is not None
    return found


def mends(found: Settings, **values: Value) -> list[str]:
    """What is proposed for the first broken rule."""
    whole: dict[Path, Value] = {**found.defaults, **{(name,): value for name, value in values.items()}}
    return list(next(broken_rules(found, whole)).mend_words)


def test_a_product_is_solved_for_each_factor_and_for_the_other_side() -> None:
    found = settings(
        "self.timeout >= self.attempts * self.interval",
        timeout=integer(600, high=100000),
        attempts=integer(10, low=1),
        interval=integer(50, low=1),
    )

    assert mends(found, timeout=800, attempts=800, interval=50)[:1] + mends(
        found, timeout=757, attempts=20, interval=50
    )[1:2] + mends(found, timeout=999, attempts=500, interval=50)[2:] == [
        "raise timeout to 40000",
        "lower attempts to 15",
        "lower interval to 1",
    ]


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        ("self.a > self.b", {"a": 3, "b": 3}, ["raise a to 4", "lower b to 2"]),
        ("self.a < self.b", {"a": 3, "b": 3}, ["lower a to 2", "raise b to 4"]),
        ("self.a + 10 <= self.b", {"a": 995, "b": 1000}, ["lower a to 990"]),
        ("self.b - self.a >= 10", {"a": 5, "b": 9}, ["lower b to 15", "raise b to 15"][1:]),
        ("-self.a >= -self.b", {"a": 9, "b": 4}, ["lower a to 4", "raise b to 9"]),
        ("self.a == self.b", {"a": 2, "b": 7}, ["set a to 7", "set b to 2"]),
        ("self.a * 3 == self.b", {"a": 2, "b": 7}, ["set b to 6"]),
        ("self.a / 10 >= 3", {"a": 29, "b": 0}, ["raise a to 30"]),
        ("self.a / 10 <= 3", {"a": 44, "b": 0}, ["lower a to 39"]),
        ("self.a in [4, 8]", {"a": 5, "b": 0}, ["set a to 4", "set a to 8"]),
        ("!(self.a < 5)", {"a": 1, "b": 0}, ["raise a to 5"]),
        ("self.a >= 5 && self.b >= 5", {"a": 1, "b": 6}, ["raise a to 5"]),
        ("self.a >= 5 || self.b >= 5", {"a": 1, "b": 1}, ["raise a to 5", "raise b to 5"]),
        ("self.a % 2 == 0", {"a": 3, "b": 0}, []),
        ("self.a != self.b", {"a": 9, "b": 9}, ["raise a to 10", "lower a to 8", "lower b to 8", "raise b to 10"]),
        ("self.a >= 5 && self.a <= 50", {"a": 60, "b": 0}, ["lower a to 50"]),
        ("self.a >= 5 && self.a <= 50", {"a": 1, "b": 0}, ["raise a to 5"]),
    ],
)
def test_comparisons_are_isolated(rule: str, values: dict[str, Value], expected: list[str]) -> None:
    start = {"self.a > self.b": (5, 1), "self.a < self.b": (1, 5), "self.a == self.b": (1, 1)}.get(rule, (8, 24))
    start = {"self.a / 10 >= 3": (30, 0), "self.a in [4, 8]": (4, 0), "self.a / 10 <= 3": (1, 0)}.get(rule, start)
    found = settings(rule, a=integer(start[0]), b=integer(start[1]))

    assert expected == mends(found, **values)


def test_a_mend_is_rounded_into_multiples_and_choices() -> None:
    stepped = settings("self.a >= self.b", a=integer(100, multipleOf=100), b=integer(1))
    chosen = settings("self.a >= self.b", a=integer(900, enum=[10, 500, 900]), b=integer(1))

    assert mends(stepped, a=100, b=201) == ["raise a to 300", "lower b to 100"]
    assert mends(chosen, a=10, b=201) == ["raise a to 500", "lower b to 10"]


def test_a_mend_that_leaves_the_bounds_or_breaks_another_rule_is_not_proposed() -> None:
    found = settings("self.a >= self.b", "self.a <= 50", a=integer(5), b=integer(1))

    assert mends(found, a=10, b=60) == ["lower b to 10"]


def test_preference_is_the_authors() -> None:
    found = settings("self.a >= self.b", a=integer(5, **{"x-mend": 2}), b=integer(1, **{"x-mend": 1}))

    assert mends(found, a=3, b=4) == ["lower b to 3", "raise a to 4"]


def test_texts_and_booleans_are_set() -> None:
    found = settings(
        "!self.tls || self.mode == 'strict'",
        tls={"type": "boolean", "default": False},
        mode={"type": "string", "default": "strict"},
    )

    assert mends(found, tls=True, mode="lax") == ["set tls to false", 'set mode to "strict"']
