"""An expression as its author would write it, with the settings' names."""

from __future__ import annotations

import json
from typing import assert_never

from chartgen.settings.expression import (
    Binary,
    BinaryOp,
    Call,
    Conditional,
    Expression,
    Literal,
    Reference,
    Type,
    Unary,
    Within,
)
from chartgen.settings.strings import render_text

_BINDING = {
    BinaryOp.OR: 1,
    BinaryOp.AND: 2,
    BinaryOp.ADD: 4,
    BinaryOp.SUBTRACT: 4,
    BinaryOp.MULTIPLY: 5,
    BinaryOp.DIVIDE: 5,
    BinaryOp.MODULO: 5,
}


def spell(node: Expression, binding: int = 0) -> str:
    """The text; `binding` is how tightly the place around it binds."""
    match node:
        case Literal():
            return json.dumps(node.value) if node.type is Type.STRING else render_text(node.type, node.value)
        case Reference():
            return ".".join(node.path)
        case Unary():
            return f"{node.op.value}{spell(node.operand, 6)}"
        case Binary():
            own = _BINDING.get(node.op, 3)
            sign = "+" if node.op is BinaryOp.CONCATENATE else node.op.value
            text = f"{spell(node.left, own)} {sign} {spell(node.right, own + 1)}"
            return f"({text})" if own < binding else text
        case Conditional():
            return f"({spell(node.condition, 1)} ? {spell(node.then, 1)} : {spell(node.otherwise, 1)})"
        case Within():
            return f"{spell(node.needle, 4)} in [{', '.join(spell(item) for item in node.items)}]"
        case Call():
            return f"{node.function.value}({', '.join(spell(argument) for argument in node.arguments)})"
        case _:
            assert_never(node)
