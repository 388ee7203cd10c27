"""A setting's own limits as expressions over it: one table for every enforcer.

A `Constraint` is what one keyword demands, once the value has the right type. Every enforcer says of a value that
breaks it: `<name> is <value>; expected <expected>`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from chartgen.records import dataclass
from chartgen.settings.expression import (
    Binary,
    BinaryOp,
    Call,
    Expression,
    Function,
    Literal,
    Reference,
    Type,
    Value,
    Within,
)
from chartgen.settings.model import NUMBER_BOUND, SAFE_INTEGER, Setting
from chartgen.settings.strings import render_text

TYPE_NAMES = {
    Type.INTEGER: "an integer",
    Type.NUMBER: "a number with at most 6 decimals",
    Type.BOOLEAN: "true or false",
    Type.STRING: "a text",
}


@dataclass(frozen=True)
class Constraint:
    """What a keyword demands: `holds` is true of good values; `expected` completes "expected ..."."""

    keyword: str
    code: str
    holds: Expression
    expected: str


@lru_cache(maxsize=1024)
def constraints(setting: Setting) -> tuple[Constraint, ...]:
    """The limits of a setting, those of its type first; a value of the wrong type is not asked of them."""
    return tuple(_limits(setting))


def show(value: object) -> str:
    """A value as messages show it: JSON, cut after 80 characters."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    if isinstance(value, float) and "e" in text:  # Go, and so Helm, writes small numbers out
        text = f"{Decimal(text):f}" if 1e-6 <= abs(value) < 1e21 else text.replace("e-0", "e-")
    return text if len(text) <= 80 else text[:77] + "..."


def _limits(setting: Setting) -> Iterator[Constraint]:
    reference = Reference(setting.path, setting.type)
    if setting.type in (Type.INTEGER, Type.NUMBER):
        yield from _range_of_type(setting, SAFE_INTEGER if setting.type is Type.INTEGER else NUMBER_BOUND)
    bounds, unit = setting.bounds, _unit(setting)
    for keyword, op, limit, words in (
        ("minimum", BinaryOp.GREATER_EQUAL, bounds.minimum, "at least"),
        ("maximum", BinaryOp.LESS_EQUAL, bounds.maximum, "at most"),
        ("exclusiveMinimum", BinaryOp.GREATER, bounds.exclusive_minimum, "more than"),
        ("exclusiveMaximum", BinaryOp.LESS, bounds.exclusive_maximum, "less than"),
    ):
        if limit is not None:
            literal = _literal(limit, setting.type)
            text = render_text(setting.type, literal.value)
            yield Constraint(keyword, "CG202", _binary(op, reference, literal), f"{words} {text}{unit}")
    if bounds.multiple_of is not None:
        rest = Binary(BinaryOp.MODULO, reference, _literal(bounds.multiple_of, Type.INTEGER), Type.INTEGER)
        holds = _binary(BinaryOp.EQUAL, rest, Literal(0, Type.INTEGER))
        yield Constraint("multipleOf", "CG202", holds, f"a multiple of {bounds.multiple_of}{unit}")
    yield from _choices(setting, reference)
    yield from _text_limits(setting, reference)


def _range_of_type(setting: Setting, bound: int) -> Iterator[Constraint]:
    reference = Reference(setting.path, setting.type)
    bounds = setting.bounds
    low = bounds.minimum if bounds.minimum is not None else bounds.exclusive_minimum
    high = bounds.maximum if bounds.maximum is not None else bounds.exclusive_maximum
    for written, op, limit in ((low, BinaryOp.GREATER_EQUAL, -bound), (high, BinaryOp.LESS_EQUAL, bound)):
        if written is not None:
            continue
        within = _binary(op, reference, _literal(limit, setting.type))
        yield Constraint("type", "CG202", within, f"a value within ±{bound}")


def _choices(setting: Setting, reference: Reference) -> Iterator[Constraint]:
    bounds = setting.bounds
    if bounds.enum is not None:
        items = tuple(_literal(item, setting.type) for item in bounds.enum)
        words = ", ".join(_written(item) for item in items)
        yield Constraint("enum", "CG204", Within(reference, items), f"one of {words}")
    if bounds.const is not None:
        literal = _literal(bounds.const, setting.type)
        yield Constraint("const", "CG204", _binary(BinaryOp.EQUAL, reference, literal), f"exactly {_written(literal)}")


def _text_limits(setting: Setting, reference: Reference) -> Iterator[Constraint]:
    bounds = setting.bounds
    size = Call(Function.SIZE, (reference,), Type.INTEGER)
    for keyword, op, limit, words in (
        ("minLength", BinaryOp.GREATER_EQUAL, bounds.min_length, "at least"),
        ("maxLength", BinaryOp.LESS_EQUAL, bounds.max_length, "at most"),
    ):
        if limit is not None:
            noun = "character" if limit == 1 else "characters"
            holds = _binary(op, size, Literal(limit, Type.INTEGER))
            yield Constraint(keyword, "CG202", holds, f"{words} {limit} {noun}")
    if bounds.pattern is not None:
        pattern = Literal(bounds.pattern, Type.STRING)
        matches = Call(Function.MATCHES, (reference, pattern), Type.BOOLEAN)
        yield Constraint("pattern", "CG205", matches, f"a match of {bounds.pattern}")


def _written(literal: Literal) -> str:
    return show(literal.value) if literal.type is Type.STRING else render_text(literal.type, literal.value)


def _unit(setting: Setting) -> str:
    return f" {setting.unit}" if setting.unit and setting.unit != "count" else ""


def _literal(value: Value, type_: Type) -> Literal:
    return Literal(float(value) if type_ is Type.NUMBER else int(value) if type_ is Type.INTEGER else value, type_)


def _binary(op: BinaryOp, left: Expression, right: Expression) -> Binary:
    return Binary(op, left, right, Type.BOOLEAN)
