"""The line that a finding is in, and the caret under it, as wide as a terminal draws what is above."""

from __future__ import annotations

from collections.abc import Iterator

from chartgen.records import dataclass
from chartgen.source import Span

_SHOWN = 160
"""How much of a long line is shown, in code points."""

_EMOJI_STYLE = "\ufe0f"


@dataclass(frozen=True)
class Excerpt:
    """A line's text and what of it is marked, in code points."""

    text: str
    start: int
    end: int


def excerpt(span: Span) -> Excerpt:
    """The line in which a span begins; of a long one, what is around it. What does not print is replaced."""
    text = span.source.line(span.line)
    start = span.column - 1
    end_line, end_column = span.end_line_column
    end = min(end_column - 1, len(text)) if end_line == span.line else len(text)
    text, start, end = _cut(text, start, end)
    shown = "".join(character if character == "\t" or character.isprintable() else "\ufffd" for character in text)
    return Excerpt(shown, start, end)


def caret_line(shown: Excerpt) -> tuple[str, str]:
    """The blank before the carets, and the carets. Tabs stay, since their width is the terminal's."""
    cells = list(_cells(shown.text))
    before = zip(shown.text[: shown.start], cells[: shown.start], strict=True)
    marked = zip(shown.text[shown.start : shown.end], cells[shown.start : shown.end], strict=True)
    blank = "".join("\t" if character == "\t" else " " * width for character, width in before)
    carets = "".join("\t" if character == "\t" else "^" * width for character, width in marked)
    return blank, carets if carets.strip() else "^"


def _cut(text: str, start: int, end: int) -> tuple[str, int, int]:
    """The part of a long line around the marked place, and the place in it."""
    if len(text) <= _SHOWN:
        return text, start, end
    first = max(start - _SHOWN // 2, 0)
    last = min(first + _SHOWN, len(text))
    before, after = "..." if first else "", "..." if last < len(text) else ""
    shift = first - len(before)
    return before + text[first:last] + after, start - shift, min(end, last) - shift


def _cells(text: str) -> Iterator[int]:
    """How many cells of a terminal each character takes."""
    if text.isascii():
        yield from (1 for _ in text)
        return
    before = 0
    for character, following in zip(text, [*text[1:], ""], strict=True):
        before = _width(character, following, before)
        yield before


def _width(character: str, following: str, before: int) -> int:
    """The cells of a character after one of `before` cells."""
    import unicodedata  # noqa: PLC0415 - where nothing is found, nothing is shown

    if unicodedata.category(character) in {"Mn", "Me"} or "\u1160" <= character <= "\u11ff":
        return 0  # a mark on the letter before; a Korean syllable's later letters
    if before == 2 and "\U0001f3fb" <= character <= "\U0001f3ff":
        return 0  # the colour of the person before
    if following == _EMOJI_STYLE:
        return 2
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fitting(text: str, columns: int) -> str:
    """As much of the beginning of a line as goes into so many cells of a terminal."""
    width = 0
    for end, cells in enumerate(_cells(text)):
        width += cells
        if width > columns:
            return text[:end]
    return text
