"""A broken rule solved for each of its settings: what value would make it true.

A comparison is isolated for a setting that stands in it once, with the other settings as they are, and rounded into
the setting's multiples and choices. Each mend carries what enforcers ask before they print it: that the new value is
allowed, that the rule holds with it, and that no other rule breaks by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import assert_never

from chartgen.finding import Severity
from chartgen.settings.constraints import constraints
from chartgen.settings.evaluate import evaluate
from chartgen.settings.expression import (
    COMPARISONS,
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
    UnaryOp,
    Value,
    Within,
    walk,
)
from chartgen.settings.intervals import interval, unproven
from chartgen.settings.message import NEGATED, concatenate, shown, text
from chartgen.settings.model import Rule, Setting, Settings

_MIRRORED = {
    BinaryOp.EQUAL: BinaryOp.EQUAL,
    BinaryOp.LESS: BinaryOp.GREATER,
    BinaryOp.LESS_EQUAL: BinaryOp.GREATER_EQUAL,
    BinaryOp.GREATER: BinaryOp.LESS,
    BinaryOp.GREATER_EQUAL: BinaryOp.LESS_EQUAL,
}


class Direction(Enum):
    """How a mend moves a value; the word of the message."""

    RAISE = "raise"
    LOWER = "lower"
    SET = "set"


@dataclass(frozen=True)
class Mend:
    """Give the setting at `path` the value of `value`, an expression over the values as they are.

    It works where, with the new value in place, every one of `demands` holds (the setting's own limits and the rule),
    and every one of `keeps` (other rules that read the setting) that held before.
    """

    path: Path
    direction: Direction
    value: Expression
    demands: tuple[Expression, ...]
    keeps: tuple[Rule, ...]


def mends(rule: Rule, settings: Settings) -> tuple[Mend, ...]:
    """The mends of a rule, in the order of `x-mend`, then of the schema; the same for every enforcer."""
    found: dict[tuple[Path, Direction, Expression], Mend] = {}
    for path, direction, value in _candidates(rule.check, settings, wanted=True):
        setting = settings.setting(path)
        rounded = _rounded(setting, direction, value)
        if unproven(rounded, settings.by_path) is None:
            demands = (*(limit.holds for limit in constraints(setting) if limit.keyword != "type"), rule.check)
            keeps = tuple(
                other
                for other in settings.rules
                if other is not rule and path in other.operands and other.severity is Severity.ERROR
            )
            found.setdefault((path, direction, rounded), Mend(path, direction, rounded, demands, keeps))
    order = {setting.path: place for place, setting in enumerate(settings.settings)}

    def preference(mend: Mend) -> tuple[float, int]:
        rank = settings.setting(mend.path).mend_order
        return (rank if rank is not None else float("inf"), order[mend.path])

    return tuple(sorted(found.values(), key=preference))


def works(mend: Mend, values: Mapping[Path, Value]) -> bool:
    """Whether the mend mends these values."""
    new = {**values, mend.path: evaluate(mend.value, values)}
    demanded = all(evaluate(demand, new) for demand in mend.demands)
    return demanded and all(evaluate(kept.check, new) for kept in mend.keeps if evaluate(kept.check, values))


def words(mend: Mend) -> Expression:
    """The mend as every enforcer prints it, a text expression over the new value: `raise timeoutMs to 40000`."""
    new = Reference(mend.path, mend.value.type)
    return concatenate(text(f"{mend.direction.value} {'.'.join(mend.path)} to "), shown(new))


def said(mend: Mend, values: Mapping[Path, Value]) -> str:
    """The words of the mend for these values."""
    return str(evaluate(words(mend), {mend.path: evaluate(mend.value, values)}))


Candidate = tuple[Path, Direction, Expression]


def _candidates(node: Expression, settings: Settings, *, wanted: bool) -> Iterator[Candidate]:
    """Every way to give the boolean node the wanted truth by changing one setting."""
    match node:
        case Reference():
            yield node.path, Direction.SET, Literal(wanted, Type.BOOLEAN)
        case Unary(op=UnaryOp.NOT):
            yield from _candidates(node.operand, settings, wanted=not wanted)
        case Binary(op=BinaryOp.AND | BinaryOp.OR):
            yield from _candidates(node.left, settings, wanted=wanted)
            yield from _candidates(node.right, settings, wanted=wanted)
        case Binary() if node.op in COMPARISONS:
            yield from _comparison(node, settings, wanted=wanted)
        case Conditional():
            for part in (node.condition, node.then, node.otherwise):
                yield from _candidates(part, settings, wanted=wanted)
        case Within() if wanted and isinstance(node.needle, Reference):
            for item in node.items:
                yield node.needle.path, Direction.SET, item
        case Literal() | Unary() | Binary() | Within() | Call():
            return
        case _:
            assert_never(node)


def _comparison(node: Binary, settings: Settings, *, wanted: bool) -> Iterator[Candidate]:
    op = node.op if wanted else NEGATED[node.op]
    if op not in _MIRRORED:
        return
    uses = [part for part in walk(node) if isinstance(part, Reference)]
    for reference in dict.fromkeys(uses):
        if uses.count(reference) > 1:
            continue
        if reference in walk(node.left):
            yield from _isolated(reference, node.left, op, node.right, settings)
        else:
            yield from _isolated(reference, node.right, _MIRRORED[op], node.left, settings)


def _isolated(
    wanted: Reference, side: Expression, op: BinaryOp, other: Expression, settings: Settings
) -> Iterator[Candidate]:
    """Move all but the wanted setting from `side op other` to the other side, one operator at a time."""
    while side != wanted:
        step = _peeled(wanted, side, op, other, settings)
        if step is None:
            return
        side, op, other = step
    if wanted.type is Type.INTEGER and op in (BinaryOp.LESS, BinaryOp.GREATER):
        one = Literal(1, Type.INTEGER)
        shift = BinaryOp.SUBTRACT if op is BinaryOp.LESS else BinaryOp.ADD
        other = Binary(shift, other, one, Type.INTEGER)
        op = BinaryOp.LESS_EQUAL if op is BinaryOp.LESS else BinaryOp.GREATER_EQUAL
    match op:
        case BinaryOp.EQUAL:
            yield wanted.path, Direction.SET, other
        case BinaryOp.LESS_EQUAL if wanted.type in (Type.INTEGER, Type.NUMBER):
            yield wanted.path, Direction.LOWER, other
        case BinaryOp.GREATER_EQUAL if wanted.type in (Type.INTEGER, Type.NUMBER):
            yield wanted.path, Direction.RAISE, other
        case _:
            return


Step = tuple[Expression, BinaryOp, Expression]


def _peeled(wanted: Reference, side: Expression, op: BinaryOp, other: Expression, settings: Settings) -> Step | None:
    """One operator moved from `side` to `other`, or None where that is not exact."""
    if isinstance(side, Unary) and side.op is UnaryOp.NEGATE:
        return side.operand, _MIRRORED[op], Unary(UnaryOp.NEGATE, other, Type.INTEGER)
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
            return inner, _MIRRORED[op], Binary(BinaryOp.SUBTRACT, rest, other, Type.INTEGER)
        case BinaryOp.MULTIPLY:
            return _unmultiplied(inner, op, other, rest, settings)
        case BinaryOp.DIVIDE if on_left:
            return _undivided(inner, op, other, rest, settings)
    return None


def _unmultiplied(
    inner: Expression, op: BinaryOp, other: Expression, factor: Expression, settings: Settings
) -> Step | None:
    found = interval(factor, settings.by_path)
    if found is None or found.contains(0):
        return None
    if found.high.value < 0:
        factor, op = Unary(UnaryOp.NEGATE, factor, Type.INTEGER), _MIRRORED[op]
        other = Unary(UnaryOp.NEGATE, other, Type.INTEGER)
    # For `==` exact or not: whether the rule then holds is asked of every mend.
    up = op in (BinaryOp.GREATER_EQUAL, BinaryOp.LESS)
    return inner, op, _quotient(other, factor, settings, up=up)


def _quotient(dividend: Expression, divisor: Expression, settings: Settings, *, up: bool) -> Expression:
    """The quotient by a positive divisor, rounded; by the plain division of CEL and Go where the sign allows it."""
    found = interval(dividend, settings.by_path)
    if found is None or found.low.value < 0:
        return Binary(BinaryOp.CEIL_DIVIDE if up else BinaryOp.FLOOR_DIVIDE, dividend, divisor, Type.INTEGER)
    if up:
        rest = Binary(BinaryOp.SUBTRACT, divisor, Literal(1, Type.INTEGER), Type.INTEGER)
        dividend = Binary(BinaryOp.ADD, dividend, rest, Type.INTEGER)
    return Binary(BinaryOp.DIVIDE, dividend, divisor, Type.INTEGER)


def _undivided(
    inner: Expression, op: BinaryOp, other: Expression, divisor: Expression, settings: Settings
) -> Step | None:
    """`inner / divisor op other` for a positive divisor and an `other` that has one sign (division truncates)."""
    found, target = interval(divisor, settings.by_path), interval(other, settings.by_path)
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


def _rounded(setting: Setting, direction: Direction, value: Expression) -> Expression:
    """The nearest value in the direction that the setting's multiples and choices allow."""
    up = direction is Direction.RAISE
    if direction is Direction.SET or setting.type is not Type.INTEGER:
        return value
    if setting.bounds.multiple_of not in (None, 1):
        step = Literal(int(setting.bounds.multiple_of or 1), Type.INTEGER)
        count = Binary(BinaryOp.CEIL_DIVIDE if up else BinaryOp.FLOOR_DIVIDE, value, step, Type.INTEGER)
        value = Binary(BinaryOp.MULTIPLY, count, step, Type.INTEGER)
    if setting.bounds.enum is not None:
        choices = sorted((Literal(int(item), Type.INTEGER) for item in setting.bounds.enum), key=lambda c: c.value)
        value = _chosen(choices[::-1] if up else choices, BinaryOp.GREATER_EQUAL if up else BinaryOp.LESS_EQUAL, value)
    return value


def _chosen(choices: list[Literal], op: BinaryOp, target: Expression) -> Expression:
    """The nearest choice that is `op target`; the farthest one when none is (the proof then fails)."""
    result: Expression = choices[0]
    for choice in choices[1:]:
        reaches = Binary(op, choice, target, Type.BOOLEAN)
        result = Conditional(reaches, choice, result, Type.INTEGER)
    return result
