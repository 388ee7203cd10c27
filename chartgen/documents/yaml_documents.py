"""Where the documents of a YAML text begin and end, as Helm divides it.

Helm 4 cuts a values file at lines that begin with `---` before any YAML is read (apimachinery's `YAMLReader`), parses
the first document of each piece and merges them in order. Helm 3 parses the first document of the whole.
"""

from __future__ import annotations

import re

from chartgen.documents.limits import MAX_DOCUMENTS
from chartgen.finding import Finding, Severity
from chartgen.source import Source, Span

_SEPARATOR = r"(?m)^---(.*)$"
_MARK = "\ufeff"
# libyaml skips the mark at the start of any line, go-yaml at the start of what it is given only.
_INNER_MARK = f"(?<=[\n\r\x85\u2028\u2029]){_MARK}"
_MOST_MARKS = 2


def document_bounds(source: Source, helm_version: int) -> list[tuple[int, int]] | Finding:
    """The start and end of each piece that Helm parses; or CG102 for what Helm refuses, CG105 for too many."""
    found = _pieces(source, helm_version)
    if isinstance(found, Finding) or _MARK not in source.text:
        return found
    bounds = [(_behind_marks(source.text, start, end), end) for start, end in found]
    inner = re.compile(_INNER_MARK)
    for start, end in bounds:
        mark = re.compile(_MARK).match(source.text, start, end) or inner.search(source.text, start, end)
        if mark is not None:
            message = "a byte order mark stands inside the file"
            return Finding("CG102", Severity.ERROR, message, Span(source, *mark.span()), help="remove it")
    return bounds


def _behind_marks(text: str, start: int, end: int) -> int:
    """Where a piece begins behind the marks that Helm skips, which count for no column; that of the file is gone."""
    most = _MOST_MARKS - (start == 0)
    while most and text.startswith(_MARK, start, end):
        start, most = start + 1, most - 1
    return start


def _pieces(source: Source, helm_version: int) -> list[tuple[int, int]] | Finding:
    text = source.text
    if helm_version < 4 or not (text.startswith("---") or "\n---" in text):
        return [(0, len(text))]
    bounds: list[tuple[int, int]] = []
    start = 0
    for match in re.finditer(_SEPARATOR, text):
        rest = match[1].strip()
        if rest and rest[0] != "#":
            return _refused(source, match)
        # The separator itself belongs to a piece only if nothing stands before it.
        if match.start() > start:
            bounds.append((start, match.start()))
            if len(bounds) == MAX_DOCUMENTS:
                return _too_many(source, match)
            start = min(match.end() + 1, len(text))
    if start < len(text) or not bounds:
        bounds.append((start, len(text)))
    return bounds


def _too_many(source: Source, match: re.Match[str]) -> Finding:
    message = f"the file holds more than {MAX_DOCUMENTS} documents"
    return Finding("CG105", Severity.ERROR, message, Span(source, *match.span()), help="split it into several files")


def _refused(source: Source, match: re.Match[str]) -> Finding:
    content = match.start(1) + len(match[1]) - len(match[1].lstrip())
    return Finding(
        "CG102",
        Severity.ERROR,
        "Helm refuses a line that begins with `---` and goes on",
        Span(source, content, match.start(1) + len(match[1].rstrip())),
        label="only a comment can follow `---`",
        help="write the value on the next line",
    )
