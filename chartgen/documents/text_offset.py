"""Where a character of a decoded string stands in the file: CEL's columns become the file's by it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chartgen.documents.nodes import Scalar


def text_offset(node: Scalar, index: int) -> int:
    """The offset in the source's text of the character `index` of the node's decoded text."""
    start, end = node.span.start, node.span.end
    quoted = node.span.source.text[start : start + 1] in ("'", '"')
    return min(start + quoted + index, end)
