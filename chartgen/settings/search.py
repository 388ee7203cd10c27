"""The value nearest to a setting's own that its limits allow and that makes rules true, by a bounded search.

Ranges are halved, the near half first, and passed over as a whole where a rule is surely false in them: the first value
found is the nearest there is. What a bounded number of steps does not find is not proposed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from chartgen.records import dataclass, field
from chartgen.settings.constraints import constraints
from chartgen.settings.evaluate import evaluate
from chartgen.settings.expression import Expression, Literal, Path, Type, Value, walk
from chartgen.settings.intervals import setting_range
from chartgen.settings.model import NUMBER_BOUND, NUMBER_DECIMALS, Bounds, Rule, Setting
from chartgen.settings.spread import NEVER, SURELY, Spread, points, spread

_STEPS = 3000
"""How many times one search asks a rule about a range."""

_GRAIN = 10**NUMBER_DECIMALS


def nearest(
    setting: Setting, rules: Sequence[Rule], values: Mapping[Path, Value], hints: Iterable[Value] = ()
) -> Value | None:
    """The allowed value nearest to the setting's own with which all rules hold; None where none is found.

    `values` has every setting that the rules read; the setting's own value may be any of its type, allowed or not.
    Of two that are equally near it is the lower one (of choices, if the setting's own value is one of them; else none).
    Of texts and booleans, which have no order, it is the only one that fits, or the default. `hints` are values worth
    trying first; they cost no exactness.
    """
    found = _on_grid(setting, rules, values, hints) if has_grid(setting) else _chosen(setting, rules, values)
    return found if found is not None and holds(setting, found, rules, values) else None


def holds(setting: Setting, value: Value, rules: Iterable[Rule], values: Mapping[Path, Value]) -> bool:
    """Whether the setting's limits allow the value, and every rule holds with it: by CEL, which has the last word."""
    new = {**values, setting.path: value}
    return allowed(setting, value) and all(rule.holds(new) for rule in rules)


def allowed(setting: Setting, value: Value) -> bool:
    """Whether the setting's own limits allow a value of its type."""
    return all(evaluate(limit.holds, {setting.path: value}) for limit in constraints(setting))


def ends(setting: Setting) -> tuple[Value, ...]:
    """The least and the greatest value of a setting; of one without an order, its choices."""
    if not has_grid(setting):
        return tuple(_choices(setting, ()))
    grid = Grid(setting)
    return (grid.value(grid.low), grid.value(grid.high)) if grid.low <= grid.high else ()


def has_grid(setting: Setting) -> bool:
    """Whether the values of a setting are a range, perhaps in steps, and no list of choices."""
    single = setting.bounds.enum is not None or setting.bounds.const is not None
    return setting.type in (Type.INTEGER, Type.NUMBER) and not single


class Grid:
    """The values that a setting's bounds allow, counted: `low` and `high` are the numbers of the first and the last."""

    def __init__(self, setting: Setting) -> None:
        self.whole = setting.type is Type.INTEGER
        self.step = int(setting.bounds.multiple_of or 1)
        if self.whole:
            limits = setting_range(setting)
            self.low = -(-limits.low.value // self.step)
            self.high = limits.high.value // self.step
        else:
            self.low, self.high = _grains(setting.bounds)

    def value(self, index: int) -> Value:
        """The value of a number."""
        return index * self.step if self.whole else index / _GRAIN

    def place(self, value: Value) -> Decimal:
        """Where a value lies on the grid, perhaps between two of its points."""
        number = Decimal(repr(value))
        return number / self.step if self.whole else number * _GRAIN


def _grains(bounds: Bounds) -> tuple[int, int]:
    """The bounds of a number in steps of its last decimal."""
    low, high = Decimal(-NUMBER_BOUND), Decimal(NUMBER_BOUND)
    lows = [low if bounds.minimum is None else Decimal(repr(bounds.minimum))]
    highs = [high if bounds.maximum is None else Decimal(repr(bounds.maximum))]
    least, greatest = math.ceil(max(lows) * _GRAIN), math.floor(min(highs) * _GRAIN)
    if bounds.exclusive_minimum is not None:
        least = max(least, math.floor(Decimal(repr(bounds.exclusive_minimum)) * _GRAIN) + 1)
    if bounds.exclusive_maximum is not None:
        greatest = min(greatest, math.ceil(Decimal(repr(bounds.exclusive_maximum)) * _GRAIN) - 1)
    return least, greatest


@dataclass
class _Rules:
    """Rules, asked about a range of one setting while the others keep their values."""

    grid: Grid
    path: Path
    checks: Sequence[Expression]
    settings: dict[Path, Spread]
    steps: int = field(default=_STEPS)

    def truth(self, low: int, high: int) -> Spread:
        """Whether all rules hold between two points of the grid."""
        self.settings[self.path] = (self.grid.value(low), self.grid.value(high))
        truth = SURELY
        for check in self.checks:
            self.steps -= 1
            one = spread(check, self.settings)
            if one == NEVER:
                return NEVER
            truth = (truth[0] and one[0], True)
        return truth

    def first(self, ranges: list[tuple[int, int]], *, upward: bool) -> int | None:
        """The first point of the ranges, in their order, where all hold; None also where the steps do not suffice."""
        waiting = ranges[::-1]
        while waiting and self.steps > 0:
            low, high = waiting.pop()
            truth = self.truth(low, high)
            if truth == SURELY:
                return low if upward else high
            if truth == NEVER or low == high:
                continue
            middle = (low + high) // 2
            halves = [(middle + 1, high), (low, middle)]  # the last one is next
            waiting += halves if upward else halves[::-1]
        return None


def _on_grid(
    setting: Setting, rules: Sequence[Rule], values: Mapping[Path, Value], hints: Iterable[Value]
) -> Value | None:
    grid = Grid(setting)
    here = grid.place(values[setting.path])
    asked = _Rules(grid, setting.path, [rule.check for rule in rules], points(values))
    cuts = sorted({int(grid.place(hint)) for hint in hints})
    start = max(math.ceil(here), grid.low)
    above = asked.first(_cut(start, grid.high, cuts), upward=True)
    least = grid.low if above is None else max(grid.low, math.ceil(2 * here - above))
    asked.steps = _STEPS
    below = asked.first(_cut(least, min(math.floor(here), grid.high), cuts)[::-1], upward=False)
    found = below if below is not None else above
    return None if found is None else grid.value(found)


def _cut(low: int, high: int, cuts: Iterable[int]) -> list[tuple[int, int]]:
    """The range in pieces: each cut is one of its own."""
    pieces = []
    for cut in cuts:
        if low <= cut <= high:
            pieces += [(low, cut - 1), (cut, cut)]
            low = cut + 1
    return [piece for piece in [*pieces, (low, high)] if piece[0] <= piece[1]]


def _chosen(setting: Setting, rules: Sequence[Rule], values: Mapping[Path, Value]) -> Value | None:
    own = values[setting.path]
    fitting = [choice for choice in _choices(setting, rules) if choice != own and holds(setting, choice, rules, values)]
    if setting.type in (Type.INTEGER, Type.NUMBER):
        return _nearest_number(fitting, own, decided=allowed(setting, own))
    if len(fitting) > 1 and setting.default in fitting:
        return setting.default
    return fitting[0] if len(fitting) == 1 else None


def _nearest_number(choices: Sequence[Value], own: Value, *, decided: bool) -> Value | None:
    """The number with the least distance; of two the lower one where somebody `decided` for the value between them."""
    here = Decimal(repr(own))
    near = sorted(choices, key=lambda choice: (abs(Decimal(repr(choice)) - here), choice))
    if len(near) > 1 and not decided and sum(Decimal(repr(choice)) - here for choice in near[:2]) == 0:
        return None
    return near[0] if near else None


def _choices(setting: Setting, rules: Iterable[Rule]) -> Iterator[Value]:
    """The values of a setting without an order; of a free text, the default and the texts that the rules name."""
    bounds = setting.bounds
    if bounds.const is not None:
        yield bounds.const
    elif bounds.enum is not None:
        yield from dict.fromkeys(bounds.enum)
    elif setting.type is Type.BOOLEAN:
        yield from (False, True)
    elif setting.type is Type.STRING:
        named = (part for rule in rules for part in walk(rule.check) if isinstance(part, Literal))
        yield from dict.fromkeys((setting.default, *(part.value for part in named if part.type is Type.STRING)))
