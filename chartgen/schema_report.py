"""The report of `chartgen schema diff`, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from chartgen.report.counts import counted
from chartgen.report.printable import printable
from chartgen.schema_diff.changes import Broken, Change, Level
from chartgen.source import Span

VERSION = 1


def text(changes: Sequence[Change], next_version: str, looked_at: Sequence[str]) -> str:
    """Each change with its place and what it breaks, a line that counts them, and the values that were looked at."""
    blocks = [printable("\n".join(_lines(change))) for change in changes]
    counts = ", ".join(_counts(changes)) or "no changes that values could notice"
    last = printable(f"{counts}; next version of the chart: {next_version}\nlooked at: {', '.join(looked_at)}")
    return "\n\n".join([*blocks, last]) + "\n"


def _counts(changes: Sequence[Change]) -> Iterator[str]:
    levels = [change.level for change in changes]
    if levels.count(Level.BREAKING):
        yield f"{levels.count(Level.BREAKING)} breaking"
    for level in (Level.WARNING, Level.NOTE):
        if levels.count(level):
            yield counted(levels.count(level), level.value)


def _lines(change: Change) -> Iterator[str]:
    yield f"{change.level.value}: {change.message}"
    if change.span is not None:
        yield f"  --> {change.span.place()}"
    for broken in change.breaks:
        place = f" ({broken.span.place()})" if broken.span is not None else ""
        yield f"  = breaks: {broken.message}{place}"
    if change.kind.startswith("rule-") and change.before and change.after and change.kind != "rule-severity":
        yield f"  = before: {' '.join(change.before.split())}"
        yield f"  = after: {' '.join(change.after.split())}"
    if change.help:
        yield f"  = help: {change.help}"


def as_json(changes: Sequence[Change], next_version: str, looked_at: Sequence[str]) -> str:
    """One JSON object; `version` changes when a field goes or changes its meaning, not when one is added."""
    summary: dict[str, object] = {level.value: sum(change.level is level for change in changes) for level in Level}
    summary |= {"nextVersion": next_version, "lookedAt": list(looked_at)}
    report = {"version": VERSION, "summary": summary, "changes": [_change(change) for change in changes]}
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def _change(change: Change) -> dict[str, object]:
    return {
        "kind": change.kind,
        "level": change.level.value,
        "message": change.message,
        **_place(change.span),
        "path": change.path,
        "before": change.before,
        "after": change.after,
        "help": change.help,
        "breaks": [_broken(broken) for broken in change.breaks],
    }


def _broken(broken: Broken) -> dict[str, object]:
    return {"message": broken.message, **_place(broken.span)}


def _place(span: Span | None) -> dict[str, object]:
    if span is None:
        return {"file": None, "line": None, "column": None}
    return {"file": span.source.name, "line": span.line, "column": span.column}
