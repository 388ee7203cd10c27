"""A checked CEL expression, from its wire form to our frozen nodes.

Google's runtime gives a compiled rule away only as bytes: a `cel.expr.CheckedExpr` in a `google.protobuf.Any`
(https://github.com/cel-expr/cel-spec/blob/master/proto/cel/expr/checked.proto). The few fields that rules need are
read through `wire.py`; the protobuf library would cost every run its import. A test proves this against protobuf.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

from chartgen.records import dataclass
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
    Within,
)
from chartgen.settings.model import NUMBER_BOUND, NUMBER_DECIMALS
from chartgen.settings.wire import Field, all_of, fields_of, last, last_int, map_of

_BINARY = {
    "add_int64": BinaryOp.ADD,
    "subtract_int64": BinaryOp.SUBTRACT,
    "multiply_int64": BinaryOp.MULTIPLY,
    "divide_int64": BinaryOp.DIVIDE,
    "modulo_int64": BinaryOp.MODULO,
    "add_string": BinaryOp.CONCATENATE,
    "equals": BinaryOp.EQUAL,
    "not_equals": BinaryOp.NOT_EQUAL,
    "less_int64": BinaryOp.LESS,
    "less_double": BinaryOp.LESS,
    "less_string": BinaryOp.LESS,
    "less_equals_int64": BinaryOp.LESS_EQUAL,
    "less_equals_double": BinaryOp.LESS_EQUAL,
    "less_equals_string": BinaryOp.LESS_EQUAL,
    "greater_int64": BinaryOp.GREATER,
    "greater_double": BinaryOp.GREATER,
    "greater_string": BinaryOp.GREATER,
    "greater_equals_int64": BinaryOp.GREATER_EQUAL,
    "greater_equals_double": BinaryOp.GREATER_EQUAL,
    "greater_equals_string": BinaryOp.GREATER_EQUAL,
    "logical_and": BinaryOp.AND,
    "logical_or": BinaryOp.OR,
}
_UNARY = {"negate_int64": UnaryOp.NEGATE, "logical_not": UnaryOp.NOT}
_FUNCTION = {
    "size_string": Function.SIZE,
    "string_size": Function.SIZE,
    "starts_with_string": Function.STARTS_WITH,
    "ends_with_string": Function.ENDS_WITH,
    "contains_string": Function.CONTAINS,
    "matches": Function.MATCHES,
    "matches_string": Function.MATCHES,
    "int64_to_string": Function.STRING,
    "bool_to_string": Function.STRING,
    "string_to_string": Function.STRING,
}
_PRIMITIVE = {1: Type.BOOLEAN, 2: Type.INTEGER, 4: Type.NUMBER, 5: Type.STRING}
_DOUBLE_ARITHMETIC = frozenset({"add_double", "subtract_double", "multiply_double", "divide_double", "negate_double"})


class OutsideSubsetError(Exception):
    """The expression is valid CEL, but not every enforcer has this part of it."""

    def __init__(self, offset: int, message: str, remedy: str) -> None:
        super().__init__(message)
        self.offset, self.message, self.remedy = offset, message, remedy


@dataclass(frozen=True)
class _Tables:
    """What the checker learned, by node id, and the author's text."""

    text: str
    overloads: Mapping[int, str]
    types: Mapping[int, Type | None]
    positions: Mapping[int, int]
    variables: Mapping[str, Path]


def read_checked(serialized: bytes, text: str, variables: Mapping[str, Path]) -> Expression:
    """The nodes of a serialized checked expression.

    `text` is the expression as written; `variables` maps CEL's names (`self.a.b`) to whole paths of settings.

    Raises:
        OutsideSubsetError: a part of the expression is not in the subset; it has the offset (code points) in `text`.
    """
    checked = last(fields_of(serialized), 2)
    fields = fields_of(checked)
    tables = _Tables(
        text=text,
        overloads=map_of(fields, 2, _overload),
        types=map_of(fields, 3, _type),
        positions={
            int(last_int(pair, 1)): int(last_int(pair, 2))
            for pair in (fields_of(value) for value in all_of(fields_of(last(fields, 5)), 4))
        },
        variables=variables,
    )
    return _node(last(fields, 4), tables)


def _node(data: bytes, tables: _Tables) -> Expression:
    fields = dict(fields_of(data))
    identifier = fields.get(2, 0)
    if not isinstance(identifier, int):
        message = "malformed checked expression"
        raise TypeError(message)
    offset = tables.positions.get(identifier, 0)
    match fields:
        case {3: bytes(constant)}:
            return _literal(constant, offset)
        case {4: bytes(name)}:
            return _reference(last(fields_of(name), 1).decode(), identifier, offset, tables)
        case {6: bytes(call)}:
            return _call(fields_of(call), identifier, offset, tables)
        case {7: bytes()}:
            raise OutsideSubsetError(offset, "a list can stand only on the right of `in`", "compare element by element")
        case {9: bytes()}:
            raise OutsideSubsetError(offset, "macros over lists are not available", "write the comparisons out")
        case _:
            raise OutsideSubsetError(offset, "only settings, literals and operators are available", "simplify the rule")


