"""Expressions as TypeScript, with nothing in them that strict compilers object to.

Integers are doubles, exact since every node of a rule is proven to stay within 2^53; division truncates toward zero, as
in CEL. Texts are counted and compared by code point, which takes functions of our own: JavaScript goes by UTF-16 unit.
Equality is a function, too: after `v.A === 1`, the compiler takes `v.A === 2` for a mistake.
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
    walk,
)
from chartgen.settings.patterns import to_javascript

HELPERS = {
    "same": """\
/** Equality, out of the sight of the compiler, which would narrow types by it. */
const same = (a: Value, b: Value): boolean => a === b;
""",
    "before": """\
/** Whether a text comes before another by code point, as in CEL; JavaScript's own < goes by UTF-16 unit. */
// prettier-ignore
function before(a: string, b: string): boolean {
  const left = Array.from(a), right = Array.from(b);
  const at = left.findIndex((char, index) => char !== right[index]);
  return at < 0 ? left.length < right.length : at < right.length && left[at]!.codePointAt(0)! < right[at]!.codePointAt(0)!;
}
""",
    "size": """\
/** The number of code points in a text, as in CEL; JavaScript's own length counts UTF-16 units. */
const size = (text: string): number => Array.from(text).length;
""",
    "matches": """\
const patterns = new Map<string, RegExp>();

function matches(text: string, pattern: string): boolean {
  const compiled = patterns.get(pattern) ?? new RegExp(pattern, "u");
  patterns.set(pattern, compiled);
  return compiled.test(text);
}
""",
    "decimal": """\
