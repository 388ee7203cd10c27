"""Annotations and the summary of a step: what GitHub shows, and what nobody can make it do."""

from __future__ import annotations

import pytest

from chartgen.finding import Finding, Severity
from chartgen.report.formats import Counts, Run, render
from chartgen.report.step_summary import summary
from chartgen.source import Source, Span
from tests.findings import FINDINGS
from tests.report_readers import Command, workflow_commands


def findings(errors: int, warnings: int = 0) -> list[Finding]:
    source = Source("a.yaml", "x\n" * 2000)
    places = (Span(source, 2 * number, 2 * number + 1) for number in range(errors + warnings))
    severities = [Severity.WARNING] * warnings + [Severity.ERROR] * errors
    return [Finding("CG202", each, "wrong", place) for each, place in zip(severities, places, strict=True)]


@pytest.mark.parametrize(("errors", "warnings"), [(10, 10), (0, 0), (1, 0)])
def test_what_github_shows_whole_needs_no_notice(errors: int, warnings: int) -> None:
    commands = workflow_commands(render(findings(errors, warnings), "github"))

    assert [command.name for command in commands] == ["error"] * errors + ["warning"] * warnings


def test_what_github_does_not_show_is_told() -> None:
    commands = workflow_commands(render(findings(1200, 11), "github"))

    assert len(commands) == 1212
    text = "GitHub shows 10 of 1200 errors and 10 of 11 warnings of this step; the log has them all"
    assert commands[-1] == Command("notice", {"title": "chartgen"}, text)


def test_no_property_ends_before_it_should() -> None:
    place = Span(Source("a:b,c%2C::d\r\n.yaml", "x"), 0, 1)
    (command,) = workflow_commands(render([Finding("CG202", Severity.ERROR, "100%::\r\nx", place)], "github"))

    assert command.properties["file"] == "a:b,c%2C::d\\r\n.yaml"
    assert command.message == "100%:: x"


def test_a_summary_has_a_row_a_finding_in_which_nothing_is_markup() -> None:
    text = summary(FINDINGS, Run(Counts(files=2)))

    assert text.startswith("### chartgen: 5 errors, 2 warnings in 2 files\n\n| | code | place | finding |\n|---|---|")
    rows = [line for line in text.splitlines() if line.startswith(("| error", "| warning"))]
    assert len(rows) == len(FINDINGS)
    assert [row.replace("\\|", "").count("|") for row in rows] == [5] * len(rows)
    assert r"50% of &lt;b&gt;\: a\|b, \[x\]\(y\) is \`not\` a" in text


def test_a_summary_fits_in_its_room() -> None:
    many = findings(5000)
    text = summary(many, Run(), room=10_000)

    assert 9_000 < len(text.encode()) <= 10_000
    assert text.endswith(f"\n{5000 - text.count('| error |')} more in the log of this step.\n\n")
    assert summary(many, Run(), room=100) == ""
    assert summary([], Run(Counts(files=1))) == "### chartgen: no findings in 1 file\n\n"
