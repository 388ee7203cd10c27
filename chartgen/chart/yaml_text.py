"""Plain values as YAML text that every reader takes for the same values, and sentences as its comments.

Not PyYAML's dumper: it knows no comments, and quotes by other rules than Helm's reader reads by.
"""

from __future__ import annotations

import re
import textwrap
from decimal import Decimal

from chartgen.documents.nodes import Plain
from chartgen.documents.scalar_text import quoted

WIDTH = 100
"""The longest line of a comment, in code points, its indentation counted."""

# What no YAML reader, of 1.1 or 1.2, takes for anything but a text.
_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./-]*|[0-9]+(m|Mi|Gi|Ki)")
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})


def word(text: str) -> str:
    """The text without quotes where that is safe; for keys and for values that people write so."""
    return text if _PLAIN.fullmatch(text) and text.lower() not in _WORDS else quoted(text)


def number(value: float) -> str:
    """The number in plain digits: no exponent, no `.0`."""
    return str(int(value)) if value == int(value) else format(Decimal(repr(value)), "f")


def scalar(value: bool | float | str | None) -> str:
    """A scalar on one line; texts as `word` has them."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return word(value) if isinstance(value, str) else number(value)


def setting_value(value: bool | float | str) -> str:
    """The value of a setting: a text always in quotes, so that it is seen to be one."""
    return quoted(value) if isinstance(value, str) else scalar(value)


def entry(key: str, value: Plain, indent: int = 0) -> list[str]:
    """The lines of `key: value` in block style, indented by so many blanks."""
    blanks = " " * indent
    if isinstance(value, dict) and value:
        return [f"{blanks}{word(key)}:", *_mapping(value, indent + 2)]
    if isinstance(value, list) and value:
        return [f"{blanks}{word(key)}:", *_sequence(value, indent + 2)]
    return [f"{blanks}{word(key)}: {flow(value)}"]


def _mapping(value: dict[str, Plain], indent: int) -> list[str]:
    return [line for key, item in value.items() for line in entry(key, item, indent)]


def _sequence(value: list[Plain], indent: int) -> list[str]:
    lines: list[str] = []
    for item in value:
        if isinstance(item, dict) and item:
            first, *rest = _mapping(item, indent + 2)
            lines += [f"{' ' * indent}- {first.lstrip()}", *rest]
        else:
            lines.append(f"{' ' * indent}- {flow(item)}")
    return lines


def flow(value: Plain) -> str:
    """The value on one line, in flow style."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{word(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return scalar(value)


def comment(text: str, indent: int = 0) -> list[str]:
    """The text as comment lines, wrapped; a blank line in it starts a new paragraph."""
    prefix = " " * indent + "# "
    lines: list[str] = []
    for paragraph in re.split(r"\n[ \t]*\n", text):
        words = one_line(paragraph)
        lines += textwrap.wrap(words, WIDTH - len(prefix), break_long_words=False, break_on_hyphens=False)
    return [prefix + line for line in lines]


def one_line(text: str) -> str:
    """The text with every break and run of blanks made one blank, and what cannot be printed left out."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
