"""Where a character of a decoded string stands in the file: CEL's columns become the file's by it.

The text is decoded once more, by libyaml's algorithms, with the offset of each character; JSON's strings are YAML's
double-quoted ones here, with pairs of surrogates.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chartgen.documents.nodes import Scalar

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_BLANKS = " \t"
_BREAKS = "\n\r\x85\u2028\u2029"
_ESCAPES = {
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "t": "\t",
    "\t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    "e": "\x1b",
    " ": " ",
    '"': '"',
    "'": "'",
    "\\": "\\",
    "/": "/",
    "N": "\x85",
    "_": "\xa0",
    "L": "\u2028",
    "P": "\u2029",
}
_HEX = {"x": 2, "u": 4, "U": 8}
_TEXT_LINE = re.compile(r"(?:[ ]*(?:\r\n|[\n\r\x85\u2028\u2029]))*([ ]*)(?![ \n\r\x85\u2028\u2029])")
_HEADER = re.compile(r"([|>])([-+1-9]*)[ \t]*(?:#[^\n\r\x85\u2028\u2029]*)?")


def text_offset(node: Scalar, index: int) -> int:
    """The offset in the source's text of the character `index` of the node's value.

    Past the value's end it is the end of its text. A break that was folded stands for the blank or breaks that it
    became; the value of an alias has the alias's place.
    """
    source = node.span.source.text
    first = source[node.span.start : node.span.start + 1]
    if first == "*":
        return node.span.start
    if not isinstance(node.value, str):
        return min(node.span.start + index, node.span.end)
    offsets = _offsets(source, node.span.start, node.span.end, node.value)
    if offsets is None:
        return node.span.start
    return offsets[index] if index < len(offsets) - 1 else offsets[-1]


def _offsets(source: str, start: int, end: int, value: str) -> list[int] | None:
    """The offset of each character of the value and of its end; None if the text does not decode to the value."""
    first = source[start : start + 1]
    if first in ("|", ">"):
        return _block_offsets(source, start, value)
    decoded = _Decoded()
    if first in ("'", '"'):
        _flow(source, start + 1, end - 1, first, decoded)
        decoded.offsets.append(end - 1)
    else:
        _flow(source, start, end, "", decoded)
        decoded.offsets.append(end)
    return decoded.offsets if decoded.text() == value else None


class _Decoded:
    """The characters decoded so far, each with its offset."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.offsets: list[int] = []

    def put(self, character: str, offset: int) -> None:
        self.parts.append(character)
        self.offsets.append(offset)

    def run(self, text: str, offset: int) -> None:
        self.parts.append(text)
        self.offsets.extend(range(offset, offset + len(text)))

    def join(self, other: list[tuple[str, int]]) -> None:
        for character, offset in other:
            self.put(character, offset)
        other.clear()

    def text(self) -> str:
        return "".join(self.parts)


def _flow(source: str, at: int, end: int, quote: str, decoded: _Decoded) -> None:
    """A plain or quoted text between two offsets: escapes, and breaks folded."""
    while at < end:
        character = source[at]
        if character in _BLANKS or character in _BREAKS:
            at = _fold(source, at, end, decoded)
        elif quote == '"' and character == "\\":
            at = _escape(source, at, end, decoded)
        else:
            decoded.put(character, at)
            at += 2 if quote == "'" and character == "'" else 1


def _fold(source: str, at: int, end: int, decoded: _Decoded, *, escaped: bool = False) -> int:
    """Blanks stay unless a break follows; one break is a blank, more are one less. The offset behind them.

    `escaped` if a break was escaped just before: it counts as read, and leaves nothing.
    """
    blanks: list[tuple[str, int]] = []
    breaks: list[tuple[str, int]] = []
    while at < end:
        if source[at] in _BLANKS:
            blanks.append((source[at], at))
            at += 1
        elif match := _BREAK.match(source, at, end):
            breaks.append((_normal(match[0]), at))
            at = match.end()
        else:
            break
    if escaped:
        decoded.join(breaks)
    elif not breaks:
        decoded.join(blanks)
    elif breaks[0][0] == "\n":
        decoded.join(breaks[1:] or [(" ", breaks[0][1])])
    else:
        decoded.join(breaks)
    return at


