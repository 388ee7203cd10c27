"""The report for GitLab's merge requests: its code quality format, a part of Code Climate's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from chartgen.finding import Finding, is_error
from chartgen.report.fingerprints import fingerprints
from chartgen.report.parts import parts
from chartgen.report.places import file_path, is_file
from chartgen.report.run import Run


def render(findings: Sequence[Finding], run: Run) -> str:
    """A JSON list with an object a finding; paths are relative to the repository."""
    ordered = sorted(findings, key=lambda finding: finding.order)
    marks = fingerprints(ordered, run)
    issues = [_issue(finding, mark, run) for finding, mark in zip(ordered, marks, strict=True)]
    return json.dumps(issues, indent=2, ensure_ascii=False) + "\n"


def _issue(finding: Finding, mark: str, run: Run) -> dict[str, Any]:
    line = finding.primary.line if finding.primary is not None and is_file(finding.primary) else 1
    return {
        "description": "; ".join(parts(finding)),
        "check_name": finding.code,
        "fingerprint": mark,
        "severity": "major" if is_error(finding) else "minor",
        "location": {"path": file_path(finding, run), "lines": {"begin": line}},
    }
