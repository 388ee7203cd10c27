"""The report for editors and `grep`: one line a finding, its place first."""

from __future__ import annotations

from collections.abc import Sequence

from chartgen.finding import Finding
from chartgen.report.printable import printable
from chartgen.report.run import Run


def render(findings: Sequence[Finding], run: Run | None = None) -> str:  # noqa: ARG001 - one form for all formats
    """`file:line:column: CODE message: arithmetic`, a line each, in order of place; empty when there are none."""
    return "".join(f"{_line(finding)}\n" for finding in sorted(findings, key=lambda finding: finding.order))


def _line(finding: Finding) -> str:
    place = f"{finding.primary.place()}: " if finding.primary else ""
    label = f": {finding.label}" if finding.label and finding.code == "CG203" else ""
    return printable(" ".join(f"{place}{finding.severity.value} {finding.code} {finding.message}{label}".split()))