/** A number as every enforcer writes it: no exponent, at most 6 decimals, none that is zero at the end. */
// prettier-ignore
const decimal = (value: number): string => value.toFixed(6).replace(/\\.?0+$/, "").replace(/^-0$/, "0");
""",
}
"""The functions that emitted source calls, by their names."""

_SIGNS = {
    BinaryOp.OR: ("||", 2),
    BinaryOp.AND: ("&&", 3),
    BinaryOp.LESS: ("<", 5),
    BinaryOp.LESS_EQUAL: ("<=", 5),
    BinaryOp.GREATER: (">", 5),
    BinaryOp.GREATER_EQUAL: (">=", 5),
    BinaryOp.ADD: ("+", 6),
    BinaryOp.SUBTRACT: ("-", 6),
    BinaryOp.MULTIPLY: ("*", 7),
    BinaryOp.MODULO: ("%", 7),
    BinaryOp.DIVIDE: ("/", 7),
    BinaryOp.FLOOR_DIVIDE: ("/", 7),
    BinaryOp.CEIL_DIVIDE: ("/", 7),
}
_ROUNDING = {BinaryOp.DIVIDE: "trunc", BinaryOp.FLOOR_DIVIDE: "floor", BinaryOp.CEIL_DIVIDE: "ceil"}
_CONDITION, _ADDITION, _NEGATION, _MEMBER = 1, 6, 8, 9


def emit(node: Expression, names: Mapping[Path, str], binding: int = 0) -> str:
    """The expression as TypeScript; in parentheses where what is around it binds more tightly than `binding` says."""
    match node:
        case Literal():
            return _bound(literal(node.value), _NEGATION if str(node.value).startswith("-") else _MEMBER, binding)
        case Reference():
            return names[node.path]
        case Unary():
            sign = "!" if node.op is UnaryOp.NOT else "-"
            # `--` would be another operator.
            own = _NEGATION + 1 if node.op is UnaryOp.NEGATE else _NEGATION
            return _bound(sign + emit(node.operand, names, own), _NEGATION, binding)
        case Binary():
            return _binary(node, names, binding)
        case Conditional():
            condition, then = emit(node.condition, names, _CONDITION + 1), emit(node.then, names, _CONDITION)
            return _bound(f"{condition} ? {then} : {emit(node.otherwise, names, _CONDITION)}", _CONDITION, binding)
        case Within():
            items = ", ".join(emit(item, names) for item in node.items)
            return f"[{items}].includes({emit(node.needle, names)})" if node.items else "false"
        case Call():
            return _call(node, names)
        case _:
            assert_never(node)


def helpers(node: Expression) -> Iterator[str]:
    """The names of the functions that the source of an expression calls."""
    for part in walk(node):
        match part:
            case Binary(op=BinaryOp.EQUAL | BinaryOp.NOT_EQUAL):
                yield "same"
            case Binary(left=left) if part.type is Type.BOOLEAN and left.type is Type.STRING:
                yield "before"
            case Call(function=Function.STRING, arguments=(inner,)) if inner.type is Type.NUMBER:
                yield "decimal"
            case Call(function=Function.SIZE | Function.MATCHES):
                yield part.function.value
            case _:
                pass


def _bound(source: str, own: int, binding: int) -> str:
    return f"({source})" if own < binding else source


def _binary(node: Binary, names: Mapping[Path, str], binding: int) -> str:
    match node.op:
        case BinaryOp.CONCATENATE:
            return _template(node, names)
        case BinaryOp.EQUAL | BinaryOp.NOT_EQUAL:
            equal = f"same({emit(node.left, names)}, {emit(node.right, names)})"
            return equal if node.op is BinaryOp.EQUAL else _bound(f"!{equal}", _NEGATION, binding)
        case BinaryOp.LESS | BinaryOp.LESS_EQUAL | BinaryOp.GREATER | BinaryOp.GREATER_EQUAL:
            return _comparison(node, names, binding)
        case BinaryOp.DIVIDE | BinaryOp.FLOOR_DIVIDE | BinaryOp.CEIL_DIVIDE:
            return f"Math.{_ROUNDING[node.op]}({_infix(node, names, 0)})"
        case _:
            return _infix(node, names, binding)


def _infix(node: Binary, names: Mapping[Path, str], binding: int) -> str:
    sign, own = _SIGNS[node.op]
    return _bound(f"{emit(node.left, names, own)} {sign} {emit(node.right, names, own + 1)}", own, binding)


def _comparison(node: Binary, names: Mapping[Path, str], binding: int) -> str:
    if node.left.type is Type.STRING:
        left, right = emit(node.left, names), emit(node.right, names)
        turned = node.op in {BinaryOp.GREATER, BinaryOp.LESS_EQUAL}
        call = f"before({right}, {left})" if turned else f"before({left}, {right})"
        is_strict = node.op in {BinaryOp.LESS, BinaryOp.GREATER}
        return call if is_strict else _bound(f"!{call}", _NEGATION, binding)
    if node.left.type is Type.BOOLEAN:
        sign, own = _SIGNS[node.op]
        return _bound(f"Number({emit(node.left, names)}) {sign} Number({emit(node.right, names)})", own, binding)
    return _infix(node, names, binding)


def _template(node: Expression, names: Mapping[Path, str]) -> str:
    """A chain of texts as one template."""
    parts = []
    for part in _parts(node):
        match part:
            case Literal():
                written = json.dumps(str(part.value))[1:-1].replace('\\"', '"')
                parts.append(written.replace("`", "\\`").replace("${", "\\${"))
            case Call(function=Function.STRING, arguments=(Literal(type=Type.INTEGER) as number,)):
                parts.append(str(number.value))
            case Call(function=Function.STRING, arguments=(inner,)) if inner.type is not Type.NUMBER:
                parts.append(f"${{{emit(inner, names)}}}")
            case _:
                parts.append(f"${{{emit(part, names)}}}")
    return f"`{''.join(parts)}`"


def _parts(node: Expression) -> Iterator[Expression]:
    if isinstance(node, Binary) and node.op is BinaryOp.CONCATENATE:
        yield from _parts(node.left)
        yield from _parts(node.right)
    else:
        yield node


def _call(node: Call, names: Mapping[Path, str]) -> str:
    first, *rest = node.arguments
    match node.function:
        case Function.SIZE:
            return f"size({emit(first, names)})"
        case Function.STARTS_WITH | Function.ENDS_WITH | Function.CONTAINS:
            method = "includes" if node.function is Function.CONTAINS else node.function.value
            return f"{emit(first, names, _MEMBER)}.{method}({emit(rest[0], names)})"
        case Function.MATCHES:
            assert isinstance(rest[0], Literal)
            return f"matches({emit(first, names)}, {literal(to_javascript(str(rest[0].value)))})"
        case Function.STRING:
            return _string_of(first, names)
        case _:
            assert_never(node.function)


def _string_of(node: Expression, names: Mapping[Path, str]) -> str:
    match node.type:
        case Type.INTEGER | Type.BOOLEAN:
            return f"String({emit(node, names)})"
        case Type.NUMBER:
            return f"decimal({emit(node, names)})"
        case Type.STRING:
            return emit(node, names, _MEMBER)
        case _:
            assert_never(node.type)


def literal(value: Value) -> str:
    """A constant as JavaScript writes it, in ASCII."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value)
