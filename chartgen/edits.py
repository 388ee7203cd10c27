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
    """The text with every edit made, from the end, so that no edit moves another.

    Raises:
        ValueError: two edits overlap.
    """
    following = len(text) + 1
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end), reverse=True):
        if edit.span.end > following:
            message = f"edits overlap at offset {edit.span.end}"
            raise ValueError(message)
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
        following = edit.span.start
    return text
