"""The summary of a GitHub Actions step: a table in Markdown, of all findings that it has room for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chartgen.finding import Finding
from chartgen.report.github import gravest_first
from chartgen.report.parts import parts
from chartgen.report.places import is_file, repository_path
from chartgen.report.printable import printable
from chartgen.report.run import Run
from chartgen.report.text import count

ROOM = 1 << 20
"""The bytes that GitHub takes of a step's summary; of one that is longer it shows nothing."""

_LAST_LINE = 200
_MARKDOWN = re.compile(r"[\\`*_{}\[\]()#+!|~$:@-]")


def summary(findings: Sequence[Finding], run: Run, room: int = ROOM) -> str:
    """A title and a row a finding, the gravest first, in at most `room` bytes of UTF-8; nothing where that is too little.

    Without findings it needs to know what was judged, else it says nothing, too.
    """
    if not findings and run.counts is None:
        return ""
    judged = f" in {run.counts.judged()}" if run.counts is not None and run.counts.judged() else ""
    text = f"### chartgen: {count(findings)}{judged}\n"
    if findings:
        text += "\n| | code | place | finding |\n|---|---|---|---|\n"
    room -= len(text.encode()) + _LAST_LINE
    if room < 0:
        return ""
    rows: list[str] = []
    for finding in gravest_first(findings):
        row = _row(finding, run)
        room -= len(row.encode("utf-8", "backslashreplace"))
        if room < 0:
            break
        rows.append(row)
    left = len(findings) - len(rows)
    return text + "".join(rows) + (f"\n{left} more in the log of this step.\n" if left else "") + "\n"


def _row(finding: Finding, run: Run) -> str:
    span = finding.primary
    place = ""
    if span is not None:
        name = repository_path(span.source.name, run.root) if is_file(span) else span.source.name
        place = f"{name}:{span.line}:{span.column}"
    told = "<br>".join(map(_cell, parts(finding)))
    return f"| {finding.severity.value} | {finding.code} | {_cell(place)} | {told} |\n"


def _cell(text: str) -> str:
    """A text as Markdown that shows it: no character of it means anything, and it stays in its cell."""
    html = " ".join(printable(text).split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MARKDOWN.sub(lambda match: f"\\{match[0]}", html)
