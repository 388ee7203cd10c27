"""A comparison turned round, until a setting stands alone on one side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from chartgen.settings.expression import (
    Binary,
    BinaryOp,
    Expression,
    Literal,
    Path,
    Reference,
    Type,
    Unary,
    UnaryOp,
    walk,
)
from chartgen.settings.intervals import interval
from chartgen.settings.model import Setting

MIRRORED = {
    BinaryOp.EQUAL: BinaryOp.EQUAL,
    BinaryOp.LESS: BinaryOp.GREATER,
    BinaryOp.LESS_EQUAL: BinaryOp.GREATER_EQUAL,
    BinaryOp.GREATER: BinaryOp.LESS,
    BinaryOp.GREATER_EQUAL: BinaryOp.LESS_EQUAL,
}
"""The operators that can be isolated, each as it reads from the other side."""

Bound: TypeAlias = "tuple[BinaryOp, Expression]"


def isolate(wanted: Reference, comparison: Binary, op: BinaryOp, settings: Mapping[Path, Setting]) -> Bound | None:
    """`wanted op value`, for a setting that stands once in the comparison; None where that cannot be said exactly.

    `op` is the comparison's operator, or the one that it is to have. Integers are never strictly compared: `x < 5`
    becomes `x <= 4`.
    """
    side, other = comparison.left, comparison.right
    if wanted not in walk(side):
        side, op, other = other, MIRRORED[op], side
    while side != wanted:
        step = _peeled(wanted, side, op, other, settings)
        if step is None:
            return None
        side, op, other = step
    if wanted.type is Type.INTEGER and op in (BinaryOp.LESS, BinaryOp.GREATER):
        shift = BinaryOp.SUBTRACT if op is BinaryOp.LESS else BinaryOp.ADD
        other = Binary(shift, other, Literal(1, Type.INTEGER), Type.INTEGER)
        op = BinaryOp.LESS_EQUAL if op is BinaryOp.LESS else BinaryOp.GREATER_EQUAL
    return op, other


Step: TypeAlias = "tuple[Expression, BinaryOp, Expression]"


def _peeled(
    wanted: Reference, side: Expression, op: BinaryOp, other: Expression, settings: Mapping[Path, Setting]
) -> Step | None:
    """One operator moved from `side` to `other`, or None where that is not exact."""
    if isinstance(side, Unary) and side.op is UnaryOp.NEGATE:
        return side.operand, MIRRORED[op], Unary(UnaryOp.NEGATE, other, Type.INTEGER)
    if not isinstance(side, Binary):
        return None
    on_left = wanted in walk(side.left)
    inner, rest = (side.left, side.right) if on_left else (side.right, side.left)
    match side.op:
        case BinaryOp.ADD:
            return inner, op, Binary(BinaryOp.SUBTRACT, other, rest, Type.INTEGER)
        case BinaryOp.SUBTRACT if on_left:
            return inner, op, Binary(BinaryOp.ADD, other, rest, Type.INTEGER)
        case BinaryOp.SUBTRACT:
            return inner, MIRRORED[op], Binary(BinaryOp.SUBTRACT, rest, other, Type.INTEGER)
        case BinaryOp.MULTIPLY:
            return _unmultiplied(inner, op, other, rest, settings)
        case BinaryOp.DIVIDE if on_left:
            return _undivided(inner, op, other, rest, settings)
    return None


def _unmultiplied(
    inner: Expression, op: BinaryOp, other: Expression, factor: Expression, settings: Mapping[Path, Setting]
) -> Step | None:
    found = interval(factor, settings)
    if found is None or found.contains(0):
        return None
    if found.high.value < 0:
        factor, op = Unary(UnaryOp.NEGATE, factor, Type.INTEGER), MIRRORED[op]
        other = Unary(UnaryOp.NEGATE, other, Type.INTEGER)
    # For `==` exact or not: whether the rule then holds is asked of every mend.
    up = op in (BinaryOp.GREATER_EQUAL, BinaryOp.LESS)
    return inner, op, _quotient(other, factor, settings, up=up)


def _quotient(dividend: Expression, divisor: Expression, settings: Mapping[Path, Setting], *, up: bool) -> Expression:
    """The quotient by a positive divisor, rounded; by the plain division of CEL and Go where the sign allows it."""
    found = interval(dividend, settings)
    if found is None or found.low.value < 0:
        return Binary(BinaryOp.CEIL_DIVIDE if up else BinaryOp.FLOOR_DIVIDE, dividend, divisor, Type.INTEGER)
    if up:
        rest = Binary(BinaryOp.SUBTRACT, divisor, Literal(1, Type.INTEGER), Type.INTEGER)
        dividend = Binary(BinaryOp.ADD, dividend, rest, Type.INTEGER)
    return Binary(BinaryOp.DIVIDE, dividend, divisor, Type.INTEGER)


def _undivided(
    inner: Expression, op: BinaryOp, other: Expression, divisor: Expression, settings: Mapping[Path, Setting]
) -> Step | None:
    """`inner / divisor op other` for a positive divisor and an `other` that has one sign (division truncates)."""
    found, target = interval(divisor, settings), interval(other, settings)
    if found is None or target is None or found.low.value < 1:
        return None
    product = Binary(BinaryOp.MULTIPLY, other, divisor, Type.INTEGER)
    slack = Binary(BinaryOp.SUBTRACT, divisor, Literal(1, Type.INTEGER), Type.INTEGER)
    if op is BinaryOp.GREATER_EQUAL and target.low.value > 0:
        return inner, op, product
    if op is BinaryOp.LESS_EQUAL and target.low.value >= 0:
        return inner, op, Binary(BinaryOp.ADD, product, slack, Type.INTEGER)
    if op is BinaryOp.GREATER and target.low.value >= 0:
        return inner, op, Binary(BinaryOp.ADD, product, slack, Type.INTEGER)
    if op is BinaryOp.LESS and target.low.value > 0:
        return inner, op, product
    return None