def _normal(line_break: str) -> str:
    return line_break if line_break in "\u2028\u2029" else "\n"


def _escape(source: str, at: int, end: int, decoded: _Decoded) -> int:
    """The escape at an offset; the offset behind it."""
    letter = source[at + 1 : at + 2]
    if letter in _ESCAPES:
        decoded.put(_ESCAPES[letter], at)
        return at + 2
    if letter in _HEX:
        behind = at + 2 + _HEX[letter]
        code = _code(source, at + 2, behind)
        if 0xD800 <= code < 0xDC00 and source.startswith("\\u", behind):
            code = 0x10000 + ((code - 0xD800) << 10) + _code(source, behind + 2, behind + 6) - 0xDC00
            behind += 6
        decoded.put(chr(code), at)
        return behind
    line_break = _BREAK.match(source, at + 1, end)
    return _fold(source, line_break.end() if line_break else at + 2, end, decoded, escaped=True)


def _code(source: str, start: int, end: int) -> int:
    try:
        return min(int(source[start:end], 16), 0x10FFFF)
    except ValueError:
        return 0


def _block_offsets(source: str, start: int, value: str) -> list[int] | None:
    """As `_offsets`, for `|` and `>`.

    An indent that the header gives is relative to a parent that is not known here: of all that are possible, the one
    that gives the value.
    """
    header = _HEADER.match(source, start)
    line_break = _BREAK.match(source, header.end()) if header else None
    if header is None or line_break is None or not value.strip():
        # Where nothing but blanks stands, the header does for them.
        return [header.end() if header else start] * (len(value) + 1)
    first = _TEXT_LINE.match(source, line_break.end())
    indent = len(first[1]) if first else 0
    explicit = any(character.isdigit() for character in header[2])
    for candidate in range(indent, -1, -1) if explicit else (indent,):
        decoded = _Decoded()
        _block(source, line_break.end(), candidate, header, decoded)
        if decoded.text() == value:
            decoded.offsets.append(decoded.offsets[-1] + 1)
            return decoded.offsets
    return None


def _block(source: str, at: int, indent: int, header: re.Match[str], decoded: _Decoded) -> None:
    """The lines from `at` on that are indented so far: breaks folded if the header says so, the last ones chomped."""
    last: list[tuple[str, int]] = []
    was_blank = False
    breaks, at, column = _breaks(source, at, indent)
    while column == indent and at < len(source):
        is_blank = source[at] in _BLANKS
        if header[1] == ">" and last and last[0][0] == "\n" and not was_blank and not is_blank:
            if not breaks:
                decoded.put(" ", last[0][1])
            last.clear()
        decoded.join(last)
        decoded.join(breaks)
        was_blank = is_blank
        line_break = _BREAK.search(source, at)
        end = line_break.start() if line_break else len(source)
        decoded.run(source[at:end], at)
        last = [(_normal(line_break[0]), end)] if line_break else []
        breaks, at, column = _breaks(source, line_break.end() if line_break else end, indent)
    if "-" not in header[2]:
        decoded.join(last)
    if "+" in header[2]:
        decoded.join(breaks)


def _breaks(source: str, at: int, indent: int) -> tuple[list[tuple[str, int]], int, int]:
    """Skip empty lines: their breaks, the offset where the next line's text is or could be, and its column."""
    breaks: list[tuple[str, int]] = []
    while True:
        column = 0
        while column < indent and source[at : at + 1] == " ":
            at += 1
            column += 1
        match = _BREAK.match(source, at)
        if match is None:
            return breaks, at, column
        breaks.append((_normal(match[0]), at))
        at = match.end()
