"""The report for GitHub Actions: workflow commands, of which the runner makes annotations.

GitHub shows 10 errors and 10 warnings of a step, so the gravest come first; a notice says how many it does not show.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chartgen.finding import CODES, Finding, Severity, is_error
from chartgen.report.counts import counted
from chartgen.report.parts import parts
from chartgen.report.places import is_file, repository_path
from chartgen.report.printable import printable
from chartgen.report.run import Run
from chartgen.source import Span

SHOWN = 10
"""How many annotations of a kind GitHub shows of a step."""


def render(findings: Sequence[Finding], run: Run) -> str:
    """A line a finding, errors before warnings; empty when there are none."""
    lines = [_command(finding, run) for finding in gravest_first(findings)]
    return "".join(f"{line}\n" for line in [*lines, *_hidden(findings)])


def gravest_first(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, errors before warnings, those of a kind in order of place."""
    return sorted(findings, key=lambda finding: (not is_error(finding), finding.order))


def _command(finding: Finding, run: Run) -> str:
    properties = {"title": f"{finding.code}: {CODES[finding.code]}"}
    if finding.primary is not None and is_file(finding.primary):
        properties = {**_place(finding.primary, run), **properties}
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    message = _data("\n".join(parts(finding)))
    return f"::{finding.severity.value} {told}::{message}"


def _place(span: Span, run: Run) -> dict[str, str]:
    """Where an annotation goes; columns only within a line: GitHub refuses them over several."""
    end_line, end_column = span.end_line_column
    place = {
        "file": repository_path(span.source.name, run.root),
        "line": str(span.line),
        "endLine": str(end_line),
    }
    if end_line == span.line:
        place |= {"col": str(span.column), "endColumn": str(end_column)}
    return place


def _hidden(findings: Sequence[Finding]) -> Iterator[str]:
    """A notice of what GitHub does not show, if there is any."""
    parts = []
    for severity in Severity:
        number = sum(finding.severity is severity for finding in findings)
        if number > SHOWN:
            parts.append(f"{SHOWN} of {counted(number, severity.value)}")
    if parts:
        yield f"::notice title=chartgen::GitHub shows {' and '.join(parts)} of this step; the log has them all"


def _data(text: str) -> str:
    return printable(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
