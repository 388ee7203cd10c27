"""Expressions evaluated in Python: for mends, whose trees CEL never saw, and to know a text's parts.

The verdict on a rule is CEL's (`cel.py`); properties hold this evaluator to it, since the generated Python of the
entrypoint means the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import assert_never

from chartgen.documents.json_schema import Checker, compile_schema
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
    Unary,
    UnaryOp,
    Value,
    Within,
)
from chartgen.settings.intervals import truncated
from chartgen.settings.strings import render_text

_BINARY: Mapping[BinaryOp, Callable[[Value, Value], Value]] = {
    BinaryOp.ADD: lambda a, b: int(a) + int(b),
    BinaryOp.SUBTRACT: lambda a, b: int(a) - int(b),
    BinaryOp.MULTIPLY: lambda a, b: int(a) * int(b),
    BinaryOp.DIVIDE: lambda a, b: truncated(int(a), int(b)),
    BinaryOp.MODULO: lambda a, b: int(a) - truncated(int(a), int(b)) * int(b),
    BinaryOp.FLOOR_DIVIDE: lambda a, b: int(a) // int(b),
    BinaryOp.CEIL_DIVIDE: lambda a, b: -(-int(a) // int(b)),
    BinaryOp.EQUAL: lambda a, b: a == b,
    BinaryOp.NOT_EQUAL: lambda a, b: a != b,
    BinaryOp.LESS: lambda a, b: a < b,  # type: ignore[operator]
    BinaryOp.LESS_EQUAL: lambda a, b: a <= b,  # type: ignore[operator]
    BinaryOp.GREATER: lambda a, b: a > b,  # type: ignore[operator]
    BinaryOp.GREATER_EQUAL: lambda a, b: a >= b,  # type: ignore[operator]
    BinaryOp.CONCATENATE: lambda a, b: str(a) + str(b),
}


def evaluate(node: Expression, values: Mapping[Path, Value]) -> Value:
    """The value of an expression.

    Raises:
        ZeroDivisionError: never for a tree that `intervals.py` has proven.
    """
    match node:
        case Literal():
            return node.value
        case Reference():
            return values[node.path]
        case Unary():
            operand = evaluate(node.operand, values)
            return not operand if node.op is UnaryOp.NOT else -int(operand)
        case Binary():
            return _binary(node, values)
        case Conditional():
            return evaluate(node.then if evaluate(node.condition, values) else node.otherwise, values)
        case Within():
            needle = evaluate(node.needle, values)
            return any(needle == evaluate(item, values) for item in node.items)
        case Call():
            return _call(node, values)
        case _:
            assert_never(node)


def _binary(node: Binary, values: Mapping[Path, Value]) -> Value:
    left = evaluate(node.left, values)
    if node.op is BinaryOp.AND:
        return bool(left) and bool(evaluate(node.right, values))
    if node.op is BinaryOp.OR:
        return bool(left) or bool(evaluate(node.right, values))
    return _BINARY[node.op](left, evaluate(node.right, values))


def _call(node: Call, values: Mapping[Path, Value]) -> Value:
    first, *rest = (evaluate(argument, values) for argument in node.arguments)
    match node.function:
        case Function.SIZE:
            return len(str(first))
        case Function.STARTS_WITH:
            return str(first).startswith(str(rest[0]))
        case Function.ENDS_WITH:
            return str(first).endswith(str(rest[0]))
        case Function.CONTAINS:
            return str(rest[0]) in str(first)
        case Function.MATCHES:
            return _compiled(str(rest[0])).is_valid(str(first))
        case Function.STRING:
            return render_text(node.arguments[0].type, first)
        case _:
            assert_never(node.function)


@lru_cache
def _compiled(pattern: str) -> Checker:
    """An engine of linear time: Python's own can need years for a short text."""
    return compile_schema({"pattern": pattern})
