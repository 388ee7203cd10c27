"""What is stale among generated files, as findings."""

from __future__ import annotations

from pathlib import Path

from chartgen.finding import Finding, Severity
from chartgen.source import Source, Span
from chartgen.write_plan import Plan


def stale_findings(made: Plan, check: bool) -> list[Finding]:
    """CG353 for each file that may not be written; with `check`, for each that would be written, too."""
    help_ = "undo the edits, or overwrite them with 'chartgen render --force'"
    refused = [_finding(made.output / no.change.path, no.reason, help_) for no in made.refused]
    changes = made.changes if check else ()
    reasons = {made.output / change.path: f"is {change.action.value}" for change in changes}
    return refused + [_finding(file, reason, "run 'chartgen render'") for file, reason in reasons.items()]


def _finding(file: Path, reason: str, help_: str) -> Finding:
    place = Span(Source(str(file), ""), 0, 0)
    return Finding("CG353", Severity.ERROR, f"{file} {reason}", place, help=help_)
