"""What Helm makes of a YAML scalar.

Helm reads YAML by sigs.k8s.io/yaml: go-yaml v2 resolves the scalar (its `resolve.go` is the model of `go_value`), then
JSON carries the value, so that every number ends as a float64. A number that is whole comes out as a Python int, the
one that Go prints; other numbers as float.
"""

from __future__ import annotations

import math
import re
from typing import TypeAlias

Value: TypeAlias = "None | bool | int | float | str"

MAX_INT64 = 2**63 - 1

_WORDS: dict[str, Value] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}
_WORD_STARTS = frozenset("yYnNtTfFoO~")
_NUMBER_STARTS = frozenset("0123456789+-.")
_SPECIAL_STARTS = _WORD_STARTS | _NUMBER_STARTS
_NO_ZERO = frozenset("123456789")

_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DOT_FLOAT = re.compile(r"\.[0-9](_?[0-9])*([eE][-+]?[0-9](_?[0-9])*)?")
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([1-9][0-9]*|0))")
_SIGNED_BINARY = re.compile(r"0b([-+][01]+)")
_BASES = (16, 2, 8, 10)
_MIN_INT64 = -(2**63)
_PRINTED_WHOLE = 1e16  # Python prints no exponent below
_MAX_UINT64 = 2**64 - 1


def resolve_plain(text: str) -> Value:
    """The value of a plain scalar without a tag.

    Infinities and NaN come out as such: whether they are a fault depends on where they stand.
    """
    if not text:
        return None
    first = text[0]
    if first in _WORD_STARTS:
        return _WORDS.get(text, text)
    if first not in _NUMBER_STARTS:
        return text
    # The usual number, without a pattern: fewer digits than a float64 holds.
    if first in _NO_ZERO and len(text) < 16 and text.isdecimal() and text.isascii():
        return int(text)
    return as_json(go_value(text))


def is_text_to_go(text: str) -> bool:
    """Whether a plain scalar is a text by its first character alone."""
    return bool(text) and text[0] not in _SPECIAL_STARTS


def as_json(value: Value) -> Value:
    """A value after JSON: numbers are float64, and an int where that is whole (`-0.0`, `1.0`, 2**53 + 1)."""
    if value.__class__ is not int and value.__class__ is not float:
        return value
    return whole(float(value or 0))


def whole(number: float) -> int | float:
    """A float64 as an int if it is whole, else itself. A large one is the shortest decimal that means it, as Go prints it."""
    if not number.is_integer():
        return number
    if -_PRINTED_WHOLE < number < _PRINTED_WHOLE:
        return int(number)
    digits, _, exponent = repr(number).partition("e")
    before, _, after = digits.partition(".")
    zeros = int(exponent) - len(after)
    return int(before + after + "0" * zeros)


def go_value(text: str) -> Value:
    """The value of a plain scalar as go-yaml has it: ints exact (above int64: Go's uint64), floats as written."""
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first == ".":
        return _parse_float(text.replace("_", ""), text) if _DOT_FLOAT.fullmatch(text) else text
    if first not in _NUMBER_STARTS:
        return text
    plain = text.replace("_", "")
    integer = _parse_integer(plain)
    if integer is not None:
        return integer
    return _parse_float(plain, text) if _FLOAT.fullmatch(plain) else text


def _parse_float(plain: str, text: str) -> float | str:
    number = float(plain)
    # An overflow is an error to Go's ParseFloat, and the scalar stays a string.
    return text if math.isinf(number) else number


def _parse_integer(plain: str) -> int | None:
    """Go's `ParseInt` and `ParseUint` with base 0: int64, or uint64 without a sign; else None."""
    match = _INTEGER.fullmatch(plain)
    if match is None:
        # A quirk of the resolver: what follows "0b" is parsed with its own sign.
        signed = _SIGNED_BINARY.fullmatch(plain)
        return _bounded(int(signed[1], 2), MAX_INT64) if signed and len(plain) < 100 else None
    index = match.lastindex or 0
    digits = match[index].lstrip("0") or "0"
    if len(digits) > 64:
        return None
    number = int(digits, _BASES[index - 2])
    return _bounded(-number if match[1] == "-" else number, MAX_INT64 if match[1] else _MAX_UINT64)


def _bounded(number: int, most: int) -> int | None:
    return number if _MIN_INT64 <= number <= most else None