def _literal(constant: bytes, offset: int) -> Literal:
    (number, value), *_ = fields_of(constant)
    match number, value:
        case 2, int():
            return Literal(bool(value), Type.BOOLEAN, offset)
        case 3, int():
            return Literal(value - 2**64 if value >= 2**63 else value, Type.INTEGER, offset)
        case 5, bytes():
            return Literal(_number(struct.unpack("<d", value)[0], offset), Type.NUMBER, offset)
        case 6, bytes():
            return Literal(value.decode(), Type.STRING, offset)
        case _:
            raise OutsideSubsetError(
                offset,
                "literals are booleans, integers, numbers and texts",
                "drop the suffix `u`, the prefix `b`, or the null",
            )


def _number(value: float, offset: int) -> float:
    if abs(value) > NUMBER_BOUND or float(f"{value:.{NUMBER_DECIMALS}f}") != value:
        raise OutsideSubsetError(
            offset,
            f"a number has at most {NUMBER_DECIMALS} decimals and lies within ±{NUMBER_BOUND}",
            "round it, or use an integer setting in a smaller unit",
        )
    return value


def _reference(name: str, identifier: int, offset: int, tables: _Tables) -> Reference:
    path, type_ = tables.variables.get(name), tables.types.get(identifier)
    # `has(self.a)` becomes a plain reference in the checked tree; only its position, the parenthesis, tells.
    if path is None or type_ is None or tables.text[offset : offset + 1] != ".":
        raise OutsideSubsetError(
            offset,
            "`has` and names other than settings are not available",
            "drop it: a setting that is absent has its default",
        )
    return Reference(path, type_, offset)


def _call(fields: list[Field], identifier: int, offset: int, tables: _Tables) -> Expression:
    function = last(fields, 2).decode()
    overload = tables.overloads.get(identifier, "")
    written = ([last(fields, 1)] if any(number == 1 for number, _ in fields) else []) + all_of(fields, 3)
    if function == "@in" and overload == "in_list":
        return _within(written, offset, tables)
    type_ = tables.types.get(identifier)
    operands = tuple(_node(part, tables) for part in written)
    if type_ is not None and overload in _BINARY and len(operands) == 2:
        return Binary(_BINARY[overload], operands[0], operands[1], type_, offset)
    if type_ is not None and overload in _UNARY:
        return Unary(_UNARY[overload], operands[0], type_, offset)
    if type_ is not None and overload in _FUNCTION:
        return Call(_FUNCTION[overload], operands, type_, offset)
    if type_ is not None and overload == "conditional":
        return Conditional(operands[0], operands[1], operands[2], type_, offset)
    raise _unavailable(function, overload, offset)


def _within(written: list[bytes], offset: int, tables: _Tables) -> Within:
    needle, items = written
    elements = dict(fields_of(items)).get(7)
    if not isinstance(elements, bytes):
        raise OutsideSubsetError(offset, "the right of `in` must be a list written out", "write `in [a, b]`")
    parts = all_of(fields_of(elements), 1)
    if not parts:
        raise OutsideSubsetError(offset, "nothing is in an empty list", "write the allowed values into the list")
    found, listed = _node(needle, tables), tuple(_node(part, tables) for part in parts)
    for item in listed:
        if item.type is not found.type:
            raise OutsideSubsetError(
                item.offset, "an item of the list has another type than what is looked for in it", "take it out"
            )
    return Within(found, listed, offset=offset)


def _unavailable(function: str, overload: str, offset: int) -> OutsideSubsetError:
    name = function.strip("_@") or function
    if overload in _DOUBLE_ARITHMETIC:
        return OutsideSubsetError(
            offset,
            "numbers can be compared but not computed with: Helm computes decimals, not doubles",
            "make the setting an integer in a smaller unit, such as ms or bytes",
        )
    if overload == "double_to_string":
        return OutsideSubsetError(
            offset, "string() of a number differs between enforcers", "use an integer setting, or leave it out"
        )
    return OutsideSubsetError(
        offset,
        f"`{name}` is not available in rules",
        "use arithmetic, comparisons, && || ! ?:, in, size, startsWith, endsWith, contains, matches, string",
    )


def _type(data: bytes) -> Type | None:
    primitive = dict(fields_of(data)).get(3)
    return _PRIMITIVE.get(primitive) if isinstance(primitive, int) else None


def _overload(data: bytes) -> str:
    overloads = all_of(fields_of(data), 3)
    return overloads[0].decode() if overloads else ""
