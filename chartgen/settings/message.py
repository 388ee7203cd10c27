"""What every enforcer says of a broken rule, as one text expression over the settings.

The author's message, then the arithmetic with the values in place: `600000 < 120 * 10000 = 1200000`.
"""

from __future__ import annotations

from typing import assert_never

from chartgen.settings.expression import (
    ARITHMETIC,
    COMPARISONS,
    Binary,
    BinaryOp,
    Call,
    Conditional,
    Expression,
    Function,
    Literal,
    Reference,
    Type,
    Unary,
    UnaryOp,
    Within,
    walk,
)
from chartgen.settings.model import Rule

TOLD = "as told"
"""Stands before the path of a setting where a message has its text; no key of a schema has a blank."""

NEGATED = {
    BinaryOp.EQUAL: BinaryOp.NOT_EQUAL,
    BinaryOp.NOT_EQUAL: BinaryOp.EQUAL,
    BinaryOp.LESS: BinaryOp.GREATER_EQUAL,
    BinaryOp.LESS_EQUAL: BinaryOp.GREATER,
    BinaryOp.GREATER: BinaryOp.LESS_EQUAL,
    BinaryOp.GREATER_EQUAL: BinaryOp.LESS,
}
_OPERANDS_SHOWN = 12
_BINDING = {
    BinaryOp.MULTIPLY: 2,
    BinaryOp.DIVIDE: 2,
    BinaryOp.MODULO: 2,
    BinaryOp.ADD: 1,
    BinaryOp.SUBTRACT: 1,
}


def rule_message(rule: Rule) -> Expression:
    """The text for a broken rule; of type string."""
    if rule.message_expression is not None:
        return rule.message_expression
    return concatenate(text(f"{rule.message}: "), explanation(rule.check))


def explanation(check: Expression) -> Expression:
    """The values that break a check; of type string: a comparison turned round, else `a = 1, b = 2`."""
    if isinstance(check, Binary) and check.op in COMPARISONS and check.left.type is not Type.BOOLEAN:
        sign = NEGATED[check.op].value
        return concatenate(_with_result(check.left), text(f" {sign} "), _with_result(check.right))
    parts: list[Expression] = []
    seen = list(dict.fromkeys(node for node in walk(check) if isinstance(node, Reference)))
    for reference in seen[:_OPERANDS_SHOWN]:
        parts += [text(f"{', ' if parts else ''}{'.'.join(reference.path)} = "), shown(reference)]
    return concatenate(*parts, text(", ..." if len(seen) > _OPERANDS_SHOWN else ""))


def text(value: str) -> Literal:
    """A constant text."""
    return Literal(value, Type.STRING)


def concatenate(*parts: Expression) -> Expression:
    """The parts one after the other; constants that meet are joined."""
    result: Expression | None = None
    for part in parts:
        if result is None:
            result = part
        elif isinstance(part, Literal) and isinstance(result, Literal):
            result = text(f"{result.value}{part.value}")
        elif isinstance(part, Literal) and isinstance(result, Binary) and isinstance(result.right, Literal):
            joined = text(f"{result.right.value}{part.value}")
            result = Binary(BinaryOp.CONCATENATE, result.left, joined, Type.STRING)
        else:
            result = Binary(BinaryOp.CONCATENATE, result, part, Type.STRING)
    return result if result is not None else text("")


def string_of(node: Expression) -> Expression:
    """The node's value as a text by the one grammar."""
    return node if node.type is Type.STRING else Call(Function.STRING, (node,), Type.STRING)


def _with_result(side: Expression) -> Expression:
    if (isinstance(side, Binary) and side.op in ARITHMETIC) or isinstance(side, Call | Conditional):
        return concatenate(_spelled(side, 0), text(" = "), shown(side))
    return _spelled(side, 0)


def _spelled(node: Expression, binding: int) -> Expression:
    """The expression with values in place of names, in parentheses where they are needed."""
    match node:
        case Literal() | Reference():
            return shown(node)
        case Unary():
            sign = "-" if node.op is UnaryOp.NEGATE else "!"
            return concatenate(text(sign), _spelled(node.operand, 3))
        case Binary() if node.op in _BINDING:
            own = _BINDING[node.op]
            inner = concatenate(_spelled(node.left, own), text(f" {node.op.value} "), _spelled(node.right, own + 1))
            return concatenate(text("("), inner, text(")")) if own < binding else inner
        case Call():
            parts: list[Expression] = []
            for argument in node.arguments:
                parts += [*([text(", ")] if parts else []), _spelled(argument, 0)]
            return concatenate(text(f"{node.function.value}("), *parts, text(")"))
        case Binary() | Conditional() | Within():
            return shown(node)
        case _:
            assert_never(node)


def shown(node: Expression) -> Expression:
    """The node's value as messages show it: a text in quotes, all else by the one grammar."""
    if node.type is Type.STRING:
        return concatenate(text('"'), node, text('"'))
    return string_of(node)


def told(node: Expression) -> Expression:
    """A text expression with the settings' texts as messages have them: where they are compared, they stay what they are."""
    match node:
        case Reference(type=Type.STRING):
            return Reference((TOLD, *node.path), node.type)
        case Binary(op=BinaryOp.CONCATENATE):
            return Binary(node.op, told(node.left), told(node.right), node.type)
        case Conditional():
            return Conditional(node.condition, told(node.then), told(node.otherwise), node.type)
        case Call(function=Function.STRING, arguments=(inner,)):
            return Call(node.function, (told(inner),), node.type)
        case _:
            return node
