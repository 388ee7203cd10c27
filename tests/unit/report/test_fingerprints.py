"""What a finding is known by stays as its file changes around it, and is no other's."""

from __future__ import annotations

from chartgen.finding import Finding, Severity
from chartgen.report.fingerprints import fingerprints
from chartgen.report.run import Run
from chartgen.source import Source, Span


def finding(text: str, message: str = "5 is less than 100", path: str = "settings.a", name: str = "a.yaml") -> Finding:
    start = text.index("5")
    return Finding("CG202", Severity.ERROR, message, Span(Source(name, text), start, start + 1), path=path)


def test_lines_above_change_nothing() -> None:
    before, after = finding("a: 5\n"), finding("# one\n# two\n   a: 5\n")

    assert fingerprints([before], Run()) == fingerprints([after], Run())


def test_another_value_that_is_as_wrong_is_the_same_finding() -> None:
    assert fingerprints([finding("a: 5")], Run()) == fingerprints([finding("a: 55", "55 is less than 100")], Run())


def test_no_two_are_alike() -> None:
    same = [finding("a: 5"), finding("a: 5")]
    others = [finding("a: 5", path="settings.b"), finding("a: 5", name="b.yaml"), finding("a: 5", "another rule")]

    assert len(set(fingerprints([*same, *others], Run()))) == 5
