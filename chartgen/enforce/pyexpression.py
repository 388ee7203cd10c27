"""Expressions as Python source, with nothing in them that Python 3.9 does not have.

Integers are Python's, of any size; texts are compared by code point, as in CEL. Parentheses stand only where Python
needs them, since its parser takes no more than two hundred, one in the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import assert_never

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
    Value,
    Within,
)
from chartgen.settings.patterns import to_python

HELPERS = {
    "_divide": '''\
def _divide(a, b):
    """CEL's division, which truncates toward zero."""
    return a // b if (a < 0) == (b < 0) else -(-a // b)
''',
    "_rest": '''\
def _rest(a, b):
    """CEL's remainder, which has the sign of the dividend."""
    return a - b * _divide(a, b)
''',
    "_matches": """\
def _matches(text, pattern):
    import re

    return re.search(pattern, text, re.ASCII) is not None
""",
    "_number": '''\
def _number(value):
    """A number as every enforcer writes it: no exponent, at most 6 decimals, none that is zero at the end."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
''',
}
"""The functions that emitted source calls, by their names; one that calls another stands behind it."""

_SIGNS = {
    BinaryOp.OR: ("or", 1),
    BinaryOp.AND: ("and", 2),
    BinaryOp.EQUAL: ("==", 4),
    BinaryOp.NOT_EQUAL: ("!=", 4),
    BinaryOp.LESS: ("<", 4),
    BinaryOp.LESS_EQUAL: ("<=", 4),
    BinaryOp.GREATER: (">", 4),
    BinaryOp.GREATER_EQUAL: (">=", 4),
    BinaryOp.ADD: ("+", 5),
    BinaryOp.SUBTRACT: ("-", 5),
    BinaryOp.MULTIPLY: ("*", 6),
    BinaryOp.FLOOR_DIVIDE: ("//", 6),
}
_NOT, _COMPARISON, _NEGATION = 3, 4, 7


def emit(node: Expression, names: Mapping[Path, str], binding: int = 0) -> str:
    """The expression as Python source; in parentheses where what is around it binds more tightly than `binding` says."""
    match node:
        case Literal():
            return _bound(literal(node.value), _NEGATION if str(node.value).startswith("-") else 9, binding)
        case Reference():
            return names[node.path]
        case Unary():
            own = _NOT if node.op is UnaryOp.NOT else _NEGATION
            sign = "not " if node.op is UnaryOp.NOT else "-"
            return _bound(sign + emit(node.operand, names, own), own, binding)
        case Binary():
            return _binary(node, names, binding)
        case Conditional():
            then, condition = emit(node.then, names, 1), emit(node.condition, names, 1)
            return _bound(f"{then} if {condition} else {emit(node.otherwise, names)}", 0, binding)
        case Within():
            items = ", ".join(emit(item, names) for item in node.items)
            needle = emit(node.needle, names, _COMPARISON + 1)
            return _bound(f"{needle} in ({items}{',' if len(node.items) == 1 else ''})", _COMPARISON, binding)
        case Call():
            return _call(node, names, binding)
        case _:
            assert_never(node)


def _bound(source: str, own: int, binding: int) -> str:
    return f"({source})" if own < binding else source


def _binary(node: Binary, names: Mapping[Path, str], binding: int) -> str:
    match node.op:
        case BinaryOp.CONCATENATE:
            return _bound(_formatted(node, names), 6, binding)
        case BinaryOp.DIVIDE | BinaryOp.MODULO:
            name = "_divide" if node.op is BinaryOp.DIVIDE else "_rest"
            return f"{name}({emit(node.left, names)}, {emit(node.right, names)})"
        case BinaryOp.CEIL_DIVIDE:
            quotient = f"-({emit(node.left, names)}) // {emit(node.right, names, _NEGATION)}"
            return _bound(f"-({quotient})", _NEGATION, binding)
        case op:
            sign, own = _SIGNS[op]
            # Python chains comparisons: a < b == c is no comparison of a truth.
            left = emit(node.left, names, own + 1 if own == _COMPARISON else own)
            return _bound(f"{left} {sign} {emit(node.right, names, own + 1)}", own, binding)


def _formatted(node: Expression, names: Mapping[Path, str]) -> str:
    """A chain of texts as one format."""
    format_, operands = "", []
    for part in _parts(node):
        match part:
            case Literal():
                format_ += str(part.value).replace("%", "%%")
            case Call(function=Function.STRING, arguments=(Literal(type=Type.INTEGER) as number,)):
                format_ += str(number.value)
            case Call(function=Function.STRING, arguments=(inner,)) if inner.type is Type.INTEGER:
                format_ += "%d"
                operands.append(emit(inner, names))
            case _:
                format_ += "%s"
                operands.append(emit(part, names, 1))
    if not operands:
        return literal(format_ % ())
    return f"{literal(format_)} % ({', '.join(operands)}{',' if len(operands) == 1 else ''})"


def _parts(node: Expression) -> Iterator[Expression]:
    if isinstance(node, Binary) and node.op is BinaryOp.CONCATENATE:
        yield from _parts(node.left)
        yield from _parts(node.right)
    else:
        yield node


def _call(node: Call, names: Mapping[Path, str], binding: int) -> str:
    first, *rest = node.arguments
    text = emit(first, names, 8)
    match node.function:
        case Function.SIZE:
            return f"len({emit(first, names)})"
        case Function.STARTS_WITH:
            return f"{text}.startswith({emit(rest[0], names)})"
        case Function.ENDS_WITH:
            return f"{text}.endswith({emit(rest[0], names)})"
        case Function.CONTAINS:
            inner = f"{emit(rest[0], names, _COMPARISON + 1)} in {emit(first, names, _COMPARISON + 1)}"
            return _bound(inner, _COMPARISON, binding)
        case Function.MATCHES:
            assert isinstance(rest[0], Literal)
            return f"_matches({emit(first, names)}, {literal(to_python(str(rest[0].value)))})"
        case Function.STRING:
            return _string_of(first, names)
        case _:
            assert_never(node.function)


def _string_of(node: Expression, names: Mapping[Path, str]) -> str:
    match node.type:
        case Type.INTEGER:
            return f"str({emit(node, names)})"
        case Type.BOOLEAN:
            return f'("true" if {emit(node, names, 1)} else "false")'
        case Type.NUMBER:
            return f"_number({emit(node, names)})"
        case Type.STRING:
            return emit(node, names, 8)
        case _:
            assert_never(node.type)


def literal(value: Value) -> str:
    """A constant as Python writes it, in ASCII; texts in double quotes where they hold none."""
    written = ascii(value)
    return f'"{written[1:-1]}"' if isinstance(value, str) and '"' not in written and written[:1] == "'" else written
