"""The files that `--set-file` names, as they are named from another folder."""

from __future__ import annotations

import re
from collections.abc import Callable

from chartgen.documents.limits import MAX_NULLS
from chartgen.documents.nodes import Scalar
from chartgen.documents.set_faults import FlagError
from chartgen.documents.set_grammar import SetParser
from chartgen.documents.set_values import Map, Room
from chartgen.source import Source, Span

_SPECIAL = re.compile(r"[\\,]|^\{|\}")


def files_of(text: str) -> list[tuple[str, Span]]:
    """The files that the argument of a `--set-file` names, each with its place; none of an argument that Helm refuses."""
    found: list[tuple[str, Span]] = []

    def remember(path: str, span: Span) -> Scalar:
        found.append((path, span))
        return Scalar(path, span)

    source = Source("", text)
    try:
        SetParser(source, remember, Room(MAX_NULLS)).run(Map(Span(source, 0, 0)))
    except FlagError:
        return []
    return found


def moved(text: str, rename: Callable[[str], str]) -> str:
    """The argument of a `--set-file` with another name for each file."""
    for path, span in reversed(files_of(text)):
        new = rename(path)
        if new != path:
            text = text[: span.start] + _SPECIAL.sub(r"\\\g<0>", new) + text[span.end :]
    return text
