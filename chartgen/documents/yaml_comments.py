"""The comments of a YAML text, as its parser sees them: a `#` in a quoted text or in a block is none."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from chartgen.documents.yaml_documents import document_bounds
from chartgen.documents.yaml_events import (
    DocumentStartEvent,
    MappingEndEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    event_parser,
)
from chartgen.documents.yaml_spans import value_start
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.finding import Finding
from chartgen.source import Source, Span


def comments_with(word: str, source: Source, helm_version: int = 4) -> list[Span]:
    """The comments that hold a word, each from its `#` to the end of its line; none where the text is not YAML."""
    if word not in source.text:  # nearly always: nothing is parsed once more
        return []
    bounds = document_bounds(source, helm_version)
    if isinstance(bounds, Finding) or parse_yaml(source, helm_version)[0] is None:
        return []
    return [comment for start, end in bounds for comment in _comments(word, source, start, end)]


def _comments(word: str, source: Source, start: int, end: int) -> Iterator[Span]:
    """Those of the first document of `source.text[start:end]`, the only one that Helm reads."""
    texts, end = _texts(source.text, start, end)
    for line in re.finditer(f"^.*{re.escape(word)}.*$", source.text[start:end], re.MULTILINE):
        for mark in re.finditer(r"(?:(?<=[ \t\ufeff])|^)#", line[0]):
            place = start + line.start() + mark.start()
            if not _within(place, texts):
                comment = Span(source, place, start + line.end() - line[0].endswith("\r"))
                if word in comment.text:
                    yield comment
                break


def _texts(text: str, start: int, end: int) -> tuple[list[tuple[int, int]], int]:
    """The places where `#` is text, in order, and where the document ends."""
    texts: list[tuple[int, int]] = []
    next_event = event_parser(text[start:end]).get_event
    next_event()
    if not isinstance(next_event(), DocumentStartEvent):
        return texts, end
    while isinstance(event := next_event(), NodeEvent | MappingEndEvent | SequenceEndEvent):
        if isinstance(event, ScalarEvent) and event.style:
            last = start + event.end_mark.index
            first = value_start(text, start + event.start_mark.index, last)
            if event.style in "|>":  # a comment may follow the sign on its line
                newline = text.find("\n", first, last)
                first = newline if newline >= 0 else last
            texts.append((first, last))
    return texts, start + event.start_mark.index


def _within(place: int, texts: list[tuple[int, int]]) -> bool:
    index = bisect_right(texts, place, key=lambda text: text[0]) - 1
    return index >= 0 and texts[index][0] <= place < texts[index][1]
