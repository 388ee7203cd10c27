"""The report for programs. `version` changes when a field goes or changes its meaning, not when one is added."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TypeAlias

from chartgen.edits import Edit
from chartgen.finding import Finding, Note, Severity
from chartgen.report.run import Run
from chartgen.source import Span

VERSION = 1

Json: TypeAlias = "None | int | str | list[Json] | dict[str, Json]"


def render(findings: Sequence[Finding], run: Run) -> str:
    """One JSON object with a summary and every finding in order of place, also when there are none.

    The summary has the counts, too, where they are known.

    Lines and columns count from 1, columns in code points; an end is the place behind the last code point. What has no
    place has nulls there.
    """
    summary: dict[str, Json] = {
        f"{severity.value}s": sum(finding.severity is severity for finding in findings) for severity in Severity
    }
    if run.counts is not None:
        summary |= asdict(run.counts)
    ordered = sorted(findings, key=lambda finding: finding.order)
    report: dict[str, Json] = {
        "version": VERSION,
        "summary": summary,
        "findings": [finding_fields(each) for each in ordered],
    }
    if run.looked is not None:
        report |= _looked(run, run.looked)
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def _looked(run: Run, looked: Sequence[str]) -> dict[str, Json]:
    """What was looked for, and what could not be: no finding is good news of the former alone."""
    skipped: list[Json] = [{"reason": reason, "codes": [*codes]} for reason, codes in run.skipped]
    return {"lookedFor": [*looked], "notLookedFor": skipped, "notSeen": [*run.stops]}


def finding_fields(finding: Finding) -> dict[str, Json]:
    """One finding, as it is in the report."""
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "message": finding.message,
        **_place(finding.primary),
        "path": finding.path,
        "found": finding.found,
        "expected": finding.expected,
        "label": finding.label,
        "help": finding.help,
        "layer": finding.layer,
        "notes": [_note(note) for note in finding.notes],
        "edits": [_edit(edit) for edit in finding.edits],
    }


def _note(note: Note) -> dict[str, Json]:
    return {"message": note.message, **_place(note.span)}


def _edit(edit: Edit) -> dict[str, Json]:
    return {"text": edit.text, **_place(edit.span)}


def _place(span: Span | None) -> dict[str, Json]:
    if span is None:
        return dict.fromkeys(("file", "line", "column", "endLine", "endColumn"))
    end_line, end_column = span.end_line_column
    return {
        "file": span.source.name,
        "line": span.line,
        "column": span.column,
        "endLine": end_line,
        "endColumn": end_column,
    }
