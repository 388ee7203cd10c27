"""Changes of a text by spans: comments, quotes and order outside the spans survive."""

from __future__ import annotations

from collections.abc import Iterable

from chartgen.records import dataclass
from chartgen.source import Span


@dataclass(frozen=True)
class Edit:
    """Replace one span by a new text."""

    span: Span
    text: str


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with every edit made, at the places that they have in the old text; of two at one place, the first first.

    Raises:
        ValueError: two edits overlap.
    """
    pieces: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        if edit.span.start < done:
            message = f"edits overlap at offset {edit.span.start}"
            raise ValueError(message)
        pieces += (text[done : edit.span.start], edit.text)
        done = edit.span.end
    return "".join((*pieces, text[done:]))
