"""Spans that libyaml does not give: a value without its tag and anchor, a block without the lines behind it."""

from __future__ import annotations

import re

_PROPERTIES = r"(?:(?:&[0-9A-Za-z_-]*|!\S*)\s*(?:#.*\s*)*)+"
_BLANKS = " \t\r\n\x85\u2028\u2029"


def value_start(text: str, start: int, end: int) -> int:
    """The offset of the value whose tag and anchor begin at `start`; `end` if there is no more of it."""
    match = re.compile(_PROPERTIES).match(text, start, end)
    return match.end() if match else start


def has_bare_tag(properties: str) -> bool:
    """Whether `!` alone is among the properties of a value: its scalar is a string, whatever it looks like."""
    return "!" in properties.split()


def block_end(text: str, start: int, end: int) -> int:
    """The end of a block scalar's last line that is not blank."""
    return start + len(text[start:end].rstrip(_BLANKS))
