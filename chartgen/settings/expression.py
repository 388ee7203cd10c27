"""The expressions of rules as frozen nodes: the CEL subset of chartgen, and nothing else.

Every enforcer and every proof walks these; a `match` over them ends in `assert_never`, so that a kind of node that an
emitter forgets is an error of types. `offset` is the code point in the rule's text (CEL's own position of the node:
an operator's sign, a reference's last dot), -1 for nodes that `solve.py` made.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import TypeAlias

from chartgen.records import dataclass, field

Path: TypeAlias = tuple[str, ...]
Value: TypeAlias = bool | int | float | str


class Type(Enum):
    """The four types of settings, by the names that JSON Schema has for them."""

    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    STRING = "string"


class UnaryOp(Enum):
    """Operators of one operand, as CEL spells them."""

    NEGATE = "-"
    NOT = "!"


class BinaryOp(Enum):
    """Operators of two operands, as CEL spells them; the last two exist only in mends."""

    ADD = "+"
    SUBTRACT = "-"
    MULTIPLY = "*"
    DIVIDE = "/"
    MODULO = "%"
    EQUAL = "=="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_EQUAL = "<="
    GREATER = ">"
    GREATER_EQUAL = ">="
    AND = "&&"
    OR = "||"
    CONCATENATE = "++"
    FLOOR_DIVIDE = "floor/"
    CEIL_DIVIDE = "ceil/"


COMPARISONS = frozenset(
    {
        BinaryOp.EQUAL,
        BinaryOp.NOT_EQUAL,
        BinaryOp.LESS,
        BinaryOp.LESS_EQUAL,
        BinaryOp.GREATER,
        BinaryOp.GREATER_EQUAL,
    }
)
ARITHMETIC = frozenset({BinaryOp.ADD, BinaryOp.SUBTRACT, BinaryOp.MULTIPLY, BinaryOp.DIVIDE, BinaryOp.MODULO})


class Function(Enum):
    """Functions, by their names in CEL. `size` counts code points; `matches` searches, it does not anchor."""

    SIZE = "size"
    STARTS_WITH = "startsWith"
    ENDS_WITH = "endsWith"
    CONTAINS = "contains"
    MATCHES = "matches"
    STRING = "string"


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant of the rule."""

    value: Value
    type: Type
    offset: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Reference:
    """The value of a setting, by its whole path below the schema's root."""

    path: Path
    type: Type
    offset: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """An operator and its operand."""

    op: UnaryOp
    operand: Expression
    type: Type
    offset: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator between two operands of one type."""

    op: BinaryOp
    left: Expression
    right: Expression
    type: Type
    offset: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Conditional:
    """`condition ? then : otherwise`."""

    condition: Expression
    then: Expression
    otherwise: Expression
    type: Type
    offset: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Within:
    """`needle in [items]`."""

    needle: Expression
    items: tuple[Expression, ...]
    type: Type = Type.BOOLEAN
    offset: int = field(default=-1, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of its arguments; a method's target is the first of them."""

    function: Function
    arguments: tuple[Expression, ...]
    type: Type
    offset: int = field(default=-1, compare=False)


Expression: TypeAlias = "Literal | Reference | Unary | Binary | Conditional | Within | Call"


def children(node: Expression) -> tuple[Expression, ...]:
    """The operands of a node, in order of writing."""
    match node:
        case Literal() | Reference():
            return ()
        case Unary():
            return (node.operand,)
        case Binary():
            return (node.left, node.right)
        case Conditional():
            return (node.condition, node.then, node.otherwise)
        case Within():
            return (node.needle, *node.items)
        case Call():
            return node.arguments


def walk(node: Expression) -> Iterator[Expression]:
    """The node and all below it, a node before its operands."""
    yield node
    for child in children(node):
        yield from walk(child)


def references(node: Expression) -> tuple[Path, ...]:
    """The settings that the expression reads, each once, in order of first use."""
    return tuple(dict.fromkeys(part.path for part in walk(node) if isinstance(part, Reference)))
