"""Each format's own reports are told from everything else that a file may hold."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from chartgen.finding import Finding, Severity
from chartgen.report.formats import FORMATS, Counts, Run, render
from chartgen.report.former import is_former_report
from tests.findings import FINDINGS

WARNINGS = [finding for finding in FINDINGS if finding.severity is Severity.WARNING]
MANY_WARNINGS = [Finding("CG208", Severity.WARNING, f"the {number}th") for number in range(11)]
RUNS = [Run(), Run(Counts(files=3, environments=1, ignored=1), ("a.yaml",)), Run(stops=("no schema",), exit_code=2)]
FOREIGN = [
    "settings:\n  intervalMs: 5\n",
    "{}\n",
    "[1]\n",
    '{"type": "object", "properties": {"version": {"type": "integer"}}}\n',
    '{"version": 1, "settings": {"a": 1}}\n',
    "# a.yaml:1:1: error CG203 was told here\nsettings: {}\n",
    "warning: error CG203 was accepted\nsettings: {}\n",
    "no findings in 3 files\nsettings: {}\n",
    "error[CG203]: as told last week\nsettings: {}\n",
    '<?xml version="1.0"?>\n<testsuites name="pytest tests"></testsuites>\n',
    '{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "other"}}, "results": []}]}\n',
    '[{"check_name": "rubocop"}]\n',
    "[" * 100_000,
    "APP_MS=5000\n",
]


@pytest.mark.parametrize("name", FORMATS)
def test_what_a_format_writes_is_a_former_report_of_it(name: str) -> None:
    for findings, run in itertools.product([FINDINGS, FINDINGS[:1], WARNINGS, MANY_WARNINGS, []], RUNS):
        text = render(findings, name, run)
        assert not text or is_former_report(text, name), text


@pytest.mark.parametrize("name", FORMATS)
def test_what_else_a_file_holds_is_none(name: str, repository: Path) -> None:
    files = [*repository.glob("examples/**/*.yaml"), *repository.glob("**/*.schema.json"), repository / "README.md"]
    others = [render(FINDINGS, other, RUNS[1]) for other in FORMATS if other != name]
    texts = [*FOREIGN, *others, *(file.read_text(encoding="utf-8") for file in files if ".venv" not in file.parts)]

    empty = "[]\n"  # GitLab's report of no findings, whoever wrote it: nothing is lost with it
    assert [text for text in texts if is_former_report(text, name) and text != empty] == []


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_that_something_was_added_to_is_none(name: str) -> None:
    assert not is_former_report(render(FINDINGS, name, RUNS[1]) + "mine: 1\n", name)
