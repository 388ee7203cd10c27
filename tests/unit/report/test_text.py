"""The report for people, whole."""

from __future__ import annotations

from chartgen.finding import Finding, Severity
from chartgen.report.concise import render as concise
from chartgen.report.text import render
from chartgen.source import Source, Span


def test_nothing_is_said_of_nothing() -> None:
    assert render([]) == ""


def test_a_long_line_is_cut_around_the_place_and_shows_no_control_characters() -> None:
    source = Source("min.json", "a" * 5000 + "\x1b[31mHERE" + "b" * 5000)

    report = render([Finding("CG102", Severity.ERROR, "here", Span(source, 5005, 5009))])

    assert max(map(len, report.splitlines())) < 200
    assert "\x1b" not in report
    line, caret = report.splitlines()[3:5]
    assert line[caret.index("^") : caret.index("^") + 4] == "HERE"


def test_a_file_that_is_not_there_has_no_excerpt() -> None:
    finding = Finding("CG101", Severity.ERROR, "cannot read a.yaml", Span(Source("a.yaml", ""), 0, 0), help="look")

    assert render([finding]) == "error[CG101]: cannot read a.yaml\n --> a.yaml:1:1\n  = help: look\n\n1 error\n"


def test_what_would_steer_a_terminal_is_escaped() -> None:
    finding = Finding("CG206", Severity.ERROR, "\x1b[31mred\u202e\x7f is not a setting\n\tat all")

    for report in (render([finding]), concise([finding])):
        assert "\\x1b[31mred\\u202e\\x7f is not a setting" in report
