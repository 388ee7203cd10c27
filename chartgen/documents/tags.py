"""What Helm makes of a YAML scalar with a tag: it checks five tags, decodes one and ignores the rest."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from datetime import datetime

from chartgen.documents.scalars import MAX_INT64, Value, go_value

LONG_TAG = "tag:yaml.org,2002:"

_CHECKED = {LONG_TAG + name: name for name in ("null", "bool", "int", "float", "timestamp")}
_NAMES = {"null": "null", "bool": "a boolean", "int": "an integer", "float": "a number", "timestamp": "a timestamp"}
_TIMESTAMP = re.compile(
    r"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})"
    r"(?:[Tt]([0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2})(?:[.,][0-9]+)?(?:Z|[-+]([0-9]{2}):([0-9]{2}))"
    r"| ([0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2})(?:[.,][0-9]+)?)?"
)


class BadScalarError(ValueError):
    """A scalar that its tag does not allow; the message says so."""


def tagged_value(tag: str, text: str) -> Value:
    """The value of a scalar with a tag, quoted or not, as `go_value`: Go resolves the text, then compares.

    Raises:
        BadScalarError: the text is not what the tag says.
    """
    if tag == LONG_TAG + "binary":
        return _binary(text)
    expected = _CHECKED.get(tag)
    if expected is None:
        return text
    value = go_value(text)
    if not _fits(expected, value, text):
        message = f"`{text}` is not {_NAMES[expected]}, as its tag says"
        raise BadScalarError(message)
    return float(value) if expected == "float" and isinstance(value, int) else value


def _fits(expected: str, value: Value, text: str) -> bool:
    if expected == "null":
        return value is None
    if expected == "bool":
        return isinstance(value, bool)
    if expected == "timestamp":
        return isinstance(value, str) and _is_timestamp(text)
    if expected == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    # A quirk of the resolver: `!!float` takes an int64, but not a uint64.
    return isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool) and value <= MAX_INT64)


def _is_timestamp(text: str) -> bool:
    match = _TIMESTAMP.fullmatch(text)
    if match is None or int(match[3] or 0) > 24 or int(match[4] or 0) > 60:
        return False
    year, month, day = map(int, match[1].split("-"))
    hour, minute, second = map(int, (match[2] or match[5] or "0:0:0").split(":"))
    try:
        # Go knows a year 0, a leap year, and Python does not.
        datetime(year or 2000, month, day, hour, minute, second)  # noqa: DTZ001 - only its fields are looked at
    except ValueError:
        return False
    return True


def _binary(text: str) -> str:
    try:
        data = base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
    except (binascii.Error, ValueError):
        message = "the text is not base64, as its tag says"
        raise BadScalarError(message) from None
    return data.decode("utf-8", "chartgen.go")


def _go_replacement(error: UnicodeError) -> tuple[str, int]:
    # Go's JSON writes one replacement character for every bad byte, Python's `replace` one for every bad sequence.
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\ufffd" * (error.end - error.start), error.end


codecs.register_error("chartgen.go", _go_replacement)
