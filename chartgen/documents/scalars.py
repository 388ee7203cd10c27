"""What Helm makes of a YAML scalar.

Helm reads YAML by sigs.k8s.io/yaml: go.yaml.in/yaml/v2 resolves the scalar (its `resolve.go` is the model of this
file), then JSON carries the value, so that every number ends as a float64. A number that is whole comes out as a
Python int equal to that float64; other numbers as float.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from typing import TypeAlias

Value: TypeAlias = "None | bool | int | float | str"

LONG_TAG = "tag:yaml.org,2002:"

_WORDS: dict[str, Value] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_WORD_STARTS = frozenset("yYnNtTfFoO~.")
_NUMBER_STARTS = frozenset("0123456789+-.")
_DIGITS = frozenset("0123456789")

_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_DOT_FLOAT = re.compile(r"\.[0-9](_?[0-9])*([eE][-+]?[0-9](_?[0-9])*)?")
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([1-9][0-9]*|0))")
_SIGNED_BINARY = re.compile(r"0b([-+][01]+)")
_BASES = (16, 2, 8, 10)
_MIN_INT64 = -(2**63)
_MAX_INT64 = 2**63 - 1
_MAX_UINT64 = 2**64 - 1


def resolve_plain(text: str) -> Value:
    """The value of a plain scalar without a tag: what `resolve` in Go's `resolve.go` says, before JSON.

    Infinities and NaN come out as such: whether they are a fault depends on where they stand.
    """
    if not text:
        return None
    first = text[0]
    if first in _WORD_STARTS and text in _WORDS:
        return _WORDS[text]
    if first not in _NUMBER_STARTS:
        return text
    # The usual number, and the usual word that starts like one ("10s", "1.2.3"), without a pattern.
    if first in "123456789" and text.isdecimal() and text.isascii() and len(text) < 16:
        return int(text)
    if text in _WORDS:
        return _WORDS[text]
    number = _dotted(text) if first == "." else _number(text.replace("_", ""))
    return text if number is None else number


def whole(number: float) -> int | float:
    """A float64 as an int if it is whole (so `-0.0` and `1.0` are 0 and 1), else itself."""
    return int(number) if number == number and number - number == 0 and number.is_integer() else number


def _dotted(text: str) -> int | float | None:
    if not _DOT_FLOAT.fullmatch(text):
        return None
    return _finite(text.replace("_", ""))


def _finite(text: str) -> int | float | None:
    number = float(text)
    # Go's ParseFloat calls an overflow an error, and the scalar stays a string.
    return None if number in (float("inf"), float("-inf")) else whole(number)


def _number(plain: str) -> int | float | None:
    integer = go_integer(plain)
    if integer is not None:
        return whole(float(integer))
    if _FLOAT.fullmatch(plain):
        return _finite(plain)
    return None


def go_integer(plain: str) -> int | None:
    """The integer that Go's `strconv` finds, base prefixes included: int64, or uint64 without a sign; else None."""
    match = _INTEGER.fullmatch(plain)
    if match is None:
        # A quirk of the resolver: what follows "0b" is parsed with its own sign.
        signed = _SIGNED_BINARY.fullmatch(plain)
        number = int(signed[1], 2) if signed else None
        return number if number is not None and _MIN_INT64 <= number <= _MAX_INT64 else None
    sign = match[1]
    index = match.lastindex or 0
    digits = match[index]
    if len(digits) > 64:
        digits = digits.lstrip("0") or "0"
        if len(digits) > 64:
            return None
    number = int(digits, _BASES[index - 2])
    if sign == "-":
        number = -number
    return number if _MIN_INT64 <= number <= (_MAX_INT64 if sign else _MAX_UINT64) else None


class BadScalarError(ValueError):
    """A scalar that its tag does not allow; the message says it in a sentence's end."""


def resolve_tagged(tag: str, text: str) -> Value:
    """The value of a scalar with a tag, quoted or not: Go resolves the text, then compares.

    Raises:
        BadScalarError: the text is not what the tag says.
    """
    if tag == LONG_TAG + "binary":
        return _binary(text)
    expected = _CHECKED_TAGS.get(tag)
    if expected is None:
        # Helm ignores every tag that it does not know, !!str included.
        return text
    value = resolve_plain(text)
    if not _fits(expected, value, text):
        message = f"`{text}` is not a {expected}"
        raise BadScalarError(message)
    return value


_CHECKED_TAGS = {LONG_TAG + name: name for name in ("null", "bool", "int", "float", "timestamp")}


def _fits(expected: str, value: Value, text: str) -> bool:
    match expected:
        case "null":
            return value is None
        case "bool":
            return isinstance(value, bool)
        case "timestamp":
            return isinstance(value, str) and is_timestamp(text)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    integer = go_integer(text.replace("_", "")) if text[0] != "." else None
    # `!!float` takes an int64, but not a uint64: so Go's resolver has it.
    return integer is not None if expected == "int" else integer is None or integer <= _MAX_INT64


_TIMESTAMP = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:[Tt ]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})([.,][0-9]+)?(Z|[-+][0-9]{2}:[0-9]{2})?)?"
)


def is_timestamp(text: str) -> bool:
    """Whether Go's resolver accepts the text for `!!timestamp`."""
    return _TIMESTAMP.fullmatch(text) is not None


def _go_replacement(error: UnicodeError) -> tuple[str, int]:
    # Go's JSON writes one replacement character for every bad byte, Python's `replace` one for every bad sequence.
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\ufffd" * (error.end - error.start), error.end


codecs.register_error("chartgen.go", _go_replacement)


def _binary(text: str) -> str:
    try:
        data = base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        message = "the text is not base64"
        raise BadScalarError(message) from None
    return data.decode("utf-8", "chartgen.go")
