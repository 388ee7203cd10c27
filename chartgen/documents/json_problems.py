"""What to say of a text that is no JSON, and what to write instead."""

from __future__ import annotations

from chartgen.documents.nodes import Entry
from chartgen.finding import Finding, Note, Severity

_SHOWN = 40
_OF_YAML = {
    "/": "JSON has no comments: remove it",
    "#": "JSON has no comments: remove it",
    "'": "JSON has double quotes alone",
}
_WORDS = {
    "none": "null",
    "nil": "null",
    "~": "null",
    "undefined": "null",
    "null": "null",
    "true": "true",
    "false": "false",
}

Words = tuple[str, str]
"""What is wrong, and the help."""


def shown(text: str) -> str:
    """The beginning of a text."""
    return text[:_SHOWN]


def no_key(found: str) -> Words:
    """Where a key has to stand."""
    return "expected a key in double quotes" + (", not a comma" if found == "," else ""), _OF_YAML.get(found, "")


def no_value(found: str) -> Words:
    """Where a value has to stand: the word or character that does instead, nothing at the end."""
    what = f"`{shown(found)}`" if found else "the end of the text"
    word = _WORDS.get(found.lower(), "")
    help_text = f"write `{word}`" if word else "put a text in double quotes" if found[:1].isalpha() else ""
    return f"expected a JSON value, found {what}", help_text


def no_number(found: str) -> Words:
    """What begins like a number and is none."""
    help_text = (
        "write it as JSON does, with a digit on both sides of a dot and no zero before others, or in double quotes"
    )
    return f"`{shown(found)}` is not a number in JSON", help_text


def large_number(found: str) -> Words:
    """A number beyond float64."""
    message = f"{shown(found)} is larger than any number that JSON readers hold"
    return message, "write a smaller number, or a text in double quotes"


def control_character(code: int) -> Words:
    """A character that has to be escaped in a string."""
    help_text = "write `\\t`" if code == 9 else f"write `\\u{code:04x}`"
    return f"a string cannot hold the control character U+{code:04X} unescaped", help_text


def written_twice(first: Entry, second: Entry) -> Finding:
    """CG103 for a key that is there already."""
    return Finding(
        "CG103",
        Severity.WARNING,
        f"the key {second.key} is written twice: the last one counts",
        second.key_span,
        notes=(Note("first written here", first.key_span),),
        path=second.key,
        help="remove one of them",
    )
