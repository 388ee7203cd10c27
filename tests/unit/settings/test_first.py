"""The first choice of several settings with which conditions hold."""

from __future__ import annotations

from typing import Any

from chartgen.settings.expression import Value
from chartgen.settings.first import Axis, First, Spreads, axis, first, holds
from chartgen.settings.model import Settings
from tests.strategies import read

MILLION = {"type": "integer", "minimum": 1, "maximum": 10**6}
A, B = ("a",), ("b",)


def settings(rule: str, a: dict[str, Any], b: dict[str, Any]) -> Settings:
    """Two settings and a rule, which their defaults keep by being 0."""
    made = {name: {"default": 0, **each, "minimum": 0, "x-env": name.upper()} for name, each in (("a", a), ("b", b))}
    rules = [{"rule": f"self.a == 0 || self.b == 0 || {rule}", "message": "no"}]
    found = read({"type": "object", "properties": made, "x-kubernetes-validations": rules})
    assert found is not None
    return found


def axes_of(found: Settings) -> list[Axis]:
    """Their values above 0."""
    return [axis(setting).from_first(lambda value: float(value) > 0) for setting in found.settings]


def a_then_b(spreads: Spreads) -> tuple[float, ...]:
    return float(spreads[A][0]), float(spreads[B][0])


def values(axes: list[Axis], done: First) -> list[Value] | None:
    if done.indexes is None:
        return None
    return [each.value(index) for each, index in zip(axes, done.indexes, strict=True)]


def found_by(found: Settings) -> list[Value] | None:
    axes = axes_of(found)
    return values(axes, first(axes, map(holds, found.rules), {}, a_then_b))


def test_the_least_of_the_first_setting_then_of_the_second() -> None:
    assert found_by(settings("self.a + self.b > 1500000", MILLION, MILLION)) == [500_001, 1_000_000]
    assert found_by(settings("self.a * self.b == 30999473", MILLION, MILLION)) == [31, 999_983]


def test_choices_and_multiples_are_the_only_values() -> None:
    choices, steps = {"type": "integer", "enum": [9, 0, 7]}, {"type": "integer", "maximum": 100, "multipleOf": 5}

    assert found_by(settings("self.b > self.a", choices, steps)) == [7, 10]


def test_the_order_may_be_a_wish() -> None:
    found = settings("self.b >= self.a * 3", MILLION, MILLION)
    axes = axes_of(found)

    def near(spreads: Spreads) -> tuple[float, ...]:
        wished = ((spreads[B], 600_000.0), (spreads[A], 250_000.0))
        return tuple(max(low - wish, wish - high, 0.0) for (low, high), wish in wished)

    assert values(axes, first(axes, map(holds, found.rules), {}, near)) == [200_000, 600_000]


def test_where_there_is_nothing_that_is_proven() -> None:
    found = settings("self.a * self.b > 1000000000000", MILLION, MILLION)
    axes = axes_of(found)

    assert first(axes, map(holds, found.rules), {}, a_then_b) == First(None)
    assert first([axes[0].from_first(lambda _: False)], [], {}, lambda _: (0,)) == First(None)


def test_a_search_of_what_tells_nothing_ends() -> None:
    axes = axes_of(settings("self.a > 0", MILLION, MILLION))

    def tells_nothing(spreads: Spreads) -> tuple[bool, bool]:
        return False, spreads[A][0] != spreads[A][1] or spreads[B][0] != spreads[B][1]

    assert first(axes, [tells_nothing], {}, a_then_b) == First(None, is_proven=False)
