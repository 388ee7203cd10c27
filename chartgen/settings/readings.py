"""What a value of the wrong type surely means: `"5000"` is a number in quotes, `no` a text without.

Where a value can be read in two ways, or in none, nothing is said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from chartgen.documents.scalars import resolve_plain
from chartgen.settings.expression import Type
from chartgen.settings.strings import parse_text

Plain: TypeAlias = "bool | int | float | str"

_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(_[0-9]{3})+")
_EXPONENT = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?[eE][-+]?[0-9]{1,2}")
_WITH_UNIT = re.compile(r"(.*[0-9]) ?(ms|s|min|%)")
_MILLISECONDS = {"ms": 1, "s": 1000, "min": 60_000}
_BLANKS = " \t\r\n"


def certain(types: Iterable[str], value: object, written: str, unit: str = "") -> Plain | None:
    """The one value of one of the JSON types that a value of another type stands for, else None.

    `written` is its text in the file, `unit` the setting's `x-unit`. A number is read by the grammar of settings as
    texts, also with an exponent, with `_` between groups of three digits, or with its unit behind it.
    """
    wanted = set(types)
    found = dict.fromkeys(_readings(wanted, value, written, unit))
    return next(iter(found)) if len(found) == 1 else None


def _readings(types: set[str], value: object, written: str, unit: str) -> Iterator[Plain]:
    if isinstance(value, str):
        text = value.strip(_BLANKS)
        if "boolean" in types and isinstance(word := resolve_plain(text), bool):
            yield word
        number = _number(text, unit) if types & {"integer", "number"} else None
        if isinstance(number, int) or (number is not None and "number" in types):
            yield number
    elif "string" in types and isinstance(value, bool | int | float) and _is_bare(written):
        yield written


def _is_bare(written: str) -> bool:
    """Whether a text in a file is a plain scalar on one line, as its author would quote it."""
    return bool(written) and written[0] not in "'\"*&!|>" and written.isprintable()


def _number(text: str, unit: str) -> int | float | None:
    if _GROUPED.fullmatch(text):
        text = text.replace("_", "")
    with_unit = _WITH_UNIT.fullmatch(text)
    if with_unit is None:
        return _plain_number(text)
    count, named = _plain_number(with_unit[1]), with_unit[2]
    if count is None or unit not in (*_MILLISECONDS, "percent"):
        return None
    if named == unit or (named == "%" and unit == "percent"):
        return count
    return _converted(count, _MILLISECONDS.get(named, 0), _MILLISECONDS.get(unit, 0))


def _converted(count: float, size: int, unit: int) -> int | None:
    """So many of one unit in another one, where that is a whole number."""
    found = Fraction(repr(count)) * size / unit if size and unit else None
    return int(found) if found is not None and found.denominator == 1 else None


def _plain_number(text: str) -> int | float | None:
    if _EXPONENT.fullmatch(text):
        text = format(Decimal(text), "f")
    found = parse_text(Type.NUMBER, text)
    if not isinstance(found, float):
        return None
    return int(found) if found.is_integer() else found
