"""The values of several settings at once that make conditions hold and come first in an order, by a bounded search.

Boxes of values are halved, and passed over as a whole where a condition is surely false in them; the box whose values
could come first is always the next. So the first single choice that is reached is the first there is.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from chartgen.records import dataclass
from chartgen.settings.expression import Path, Value
from chartgen.settings.model import Rule, Setting
from chartgen.settings.search import Grid, allowed, has_grid
from chartgen.settings.spread import NEVER, Spread, spread

_STEPS = 30_000
"""How many times one way of searching asks a condition about a box."""

Spreads: TypeAlias = "Mapping[Path, Spread]"
Condition: TypeAlias = "Callable[[Spreads], Spread]"
Order: TypeAlias = "Callable[[Spreads], tuple[float, ...]]"
"""Of single values, their place in the order; of a box, one that is no later than any in it."""
Ends: TypeAlias = "tuple[int, int]"


@dataclass(frozen=True)
class Axis:
    """The allowed values of an integer setting in rising order, from the one of number `low` to that of number `high`."""

    setting: Setting
    low: int
    high: int
    grid: Grid | None = None
    choices: tuple[Value, ...] = ()

    def value(self, index: int) -> Value:
        """The value of a number."""
        return self.grid.value(index) if self.grid is not None else self.choices[index]

    def from_first(self, fits: Callable[[Value], bool]) -> Axis:
        """The axis from the first value that fits on, where all that follow one that fits do so, too."""
        low, high = self.low, self.high + 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if fits(self.value(middle)) else (middle + 1, high)
        return Axis(self.setting, low, self.high, self.grid, self.choices)

    def only(self, index: int) -> Axis:
        """The axis with one value."""
        return Axis(self.setting, index, index, self.grid, self.choices)

    @property
    def is_empty(self) -> bool:
        """Whether it has no value."""
        return self.low > self.high


def axis(setting: Setting) -> Axis:
    """The values that the setting's own limits allow."""
    if has_grid(setting):
        grid = Grid(setting)
        return Axis(setting, grid.low, grid.high, grid)
    bounds = setting.bounds
    given = (bounds.const,) if bounds.const is not None else bounds.enum or ()
    choices = sorted({int(value) for value in given if allowed(setting, value)})
    return Axis(setting, 0, len(choices) - 1, None, tuple(choices))


@dataclass(frozen=True)
class First:
    """What a search found: numbers of the axes, None for nothing; `is_proven` is false where its steps did not suffice."""

    indexes: tuple[int, ...] | None
    is_proven: bool = True


def first(axes: Sequence[Axis], conditions: Iterable[Condition], others: Spreads, order: Order) -> First:
    """The choice of one value from each axis that comes first of those with which every condition holds.

    `others` are the settings without an axis, each at its one value. Two ways are tried: boxes are halved where they are
    widest, which soon rules out much by comparisons; or axis by axis, which remainders and equalities take.
    """
    conditions = tuple(conditions)
    found = First(None)
    for width in (_ratio, _in_turn):
        found = _searched(_Boxes(axes, others, width), conditions, order)
        if found.is_proven:
            break
    return found


def _searched(search: _Boxes, conditions: Sequence[Condition], order: Order) -> First:
    start = tuple((each.low, each.high) for each in search.axes)
    waiting = [(order(search.spreads(start)), 0, start)] if not any(each.is_empty for each in search.axes) else []
    steps = 0
    while waiting:
        if steps > _STEPS:
            return First(None, is_proven=False)
        _, _, box = heapq.heappop(waiting)
        spreads = search.spreads(box)
        steps += 1
        for condition in conditions:
            steps += 1
            if condition(spreads) == NEVER:
                break
        else:
            if all(low == high for low, high in box):
                return First(tuple(low for low, _ in box))
            for half in search.halves(box):
                # Of equal ones, the youngest is next: it is the smallest.
                heapq.heappush(waiting, (order(search.spreads(half)), -steps, half))
    return First(None)


def _ratio(_: int, low: float, high: float) -> float:
    """The distance of two values in parts of themselves."""
    return (high - low) / max(abs(low), abs(high), 1e-9)


def _in_turn(place: int, low: float, high: float) -> float:  # noqa: ARG001 - as the other
    """More for an earlier axis."""
    return 1 / (place + 1)


@dataclass(frozen=True)
class _Boxes:
    """How boxes are halved: across the side of which `width` says most, by its place and its ends."""

    axes: Sequence[Axis]
    others: Spreads
    width: Callable[[int, float, float], float]

    def spreads(self, box: tuple[Ends, ...]) -> dict[Path, Spread]:
        found = dict(self.others)
        for each, (low, high) in zip(self.axes, box, strict=True):
            found[each.setting.path] = (each.value(low), each.value(high))
        return found

    def halves(self, box: tuple[Ends, ...]) -> list[tuple[Ends, ...]]:
        """The box in two, the lower one last."""
        place = max(range(len(box)), key=lambda side: self._width(side, box[side]))
        low, high = box[place]
        middle = math.isqrt(low * high) if low > 0 else (low + high) // 2
        return [(*box[:place], ends, *box[place + 1 :]) for ends in ((middle + 1, high), (low, middle))]

    def _width(self, side: int, ends: Ends) -> float:
        low, high = (float(self.axes[side].value(index)) for index in ends)
        return 0 if low == high else self.width(side, low, high)


def holds(rule: Rule) -> Condition:
    """That a rule holds."""
    return lambda spreads: spread(rule.check, spreads)
