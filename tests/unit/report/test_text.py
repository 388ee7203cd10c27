"""The report for people, whole."""

from __future__ import annotations

from collections.abc import Callable

from chartgen.finding import Finding, Note, Severity
from chartgen.report.text import render
from chartgen.source import Source, Span

PROD = Source("envs/prod.yaml", "settings:\n\tname: '日本語'\n  timeoutMs: 30000\n  text: |\n    a\n    b\n")
SCHEMA = Source("schema.json", '{"rule": "x"}')


def span(text: str) -> Span:
    start = PROD.text.index(text)
    return Span(PROD, start, start + len(text))


FINDINGS = [
    Finding(
        "CG203",
        Severity.ERROR,
        "timeoutMs is smaller than maxPollAttempts * pollIntervalMs",
        span("30000"),
        label="30000 < 20 * 2000 = 40000 (this layer overrides values.yaml:9)",
        notes=(Note("maxPollAttempts: 20", Span(SCHEMA, 0, 1)), Note("rule", Span(SCHEMA, 9, 12))),
        path="settings.timeoutMs",
        help="raise timeoutMs to 40000, or lower maxPollAttempts to 15",
        layer="envs/prod.yaml",
    ),
    Finding("CG201", Severity.ERROR, "a text under wide characters", span("語"), label="here"),
    Finding("CG207", Severity.WARNING, "over several lines", span("|\n    a\n    b")),
    Finding("CG101", Severity.ERROR, "no place at all", notes=(Note("a fact"),)),
    Finding("CG201", Severity.ERROR, "from a flag", Span(Source("--set a=1", "1"), 0, 1), layer="--set"),
]


def test_the_report_is_sorted_by_place_and_whole(golden: Callable[[str, str], None]) -> None:
    golden("report/text.txt", render(list(reversed(FINDINGS))))


def test_nothing_is_said_of_nothing() -> None:
    assert render([]) == ""


def test_a_long_line_is_cut_around_the_place_and_shows_no_control_characters() -> None:
    source = Source("min.json", "a" * 5000 + "\x1b[31mHERE" + "b" * 5000)

    report = render([Finding("CG102", Severity.ERROR, "here", Span(source, 5005, 5009))])

    assert max(map(len, report.splitlines())) < 200
    assert "\x1b" not in report
    line, caret = report.splitlines()[3:5]
    assert line[caret.index("^") : caret.index("^") + 4] == "HERE"
