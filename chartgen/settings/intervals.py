"""The range of every node of a rule: the proof that no enforcer meets an integer that it cannot hold.

JavaScript, JSON and Helm hold integers exactly within plus and minus `SAFE_INTEGER`. Each end of a range carries the
settings' values that reach it, so that a rule that cannot be proven is refused with a counterexample.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

from chartgen.records import dataclass, field
from chartgen.settings.expression import (
    Binary,
    BinaryOp,
    Call,
    Conditional,
    Expression,
    Literal,
    Path,
    Reference,
    Type,
    Unary,
    children,
    references,
)
from chartgen.settings.model import SAFE_INTEGER, Bounds, Setting

Witness = Mapping[Path, int]


@dataclass(frozen=True)
class End:
    """One end of a range, and values of settings that reach it."""

    value: int
    witness: Witness = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Interval:
    """All integers from `low` to `high`."""

    low: End
    high: End

    def contains(self, value: int) -> bool:
        """Whether the value lies in the range."""
        return self.low.value <= value <= self.high.value


@dataclass(frozen=True)
class Unproven:
    """A node that can leave the safe range (or, with `divides_by_zero`, a divisor that can be zero)."""

    node: Expression
    value: int
    witness: Witness
    divides_by_zero: bool = False


def setting_range(setting: Setting) -> Interval:
    """The integers that a setting can be, or the lengths (code points) of a text setting."""
    bounds = setting.bounds
    if setting.type is Type.STRING:
        low, high = bounds.min_length or 0, bounds.max_length if bounds.max_length is not None else SAFE_INTEGER
    else:
        low, high = _integer_bounds(bounds)
    return Interval(End(low, {setting.path: low}), End(high, {setting.path: high}))


def unproven(tree: Expression, settings: Mapping[Path, Setting]) -> Unproven | None:
    """The first node, innermost first, that is not proven safe, or None when all are."""
    try:
        _range(tree, settings)
    except _FoundError as found:
        return found.unproven
    return None


def interval(tree: Expression, settings: Mapping[Path, Setting]) -> Interval | None:
    """The range of an integer expression; None if it is not one, or a node in it is not proven safe."""
    try:
        return _range(tree, settings)
    except _FoundError:
        return None


class _FoundError(Exception):
    def __init__(self, unproven: Unproven) -> None:
        super().__init__()
        self.unproven = unproven


def _integer_bounds(bounds: Bounds) -> tuple[int, int]:
    if bounds.const is not None:
        return int(bounds.const), int(bounds.const)
    lows, highs = [-SAFE_INTEGER], [SAFE_INTEGER]
    if bounds.minimum is not None:
        lows.append(math.ceil(bounds.minimum))
    if bounds.exclusive_minimum is not None:
        lows.append(math.floor(bounds.exclusive_minimum) + 1)
    if bounds.maximum is not None:
        highs.append(math.floor(bounds.maximum))
    if bounds.exclusive_maximum is not None:
        highs.append(math.ceil(bounds.exclusive_maximum) - 1)
    if bounds.enum:
        lows.append(int(min(bounds.enum)))
        highs.append(int(max(bounds.enum)))
    return max(lows), min(highs)


def _range(node: Expression, settings: Mapping[Path, Setting]) -> Interval | None:
    """The range of an integer node, None for other types; all below it is proven on the way."""
    if isinstance(node, Call):
        return _call_range(node, settings)
    below = [_range(child, settings) for child in children(node)]
    if node.type is not Type.INTEGER:
        return None
    ranges = [found for found in below if found is not None]
    match node:
        case Literal():
            result = Interval(End(int(node.value)), End(int(node.value)))
        case Reference():
            result = setting_range(settings[node.path])
        case Unary():
            result = Interval(_negated(ranges[0].high), _negated(ranges[0].low))
        case Conditional():
            result = _union(ranges[-2], ranges[-1])
        case Binary():
            result = _binary(node, ranges[0], ranges[1], settings)
        case _:
            return None
    return _checked(node, result)


def _call_range(node: Call, settings: Mapping[Path, Setting]) -> Interval | None:
    for argument in node.arguments:
        _range(argument, settings)
    if node.type is not Type.INTEGER:
        return None
    subject = node.arguments[0]
    if isinstance(subject, Reference):
        return setting_range(settings[subject.path])
    if isinstance(subject, Literal):
        return Interval(End(len(str(subject.value))), End(len(str(subject.value))))
    return Interval(End(0), End(SAFE_INTEGER))


def _checked(node: Expression, result: Interval) -> Interval:
    for end in (result.high, result.low):
        if abs(end.value) > SAFE_INTEGER:
            raise _FoundError(Unproven(node, end.value, end.witness))
    return result


def _binary(node: Binary, left: Interval, right: Interval, settings: Mapping[Path, Setting]) -> Interval:
    match node.op:
        case BinaryOp.ADD:
            return _corners(left, right, lambda a, b: a + b)
        case BinaryOp.SUBTRACT:
            return _corners(left, right, lambda a, b: a - b)
        case BinaryOp.MULTIPLY:
            return _corners(left, right, lambda a, b: a * b)
        case BinaryOp.DIVIDE | BinaryOp.FLOOR_DIVIDE | BinaryOp.CEIL_DIVIDE:
            _refuse_zero(node.right, right, settings)
            return _union(*(_corners(left, part, truncated) for part in _without_zero(right)))
        case BinaryOp.MODULO:
            _refuse_zero(node.right, right, settings)
            return _remainder(left, right)
        case _:
            raise AssertionError(f"{node.op} does not give an integer")


def _refuse_zero(divisor: Expression, found: Interval, settings: Mapping[Path, Setting]) -> None:
    if not found.contains(0):
        return
    if isinstance(divisor, Reference):
        bounds = settings[divisor.path].bounds
        if bounds.enum is not None and 0 not in bounds.enum:
            return
    paths = references(divisor)
    witness = {paths[0]: 0} if len(paths) == 1 and isinstance(divisor, Reference) else {}
    raise _FoundError(Unproven(divisor, 0, witness, divides_by_zero=True))


def _without_zero(divisor: Interval) -> Iterator[Interval]:
    if divisor.low.value < 0:
        yield Interval(divisor.low, divisor.high if divisor.high.value < 0 else End(-1))
    if divisor.high.value > 0:
        yield Interval(divisor.low if divisor.low.value > 0 else End(1), divisor.high)


def _remainder(left: Interval, right: Interval) -> Interval:
    # The sign is the dividend's, the size below both the dividend's and the divisor's.
    size = max(abs(right.low.value), abs(right.high.value)) - 1
    low, high = min(left.low.value, 0), max(left.high.value, 0)
    return Interval(End(max(low, -size)), End(min(high, size)))


def _corners(left: Interval, right: Interval, combine: Callable[[int, int], int]) -> Interval:
    ends = [
        End(combine(a.value, b.value), {**a.witness, **b.witness})
        for a in (left.low, left.high)
        for b in (right.low, right.high)
    ]
    return Interval(min(ends, key=lambda end: end.value), max(ends, key=lambda end: end.value))


def _union(*parts: Interval) -> Interval:
    return Interval(
        min((part.low for part in parts), key=lambda end: end.value),
        max((part.high for part in parts), key=lambda end: end.value),
    )


def _negated(end: End) -> End:
    return End(-end.value, end.witness)


def truncated(a: int, b: int) -> int:
    """The quotient rounded toward zero, as CEL and Go divide."""
    quotient = abs(a) // abs(b)
    return quotient if (a < 0) == (b < 0) else -quotient
