"""JUnit: what passes, what fails, and what XML cannot write."""

from __future__ import annotations

import io
from pathlib import Path

import junitparser

from chartgen.finding import Finding, Severity
from chartgen.report.formats import Run, render
from chartgen.source import Source, Span
from tests.report_readers import check_junit


def finding(message: str, name: str = "a.yaml", severity: Severity = Severity.ERROR) -> Finding:
    return Finding("CG202", severity, message, Span(Source(name, "x"), 0, 1))


def test_a_file_without_findings_passes() -> None:
    root = check_junit(render([finding("wrong")], "junit", Run(judged=("a.yaml", "b.yaml", "c.tgz"))))

    assert {suite.get("name"): suite.get("failures") for suite in root} == {"a.yaml": "1", "b.yaml": "0", "c.tgz": "0"}


def test_an_archive_whose_files_have_findings_does_not_pass() -> None:
    root = check_junit(render([finding("wrong", "c.tgz/values.yaml")], "junit", Run(judged=("c.tgz",))))

    assert [suite.get("name") for suite in root] == ["c.tgz/values.yaml"]


def test_a_warning_fails_only_a_strict_run() -> None:
    warning = finding("odd", severity=Severity.WARNING)

    assert check_junit(render([warning], "junit")).get("failures") == "0"
    assert check_junit(render([warning], "junit", Run(strict=True))).get("failures") == "1"


def test_cases_of_one_suite_have_names_of_their_own() -> None:
    root = check_junit(render([finding("wrong")] * 3, "junit"))

    names = [case.get("name") for case in root.iter("testcase")]
    assert names == ["CG202 wrong", "CG202 wrong (2)", "CG202 wrong (3)"]


def test_characters_that_xml_cannot_write_are_replaced(tmp_path: Path) -> None:
    text = render([finding("a\x00\x0b\x1b\ufffe\uffff\ud800]]>&<\"'\n\t\r🙂", '\udcff<&">.yaml')], "junit")
    check_junit(text)
    file = tmp_path / "a.xml"
    file.write_text(text, encoding="utf-8")
    ((case,),) = junitparser.JUnitXml.fromfile(io.BytesIO(file.read_bytes()))

    assert case.result[0].message.startswith("a\\x00\\x0b\\x1b\\ufffe\\uffff\ufffd]]>&<\"'\n\t\\r🙂")
    assert case.classname == '\ufffd<&">.yaml'
