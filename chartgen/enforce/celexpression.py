"""Expressions as CEL source for an admission policy of Kubernetes: what is CEL becomes CEL again.

The API server's CEL has no names for parts of an expression: those are the policy's variables, which the caller names.
Parentheses stand only where CEL needs them, and long sums are halved: parsers go 32 levels deep, or 250.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
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
from chartgen.settings.strings import render_text

_OR, _AND, _RELATION, _SUM, _PRODUCT, _SIGN, _MEMBER = range(1, 8)
_BINDING = {
    BinaryOp.OR: _OR,
    BinaryOp.AND: _AND,
    BinaryOp.EQUAL: _RELATION,
    BinaryOp.NOT_EQUAL: _RELATION,
    BinaryOp.LESS: _RELATION,
    BinaryOp.LESS_EQUAL: _RELATION,
    BinaryOp.GREATER: _RELATION,
    BinaryOp.GREATER_EQUAL: _RELATION,
    BinaryOp.ADD: _SUM,
    BinaryOp.SUBTRACT: _SUM,
    BinaryOp.MULTIPLY: _PRODUCT,
    BinaryOp.DIVIDE: _PRODUCT,
    BinaryOp.MODULO: _PRODUCT,
}
_LONGEST_CHAIN = 20
_AMISS = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_ESCAPES = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def emit(node: Expression, names: Mapping[Path, str], binding: int = 0) -> str:
    """The expression as CEL source; in parentheses where what is around it binds more tightly than `binding` says."""
    match node:
        case Literal():
            source = literal(node.value, node.type)
            return _bound(source, _SIGN if source.startswith("-") else _MEMBER, binding)
        case Reference():
            return names[node.path]
        case Unary():
            sign = "!" if node.op is UnaryOp.NOT else "-"
            return _bound(sign + emit(node.operand, names, _MEMBER), _SIGN, binding)
        case Binary():
            return _binary(node, names, binding)
        case Conditional():
            condition, then = emit(node.condition, names, _OR), emit(node.then, names, _OR)
            return _bound(f"{condition} ? {then} : {emit(node.otherwise, names)}", 0, binding)
        case Within():
            items = ", ".join(emit(item, names) for item in node.items)
            return _bound(f"{emit(node.needle, names, _SUM)} in [{items}]", _RELATION, binding)
        case Call():
            return _call(node, names, binding)
        case _:
            assert_never(node)


def _bound(source: str, own: int, binding: int) -> str:
    return f"({source})" if own < binding else source


def _binary(node: Binary, names: Mapping[Path, str], binding: int) -> str:
    match node.op:
        case BinaryOp.CONCATENATE:
            parts = [emit(part, names, _PRODUCT) for part in _parts(node)]
            return _bound(chain(parts, " + "), _SUM, binding)
        # For a positive divisor; CEL truncates, so the remainder is first made positive.
        case BinaryOp.FLOOR_DIVIDE:
            left, right = emit(node.left, names, _PRODUCT), emit(node.right, names, _SIGN)
            return _bound(f"({left} - ({left} % {right} + {right}) % {right}) / {right}", _PRODUCT, binding)
        case BinaryOp.CEIL_DIVIDE:
            left, right = emit(node.left, names, _MEMBER), emit(node.right, names, _SIGN)
            return _bound(f"({left} + (-{left} % {right} + {right}) % {right}) / {right}", _PRODUCT, binding)
        case op:
            own = _BINDING[op]
            left, right = emit(node.left, names, own), emit(node.right, names, own + 1)
            return _bound(f"{left} {op.value} {right}", own, binding)


def _parts(node: Expression) -> Iterator[Expression]:
    if isinstance(node, Binary) and node.op is BinaryOp.CONCATENATE:
        yield from _parts(node.left)
        yield from _parts(node.right)
    else:
        yield node


def chain(parts: Sequence[str], sign: str) -> str:
    """Operands with a sign between them, halved where CEL's parser would go too deep."""
    if len(parts) <= _LONGEST_CHAIN:
        return sign.join(parts)
    half = len(parts) // 2
    return f"({chain(parts[:half], sign)}){sign}({chain(parts[half:], sign)})"


def _call(node: Call, names: Mapping[Path, str], binding: int) -> str:
    first, *rest = node.arguments
    match node.function:
        case Function.STRING:
            return _string_of(first, names, binding)
        case Function.SIZE:
            return f"size({emit(first, names)})"
        case Function.STARTS_WITH | Function.ENDS_WITH | Function.CONTAINS | Function.MATCHES:
            return f"{emit(first, names, _MEMBER)}.{node.function.value}({emit(rest[0], names)})"
        case _:
            assert_never(node.function)


def _string_of(node: Expression, names: Mapping[Path, str], binding: int) -> str:
    match node.type:
        case Type.INTEGER | Type.BOOLEAN:
            return f"string({emit(node, names)})"
        case Type.NUMBER:
            return number_text(emit(node, names))
        case Type.STRING:
            return emit(node, names, binding)
        case _:
            assert_never(node.type)


def number_text(source: str) -> str:
    """The text of a number by the one grammar: no exponent, no zero at the end; `format` puts commas between thousands."""
    return f"'%.6f'.format([{source}]).replace(',', '').find('^-?[0-9]+([.][0-9]*[1-9])?')"


def literal(value: Value, type_: Type) -> str:
    """A constant as CEL writes it; numbers have a point, so that they are doubles."""
    if type_ is Type.NUMBER:
        text = render_text(type_, value)
        return text if "." in text else f"{text}.0"
    return quoted(str(value)) if type_ is Type.STRING else render_text(type_, value)


def quoted(text: str) -> str:
    """A text as a CEL literal."""
    return "'" + one_line(text.replace("\\", r"\\").replace("'", r"\'")) + "'"


def one_line(text: str) -> str:
    """A text without a character that YAML or a reader could take amiss, the same with every Python."""
    return _AMISS.sub(lambda found: _ESCAPES.get(found[0]) or f"\\u{ord(found[0]):04x}", text)
