"""The plain part of YAML, read by lines: quickly, and only to know the values.

Most values files are mappings and lists in blocks, with texts, numbers and booleans that end on their line. Where a
file is that and no more, its values are known without a tree, and if they are clean, no tree is ever needed. Whatever
may be anything else (a null, a tag, an anchor, a key written twice, a text of several lines) is left to
`yaml_tree.py`, which alone says what a file means; a property holds this reader to it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chartgen.documents.scalars import resolve_plain

if TYPE_CHECKING:
    from chartgen.documents.nodes import Plain

_MAX_LINES = 100_000
_MAX_DEPTH = 50
_START = "---\n"
_QUOTES = frozenset("\"'")
_EMPTY: dict[str, list[Plain] | dict[str, Plain]] = {"[": [], "{": {}}
_LINE = re.compile(
    r"""(?:[ ]*(?:\#[^\n]*)?\n)*+                                   # blank lines and comments above
        ([ ]*)                                                      # the indent
        (-[ ]+)?                                                    # an item of a list
        (?:([A-Za-z_][A-Za-z0-9_./-]*):(?=[ \n]))?                  # a key
        (?:[ ]*("[^"\\\n]*"|'[^'\n]*'|\{\}|\[\]                     # a value in quotes, or an empty one
          |(?=[A-Za-z0-9_./+]|-[A-Za-z0-9.])                        # a value without quotes
           (?:[^\s:\#]++|:(?=\S)|(?<=\S)\#|[ ]++(?=[^\s\#]))++))?
        [ ]*(?:(?<=[ ])\#[^\n]*)?(?:\n|\Z)                          # a comment behind it
    """,
    re.VERBOSE,
)


def plain_values(text: str) -> dict[str, Plain] | None:
    """The values of a text that is plain all through; None where it may be anything else."""
    # Tabs, marks, other line breaks and what YAML does not allow are not printable.
    if not text.replace("\n", "").isprintable() or text.count("\n") > _MAX_LINES:
        return None
    lines = _Lines()
    text = f"{text.removeprefix(_START)}\n"
    at = 0
    while at < len(text):
        line = _LINE.match(text, at)
        if line is None:
            return None
        at = line.end()
        blanks, dash, key, value = line.groups()
        if dash is None and key is None:
            if value is not None or at < len(text):
                return None
        elif not lines.place(len(blanks), dash is not None) or not lines.take(dash, key, value):
            return None
    return lines.root if lines.key is None else None


def overlaid(below: dict[str, Plain], above: dict[str, Plain]) -> dict[str, Plain]:
    """Plain values over others, as Helm lays those that hold no nulls: mappings merge, everything else replaces."""
    result = below | above
    for key, value in above.items():
        if value.__class__ is dict:
            under = below.get(key)
            if under.__class__ is dict:
                result[key] = overlaid(under, value)
    return result


class _Lines:
    """The values so far. Both methods say whether all is plain."""

    def __init__(self) -> None:
        self.root: dict[str, Plain] = {}
        # The mappings and lists that are open, innermost last, and their indents; the key that has no value yet.
        self.open: list[dict[str, Plain] | list[Plain]] = [self.root]
        self.indents = [0]
        self.key: str | None = None

    def place(self, indent: int, is_item: bool) -> bool:
        """Open or close what a line of this indent opens or closes."""
        if self.key is not None:
            if indent < self.indents[-1] or (indent == self.indents[-1] and not is_item):
                return False
            value: dict[str, Plain] | list[Plain] = [] if is_item else {}
            self.open[-1][self.key] = value  # type: ignore[call-overload]
            self.key = None
            return self.push(indent, value)
        while indent < self.indents[-1] or (
            indent == self.indents[-1] and not is_item and self.open[-1].__class__ is list
        ):
            del self.open[-1], self.indents[-1]
            if not self.open:
                return False
        return indent == self.indents[-1] and is_item is (self.open[-1].__class__ is list)

    def push(self, indent: int, value: dict[str, Plain] | list[Plain]) -> bool:
        self.open.append(value)
        self.indents.append(indent)
        return len(self.open) <= _MAX_DEPTH

    def take(self, dash: str | None, key: str | None, value: str | None) -> bool:
        """What the line says, in the innermost mapping or list."""
        found = None if value is None else _scalar(value)
        if found is None and (key is None or value is not None):
            return False
        if dash is not None:
            item = found if key is None else {}
            self.open[-1].append(item)  # type: ignore[union-attr]
            if key is None:
                return True
            if not self.push(self.indents[-1] + len(dash), item):  # type: ignore[arg-type]
                return False
        mapping = self.open[-1]
        if key in mapping or resolve_plain(str(key)).__class__ is not str:
            return False
        mapping[key] = found  # type: ignore[index, call-overload]
        if value is None:
            self.key = key
        return True


def _scalar(text: str) -> Plain:
    """A value; None where it is none, or none that JSON has."""
    first = text[0]
    if first in _QUOTES:
        return text[1:-1]
    if first in _EMPTY:
        return _EMPTY[first].copy()
    value = resolve_plain(text)
    return None if value.__class__ is float and value - value != 0 else value
