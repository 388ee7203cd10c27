"""One list of findings in every format, whole, and accepted by who reads the format."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import junitparser
import pytest

from chartgen.finding import Severity
from chartgen.report.formats import FORMATS, Counts, Run, render
from chartgen.resources import load_schema
from tests.findings import FINDINGS
from tests.report_readers import check_gitlab, check_junit, check_sarif, workflow_commands

RUN = Run(Counts(files=3, environments=1, ignored=1), ("base.yaml", "envs/prod.yaml"), exit_code=1)
LOOKED = Run(stops=("no namespace",), exit_code=4, looked=("CG501",), skipped=(("without --page-url", ("CG506",)),))
OF_A_SEARCH = {"lookedFor", "notLookedFor", "notSeen"}
ERRORS = sum(finding.severity is Severity.ERROR for finding in FINDINGS)


def report(name: str) -> str:
    return render(list(reversed(FINDINGS)), name, RUN)


@pytest.mark.parametrize("name", FORMATS)
def test_one_list_in_every_format(golden: Callable[[str, str], None], name: str) -> None:
    golden(f"report/{name}.txt", report(name))


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_does_not_depend_on_the_order_of_findings(name: str) -> None:
    assert report(name) == render(FINDINGS, name, RUN)


def described(schema: dict[str, Any], part: dict[str, Any]) -> set[str]:
    """The fields that a part of the JSON report's schema describes."""
    return set((schema["$defs"][part["$ref"].rpartition("/")[2]] if "$ref" in part else part)["properties"])


@pytest.mark.parametrize("findings", [FINDINGS, []], ids=["all", "none"])
@pytest.mark.parametrize("run", [RUN, Run(), LOOKED], ids=["with counts", "without", "of a search"])
def test_a_json_report_fits_its_schema_which_tells_every_field(findings: list[Any], run: Run) -> None:
    loaded = json.loads(render(findings, "json", run))
    schema: Any = load_schema("report.schema.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(loaded, schema, jsonschema.Draft202012Validator)

    assert set(loaded) == described(schema, schema) - (OF_A_SEARCH if run is not LOOKED else set())
    assert set(loaded["summary"]) <= described(schema, schema["properties"]["summary"])
    finding = schema["$defs"]["finding"]["properties"]
    for each in loaded["findings"]:
        assert set(each) == set(finding)
        assert all(set(note) == described(schema, finding["notes"]["items"]) for note in each["notes"])
        assert all(set(edit) == described(schema, finding["edits"]["items"]) for edit in each["edits"])


def test_the_schema_of_json_reports_wants_a_whole_place_or_none() -> None:
    loaded = json.loads(render(FINDINGS, "json"))
    loaded["findings"][1]["line"] = None

    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(loaded, load_schema("report.schema.json"), jsonschema.Draft202012Validator)


def test_sarif_reports_are_valid_to_microsoft_and_the_standard(sarif_multitool: Path, tmp_path: Path) -> None:
    texts = {
        "all": report("sarif"),
        "none": render([], "sarif", RUN),
        "stopped": render(FINDINGS, "sarif", Run(stops=("chartgen.yaml is wrong",), exit_code=2, root="/elsewhere")),
    }
    files = [tmp_path / f"{name}.sarif" for name in texts]
    for file, text in zip(files, texts.values(), strict=True):
        file.write_text(text, encoding="utf-8")

    assert check_sarif(sarif_multitool, files) == []


def test_a_junit_report_has_jenkins_form_and_junitparser_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "report.xml"
    file.write_text(report("junit"), encoding="utf-8")
    check_junit(file.read_text(encoding="utf-8"))
    suites = {suite.name: suite for suite in junitparser.JUnitXml.fromfile(str(file))}

    assert suites["base.yaml"].tests == 1
    assert suites["base.yaml"].failures == 0
    assert sum(suite.failures for suite in suites.values()) == ERRORS
    assert sum(suite.skipped for suite in suites.values()) == len(FINDINGS) - ERRORS
    assert {case.result[0].type for suite in suites.values() for case in suite if case.result} == {"error", "warning"}


def test_a_gitlab_report_has_its_documented_form_and_no_finding_is_another() -> None:
    issues = check_gitlab(report("gitlab"))

    assert len(issues) == len(FINDINGS)
    assert len({issue["fingerprint"] for issue in issues}) == len(FINDINGS)


def test_githubs_grammar_gives_every_finding_back_the_gravest_first() -> None:
    commands = workflow_commands(report("github"))

    assert [command.name for command in commands] == ["error"] * ERRORS + ["warning"] * (len(FINDINGS) - ERRORS)
    odd = commands[ERRORS]
    assert odd.properties["file"] == "envs/50% #1/é 日本.yaml"
    assert odd.message.splitlines()[0].startswith("50% of <b>: a|b, [x](y) is `not` a ")


def test_a_program_gets_a_report_of_nothing_too() -> None:
    assert json.loads(render([], "json")) == {"version": 1, "summary": {"errors": 0, "warnings": 0}, "findings": []}
    assert json.loads(render([], "gitlab")) == []
    assert json.loads(render([], "sarif"))["runs"][0]["results"] == []
    assert len(check_junit(render([], "junit"))) == 0
    assert render([], "github") == ""


def test_a_concise_report_has_a_line_a_finding() -> None:
    assert len(FINDINGS) == len(render(FINDINGS, "concise").splitlines())
    assert render([], "concise") == ""
