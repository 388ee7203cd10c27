"""`.helmignore` by Helm's rules, which are not git's."""

from __future__ import annotations

from pathlib import Path

import pytest

from chartgen.documents.chart_ignore import BadPatternError, go_match, ignore_rules, ignored
from chartgen.documents.chart_source import load_chart
from chartgen.finding import Finding
from chartgen.source import Source

CHART = "apiVersion: v2\nname: c\nversion: 0.1.0\n"


@pytest.mark.parametrize(
    ("rule", "path", "is_folder", "expected"),
    [
        ("values.yaml", "charts/db/values.yaml", False, True),
        ("/values.yaml", "charts/db/values.yaml", False, False),
        ("db/values.yaml", "charts/db/values.yaml", False, False),
        ("charts/*/values.yaml", "charts/db/values.yaml", False, True),
        ("charts/*", "charts/db/values.yaml", False, False),
        ("db/", "charts/db", True, True),
        ("db/", "charts/db", False, False),
        ("# db", "# db", False, False),
        ("!db", "db", False, False),
        ("!db", "other", False, True),
        ("  db  ", "db", False, True),
    ],
)
def test_a_rule_leaves_out_what_it_fits(rule: str, path: str, is_folder: bool, expected: bool) -> None:
    rules = ignore_rules(Source(".helmignore", f"{rule}\n"))

    assert not isinstance(rules, Finding)
    assert ignored(rules, path, is_folder=is_folder) is expected


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [("a*c", "abbc", True), ("a*c", "ab/c", False), ("[^a-c]x", "dx", True), ("[]]", "]", None), ("\\*", "*", True), ("[", "a", None), ("x[", "a", None)],
)  # fmt: skip
def test_patterns_are_gos(pattern: str, name: str, expected: bool | None) -> None:
    try:
        actual: bool | None = go_match(pattern, name)
    except BadPatternError:
        actual = None

    assert actual is expected


def test_two_stars_are_refused_at_their_place(tmp_path: Path) -> None:
    (tmp_path / "Chart.yaml").write_text(CHART)
    (tmp_path / ".helmignore").write_text("# all\n  a/**/b\n")
    _, (finding,) = load_chart(str(tmp_path))

    assert finding.primary is not None
    assert (finding.code, finding.primary.text, finding.primary.line) == ("CG108", "a/**/b", 2)
