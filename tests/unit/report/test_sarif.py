"""SARIF in the cases that its readers stumble over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from chartgen.edits import Edit
from chartgen.finding import Finding, Severity
from chartgen.report.formats import Run, render
from chartgen.source import Source, Span
from tests.findings import FINDINGS
from tests.report_readers import check_sarif

FOLDER = Path(__file__).parent


def run_of(findings: list[Finding], run: Run | None = None) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(render(findings, "sarif", run))["runs"][0]
    return loaded


def units(text: str) -> list[bytes]:
    """The UTF-16 code units of a text, each as two bytes."""
    encoded = text.encode("utf-16-le")
    return [encoded[start : start + 2] for start in range(0, len(encoded), 2)]


def test_every_region_marks_what_the_finding_marks() -> None:
    results = run_of(FINDINGS)["results"]
    ordered = sorted(FINDINGS, key=lambda finding: finding.order)
    checked = 0
    for finding, result in zip(ordered, results, strict=True):
        region = result["locations"][0]["physicalLocation"]["region"]
        if finding.primary is not None and region["startLine"] == region["endLine"] and finding.path != "":
            line = units(finding.primary.source.line(region["startLine"]))
            marked = b"".join(line[region["startColumn"] - 1 : region["endColumn"] - 1]).decode("utf-16-le")
            assert marked == finding.primary.text
            checked += 1
    assert checked


def applied(text: str, change: dict[str, Any]) -> str:
    """A text with the replacements of a fix made, as an editor would."""
    lines = [units(line) for line in text.split("\n")]
    starts = [sum(len(line) + 1 for line in lines[:number]) for number in range(len(lines))]
    whole = units(text)
    for each in sorted(change["replacements"], key=lambda each: -each["deletedRegion"]["startLine"]):
        region = each["deletedRegion"]
        start = starts[region["startLine"] - 1] + region["startColumn"] - 1
        end = starts[region["endLine"] - 1] + region["endColumn"] - 1
        whole[start:end] = units(each["insertedContent"]["text"])
    return b"".join(whole).decode("utf-16-le")


def test_a_fix_is_the_findings_edits_and_its_alternatives_are_fixes() -> None:
    odd = next(finding for finding in FINDINGS if finding.alternatives)
    assert odd.primary is not None
    (result,) = run_of([odd])["results"]

    mended = [applied(odd.primary.source.text, fix["artifactChanges"][0]) for fix in result["fixes"]]
    assert mended == ["🙂: 👍🏽 ❤️ x\nthe: rest\nz: 1\n", "🙂: 👍🏽 ❤️ x, {z: 1}\nthe: rest\n"]


def test_a_mend_of_a_flag_is_no_fix_of_a_file() -> None:
    place = Span(Source("--set a=1", "a=1"), 2, 3)
    (result,) = run_of([Finding("CG202", Severity.ERROR, "wrong", place, edits=(Edit(place, "2"),))])["results"]

    assert "fixes" not in result
    assert result["message"]["text"] == "wrong in --set a=1."


def test_a_rule_stands_for_each_code_and_has_its_gravest_level() -> None:
    run = run_of(FINDINGS)
    rules = run["tool"]["driver"]["rules"]

    assert [rule["id"] for rule in rules] == ["CG101", "CG201", "CG203", "CG206", "CG207"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        each["ruleId"] for each in run["results"]
    ]
    assert {rule["id"]: rule["defaultConfiguration"]["level"] for rule in rules}["CG207"] == "warning"


def test_what_could_not_be_judged_is_told_beside_the_results() -> None:
    (invocation,) = run_of([], Run(stops=("chartgen.yaml is wrong",), exit_code=2))["invocations"]

    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 2)
    assert [note["message"]["text"] for note in invocation["toolConfigurationNotifications"]] == [
        "chartgen.yaml is wrong"
    ]


def test_what_a_file_cannot_hold_and_a_thousand_findings_are_valid_too(sarif_multitool: Path, tmp_path: Path) -> None:
    odd = Source("\udcff \x00\x1b?#%[a]:\\日.yaml", "\ud800x{0} {\n" * 1200)
    outside = Source("/elsewhere/a b.yaml", "x")
    many = [
        Finding("CG202", Severity.ERROR, f"{{{number}}} [a](b) \udcff\x00", Span(odd, 9 * number, 9 * number + 3))
        for number in range(1200)
    ]
    file = tmp_path / "odd.sarif"
    text = render([*many, Finding("CG202", Severity.ERROR, "out", Span(outside, 0, 1))], "sarif")
    file.write_bytes(text.encode("utf-8", "backslashreplace"))

    assert check_sarif(sarif_multitool, [file]) == []
    assert len(json.loads(file.read_bytes())["runs"][0]["results"]) == 1201
