"""What an expression can be while some settings lie anywhere between two values.

The search for mends asks this of whole ranges at once: a rule that is surely false for all of them needs no closer look.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, assert_never

from chartgen.settings.evaluate import evaluate
from chartgen.settings.expression import (
    Binary,
    BinaryOp,
    Call,
    Conditional,
    Expression,
    Function,
    Literal,
    Path,
    Reference,
    Type,
    Unary,
    UnaryOp,
    Within,
)
from chartgen.settings.intervals import truncated
from chartgen.settings.model import SAFE_INTEGER

if TYPE_CHECKING:
    from chartgen.settings.expression import Value

Spread: TypeAlias = "tuple[Any, Any]"
"""The least and the greatest value; of booleans, false is the least."""

SURELY: Spread = (True, True)
NEVER: Spread = (False, False)
PERHAPS: Spread = (False, True)


def spread(node: Expression, settings: Mapping[Path, Spread]) -> Spread:
    """The ends between which the value lies; wider than the truth at times, never narrower.

    Where every setting that it reads has one value, the result is one value, too: that of `evaluate`.
    """
    match node:
        case Literal():
            return node.value, node.value
        case Reference():
            return settings[node.path]
        case Unary():
            low, high = spread(node.operand, settings)
            return (not high, not low) if node.op is UnaryOp.NOT else (-high, -low)
        case Binary(op=BinaryOp.AND | BinaryOp.OR):
            return _logic(node, settings)
        case Binary():
            return _BINARY[node.op](spread(node.left, settings), spread(node.right, settings))
        case Conditional():
            return _conditional(node, settings)
        case Within():
            needle = spread(node.needle, settings)
            return _any(_equal(needle, spread(item, settings)) for item in node.items)
        case Call():
            return _call(node, settings)
        case _:
            assert_never(node)


def _logic(node: Binary, settings: Mapping[Path, Spread]) -> Spread:
    left = spread(node.left, settings)
    if left == (NEVER if node.op is BinaryOp.AND else SURELY):
        return left
    right = spread(node.right, settings)
    if node.op is BinaryOp.AND:
        return left[0] and right[0], left[1] and right[1]
    return left[0] or right[0], left[1] or right[1]


def _conditional(node: Conditional, settings: Mapping[Path, Spread]) -> Spread:
    condition = spread(node.condition, settings)
    if condition == SURELY:
        return spread(node.then, settings)
    if condition == NEVER:
        return spread(node.otherwise, settings)
    then, otherwise = spread(node.then, settings), spread(node.otherwise, settings)
    return min(then[0], otherwise[0]), max(then[1], otherwise[1])


def _any(parts: Iterable[Spread]) -> Spread:
    low = high = False
    for part in parts:
        low, high = low or part[0], high or part[1]
    return low, high


def _call(node: Call, settings: Mapping[Path, Spread]) -> Spread:
    arguments = [spread(argument, settings) for argument in node.arguments]
    if all(low == high for low, high in arguments):
        constants = tuple(Literal(low, part.type) for (low, _), part in zip(arguments, node.arguments, strict=True))
        value = evaluate(Call(node.function, constants, node.type), {})
        return value, value
    if node.function is Function.SIZE:
        return 0, SAFE_INTEGER
    # Of a text nothing is known but that it is one: no text is above all others.
    return PERHAPS if node.type is Type.BOOLEAN else ("", chr(0x10FFFF) * 32)


def _corners(combine: Callable[[int, int], int]) -> Callable[[Spread, Spread], Spread]:
    def combined(left: Spread, right: Spread) -> Spread:
        ends = [combine(a, b) for a in left for b in right]
        return min(ends), max(ends)

    return combined


def _divided(left: Spread, right: Spread) -> Spread:
    if right[0] <= 0 <= right[1]:
        size = max(abs(left[0]), abs(left[1]))
        return -size, size
    return _corners(truncated)(left, right)


def _remainder(left: Spread, right: Spread) -> Spread:
    low, high = left
    if right[0] == right[1] and right[0] != 0 and (low >= 0 or high <= 0):
        divisor = right[0]
        if truncated(low, divisor) == (block := truncated(high, divisor)):
            return low - block * divisor, high - block * divisor
    size = max(abs(right[0]), abs(right[1]), 1) - 1
    return max(min(low, 0), -size), min(max(high, 0), size)


def _equal(left: Spread, right: Spread) -> Spread:
    if left[1] < right[0] or right[1] < left[0]:
        return NEVER
    return SURELY if left[0] == left[1] == right[0] == right[1] else PERHAPS


def _unequal(left: Spread, right: Spread) -> Spread:
    low, high = _equal(left, right)
    return not high, not low


def _less(left: Spread, right: Spread) -> Spread:
    return left[1] < right[0], left[0] < right[1]


def _at_most(left: Spread, right: Spread) -> Spread:
    return left[1] <= right[0], left[0] <= right[1]


_BINARY: Mapping[BinaryOp, Callable[[Spread, Spread], Spread]] = {
    BinaryOp.ADD: lambda left, right: (left[0] + right[0], left[1] + right[1]),
    BinaryOp.SUBTRACT: lambda left, right: (left[0] - right[1], left[1] - right[0]),
    BinaryOp.MULTIPLY: _corners(lambda a, b: a * b),
    BinaryOp.DIVIDE: _divided,
    BinaryOp.MODULO: _remainder,
    BinaryOp.EQUAL: _equal,
    BinaryOp.NOT_EQUAL: _unequal,
    BinaryOp.LESS: _less,
    BinaryOp.LESS_EQUAL: _at_most,
    BinaryOp.GREATER: lambda left, right: _less(right, left),
    BinaryOp.GREATER_EQUAL: lambda left, right: _at_most(right, left),
}


def points(values: Mapping[Path, Value]) -> dict[Path, Spread]:
    """Every setting at its one value."""
    return {path: (value, value) for path, value in values.items()}
