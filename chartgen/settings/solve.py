"""A broken rule solved for each of its settings: what value would make it true.

A comparison is isolated for a setting that stands in it once, with the other settings as they are, and rounded into
the setting's multiples and choices. Each mend carries what enforcers ask before they print it: that the new value is
allowed, that the rule holds with it, and that no other rule breaks by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from typing import assert_never

from chartgen.finding import Severity
from chartgen.records import dataclass
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
from chartgen.settings.intervals import unproven
from chartgen.settings.isolate import MIRRORED, isolate
from chartgen.settings.message import NEGATED, concatenate, shown, text
from chartgen.settings.model import Rule, Setting, Settings

_CHOICES_PROPOSED = 5
_NEW: Path = ("the new value",)


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
    moved = bool(evaluate(moves(mend), {_NEW: new[mend.path], mend.path: values[mend.path]}))
    demanded = moved and all(evaluate(demand, new) for demand in mend.demands)
    return demanded and all(evaluate(kept.check, new) for kept in mend.keeps if evaluate(kept.check, values))


def moves(mend: Mend) -> Expression:
    """That the new value, `new_value(mend)`, lies where the mend's word says: above, below, or elsewhere."""
    op = {
        Direction.RAISE: BinaryOp.GREATER,
        Direction.LOWER: BinaryOp.LESS,
        Direction.SET: BinaryOp.NOT_EQUAL,
    }[mend.direction]
    return Binary(op, new_value(mend), Reference(mend.path, mend.value.type), Type.BOOLEAN)


def new_value(mend: Mend) -> Reference:
    """The new value beside the old one, for expressions that need both."""
    return Reference(_NEW, mend.value.type)


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
            for item in node.items[:_CHOICES_PROPOSED]:
                yield node.needle.path, Direction.SET, item
        case Literal() | Unary() | Binary() | Within() | Call():
            return
        case _:
            assert_never(node)


def _comparison(node: Binary, settings: Settings, *, wanted: bool) -> Iterator[Candidate]:
    op = node.op if wanted else NEGATED[node.op]
    if op is BinaryOp.NOT_EQUAL and node.left.type is Type.INTEGER:
        yield from _beside(node, BinaryOp.GREATER, settings)
        yield from _beside(node, BinaryOp.LESS, settings)
    elif op in MIRRORED:
        yield from _beside(node, op, settings)


def _beside(node: Binary, op: BinaryOp, settings: Settings) -> Iterator[Candidate]:
    """What each setting that stands once in the comparison must be, for its two sides to compare by `op`."""
    uses = [part for part in walk(node) if isinstance(part, Reference)]
    for reference in dict.fromkeys(uses):
        bound = isolate(reference, node, op, settings.by_path) if uses.count(reference) == 1 else None
        match bound:
            case BinaryOp.EQUAL, value:
                yield reference.path, Direction.SET, value
            case BinaryOp.LESS_EQUAL, value if reference.type in (Type.INTEGER, Type.NUMBER):
                yield reference.path, Direction.LOWER, value
            case BinaryOp.GREATER_EQUAL, value if reference.type in (Type.INTEGER, Type.NUMBER):
                yield reference.path, Direction.RAISE, value
            case _:
                pass


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
