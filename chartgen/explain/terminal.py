"""A page in Markdown as plain text: headings, paragraphs, lists and code, no more than our pages use."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from itertools import groupby

_LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
_INDENT = "    "


def plain_text(page: str, width: int, heading: Callable[[str], str] = str) -> str:
    """The page in lines of at most `width` columns, but for code, which is indented and stays as it is.

    Each heading is passed through `heading`, which may make it bold.
    """
    blocks = (_block(block, width, heading) for block in _blocks(page))
    return "\n\n".join(blocks) + "\n"


def _blocks(page: str) -> Iterator[list[str]]:
    """The lines of each block: what stands between blank lines, a fence of code being one block."""
    is_code = False
    block: list[str] = []
    for line in page.split("\n"):
        fence = line.startswith("```")
        if block and ((not line and not is_code) or (fence and not is_code)):
            yield block
            block = []
        if line or is_code:
            block.append(line)
        if fence:
            is_code = not is_code
    if block:
        yield block


def _block(lines: list[str], width: int, heading: Callable[[str], str]) -> str:
    first = lines[0]
    if first.startswith("```"):
        return "\n".join(f"{_INDENT}{line}".rstrip() for line in lines[1:-1])
    if first.startswith("#"):
        return heading(first.lstrip("#").strip())
    if first.startswith("- "):
        return "\n".join(_filled(item, width, "  ") for item in _items(lines))
    return _filled(" ".join(lines), width, "")


def _items(lines: list[str]) -> Iterator[str]:
    """The items of a list, a line each; a line that does not begin one goes on with the one before."""
    numbers = [sum(line.startswith("- ") for line in lines[: place + 1]) for place in range(len(lines))]
    for _, group in groupby(zip(numbers, lines, strict=True), key=lambda numbered: numbered[0]):
        yield " ".join(line.strip() for _, line in group)


def _filled(text: str, width: int, further: str) -> str:
    text = _LINK.sub(r"\1", text)
    return textwrap.fill(text, width, subsequent_indent=further, break_long_words=False, break_on_hyphens=False)
