"""The one grammar for settings as strings: ConfigMaps, environment variables, `.env` files. Every target gets it.

No blanks, no exponents, no underscores, no digits but ASCII's; a string is itself.
"""

from __future__ import annotations

import re
from typing import assert_never

from chartgen.settings.expression import Type, Value

INTEGER_PATTERN = "-?(0|[1-9][0-9]{0,15})"
"""The whole text of an integer; unanchored, in the syntax that RE2, Python and JavaScript share."""

NUMBER_PATTERN = r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?"
"""The whole text of a number; unanchored, in the syntax that RE2, Python and JavaScript share."""

_BOOLEANS = {"true": True, "false": False}


def parse_text(type: Type, text: str) -> Value | None:  # noqa: A002 - the word of the settings schema
    """The value that the text says, or None if it does not follow the grammar. Bounds are not looked at."""
    match type:
        case Type.INTEGER:
            return int(text) if re.fullmatch(INTEGER_PATTERN, text) else None
        case Type.NUMBER:
            return float(text) + 0.0 if re.fullmatch(NUMBER_PATTERN, text) else None
        case Type.BOOLEAN:
            return _BOOLEANS.get(text)
        case Type.STRING:
            return text
    assert_never(type)


def render_text(type: Type, value: Value) -> str:  # noqa: A002 - the word of the settings schema
    """The text that every target reads back as the value.

    Integers are plain digits; numbers have at most 6 decimals, no exponent and no trailing zero; -0 is 0.
    """
    match type:
        case Type.INTEGER:
            return str(int(value))
        case Type.NUMBER:
            text = f"{float(value):.6f}".rstrip("0").rstrip(".")
            return "0" if text == "-0" else text
        case Type.BOOLEAN:
            return "true" if value else "false"
        case Type.STRING:
            return str(value)
    assert_never(type)
