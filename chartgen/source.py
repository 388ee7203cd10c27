"""A text that chartgen read, and places in it.

Offsets count code points of the decoded text, so that they index `str` directly; lines and columns are 1-based.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

from chartgen.records import dataclass


@dataclass(frozen=True)
class Source:
    """One input: its name as the user gave it (a path, `<stdin>`, `--set a=1`) and its decoded text."""

    name: str
    text: str

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def line_column(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column (code points) of an offset; past the end counts as the end."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a 1-based line, without its line break."""
        start = self._line_starts[number - 1]
        following = self._line_starts[number : number + 1]
        return self.text[start : following[0] if following else None].rstrip("\r\n")


@dataclass(frozen=True, slots=True)
class Span:
    """The code points from `start` up to, not including, `end` in one source."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        """The 1-based line of the first code point."""
        return self.source.line_column(self.start)[0]

    @property
    def column(self) -> int:
        """The 1-based column (code points) of the first code point."""
        return self.source.line_column(self.start)[1]

    @property
    def end_line_column(self) -> tuple[int, int]:
        """The 1-based line and column just past the last code point."""
        return self.source.line_column(self.end)

    @property
    def text(self) -> str:
        """The code points themselves."""
        return self.source.text[self.start : self.end]

    def place(self) -> str:
        """`file:line:column`, the form that editors and terminals link."""
        line, column = self.source.line_column(self.start)
        return f"{self.source.name}:{line}:{column}"
