"""Expressions as operands of Go templates with Sprig's functions.

Integers are int64, numbers float64, in variables that the caller names. Division truncates in Go as in CEL; texts are
compared by their UTF-8 bytes, which is the order of code points, as in CEL.
"""

from __future__ import annotations

import json
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
from chartgen.settings.strings import render_text

_CALLS = {
    BinaryOp.ADD: "add",
    BinaryOp.SUBTRACT: "sub",
    BinaryOp.MULTIPLY: "mul",
    BinaryOp.DIVIDE: "div",
    BinaryOp.MODULO: "mod",
    BinaryOp.EQUAL: "eq",
    BinaryOp.NOT_EQUAL: "ne",
    BinaryOp.LESS: "lt",
    BinaryOp.LESS_EQUAL: "le",
    BinaryOp.GREATER: "gt",
    BinaryOp.GREATER_EQUAL: "ge",
    BinaryOp.AND: "and",
    BinaryOp.OR: "or",
}


def emit(node: Expression, names: Mapping[Path, str], prefix: str) -> str:
    """The expression as a Go template operand: a name, a literal, or a call in parentheses."""
    match node:
        case Literal():
            return literal(node.value, node.type)
        case Reference():
            return names[node.path]
        case Unary():
            operand = emit(node.operand, names, prefix)
            return f"(not {operand})" if node.op is UnaryOp.NOT else f"(sub 0 {operand})"
        case Binary():
            return _binary(node, names, prefix)
        case Conditional():
            parts = (emit(part, names, prefix) for part in (node.then, node.otherwise, node.condition))
            return f"(ternary {' '.join(parts)})"
        case Within():
            needle = emit(node.needle, names, prefix)
            return f"(or {' '.join(f'(eq {needle} {emit(item, names, prefix)})' for item in node.items)})"
        case Call():
            return _call(node, names, prefix)
        case _:
            assert_never(node)


def _binary(node: Binary, names: Mapping[Path, str], prefix: str) -> str:
    if node.op is BinaryOp.CONCATENATE:
        return _printf(node, names, prefix)
    left, right = emit(node.left, names, prefix), emit(node.right, names, prefix)
    match node.op:
        # For a positive divisor; Go truncates, so the remainder is first made positive.
        case BinaryOp.FLOOR_DIVIDE:
            return f"(div (sub {left} (mod (add (mod {left} {right}) {right}) {right})) {right})"
        case BinaryOp.CEIL_DIVIDE:
            return f"(div (add {left} (mod (add (mod (sub 0 {left}) {right}) {right}) {right})) {right})"
        case op:
            return f"({_CALLS[op]} {left} {right})"


def _printf(node: Expression, names: Mapping[Path, str], prefix: str) -> str:
    """A chain of texts as one printf."""
    format_, operands = "", []
    for part in _parts(node):
        if isinstance(part, Literal):
            format_ += str(part.value).replace("%", "%%")
        elif isinstance(part, Call) and part.function is Function.STRING and part.arguments[0].type is Type.INTEGER:
            format_ += "%d"
            operands.append(emit(part.arguments[0], names, prefix))
        else:
            format_ += "%s"
            operands.append(emit(part, names, prefix))
    return f"({' '.join(['printf', quoted(format_), *operands])})"


def _parts(node: Expression) -> Iterator[Expression]:
    if isinstance(node, Binary) and node.op is BinaryOp.CONCATENATE:
        yield from _parts(node.left)
        yield from _parts(node.right)
    else:
        yield node


def _call(node: Call, names: Mapping[Path, str], prefix: str) -> str:
    first, *rest = (emit(argument, names, prefix) for argument in node.arguments)
    match node.function:
        case Function.SIZE:
            return f'(len (splitList "" {first}))'
        case Function.STARTS_WITH:
            return f"(hasPrefix {rest[0]} {first})"
        case Function.ENDS_WITH:
            return f"(hasSuffix {rest[0]} {first})"
        case Function.CONTAINS:
            return f"(contains {rest[0]} {first})"
        case Function.MATCHES:
            return f"(regexMatch {rest[0]} {first})"
        case Function.STRING:
            return _string_of(node.arguments[0].type, first, prefix)
        case _:
            assert_never(node.function)


def _string_of(type_: Type, operand: str, prefix: str) -> str:
    match type_:
        case Type.INTEGER:
            return f'(printf "%d" {operand})'
        case Type.BOOLEAN:
            return f'(printf "%t" {operand})'
        case Type.NUMBER:
            return f'(include "{prefix}.settings.number" {operand})'
        case Type.STRING:
            return operand
        case _:
            assert_never(type_)


def literal(value: Value, type_: Type) -> str:
    """A constant as Go writes it; numbers have a point, so that they are float64."""
    if type_ is Type.NUMBER:
        text = render_text(type_, value)
        return text if "." in text else f"{text}.0"
    return quoted(str(value)) if type_ is Type.STRING else render_text(type_, value)


def quoted(text: str) -> str:
    """A text as a Go string literal."""
    # A Go string literal: JSON's escapes are Go's, as long as no surrogate is written.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\x7f")
