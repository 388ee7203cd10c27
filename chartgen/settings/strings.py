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

BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
"""What is blank at the ends of a text: Unicode's White_Space, which Go, and so the API server, trims as well."""

NO_TEXT = "{env} is {what}; a setting is a text"
UNREAD = "{env} is {shown}, which is not read as {expected}"
AROUND = "{env} is {shown}, with blanks around the value; expected {expected}"
BROKEN = "{env} is {shown}; expected {expected}"
"""What is said of a text that is no value of its setting, or none that is allowed."""

WITHOUT_BLANKS = "write it without blanks"
HOW = {
    Type.INTEGER: "digits alone: no blanks, no `_`, no exponent",
    Type.NUMBER: "digits with at most one point: no blanks, no `_`, no exponent",
    Type.BOOLEAN: "true or false, in small letters",
    Type.STRING: "a text",
}
"""How a value of the type is written."""

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
