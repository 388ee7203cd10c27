"""Findings that are accepted, by a comment or by the project, and what is said when there is nothing to accept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import chartgen
from tests.projects import foreign_chart, project, write

ENVIRONMENTS = "environments: {dev: {values: [base.yaml, dev.yaml]}, prod: {values: [base.yaml]}}\n"


def told(folder: Path, text: str, *arguments: str, file: str = "a.yaml") -> list[str]:
    """The findings of a values file, as `line:column code`."""
    write(folder, {file: text})
    done = chartgen("validate", "--format", "json", *(arguments or (file,)), cwd=folder)
    return [f"{each['line']}:{each['column']} {each['code']}" for each in json.loads(done.stdout)["findings"]]


def test_a_comment_accepts_what_is_told_at_its_line(tmp_path: Path) -> None:
    project(tmp_path)
    write(tmp_path, {"a.yaml": "settings:\n  intervalMs: 5 # chartgen: ignore[CG202] for the load test\n"})
    done = chartgen("validate", "--strict", "a.yaml", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (0, "no findings in 1 file; 1 finding ignored\n")


@pytest.mark.parametrize(
    "comment",
    [
        "# chartgen: ignore[CG202] why",
        "#chartgen:ignore[CG202]: why",
        "# chartgen: ignore[ CG202 ] - why",
        "# yamllint disable-line # chartgen: ignore[CG202] why",
    ],
)
def test_a_comment_may_stand_behind_or_above(tmp_path: Path, comment: str) -> None:
    project(tmp_path)

    assert told(tmp_path, f"settings:\n  intervalMs: 5 {comment}\n") == []
    assert told(tmp_path, f"settings:\n  {comment}\n  intervalMs: 5\n") == []
    assert told(tmp_path, f"settings:\r\n  {comment}\r\n  # more of it\r\n  intervalMs: 5\r\n") == []
    assert told(tmp_path, f"settings: {{intervalMs: 5}} {comment}\n") == []


def test_a_comment_accepts_no_other_code_and_no_other_line(tmp_path: Path) -> None:
    project(tmp_path)
    other_code = "settings:\n  intervalMs: 5 # chartgen: ignore[CG204] why\n"
    other_line = "settings:\n  intervalMs: 5\n  # chartgen: ignore[CG202] why\n  attempts: 5\n"

    assert told(tmp_path, other_code) == ["2:15 CG202", "2:36 CG209"]
    assert told(tmp_path, other_line) == ["2:15 CG202", "3:22 CG209"]


def test_one_comment_may_accept_whatever_is_wrong_with_a_value(tmp_path: Path) -> None:
    project(tmp_path)

    assert told(tmp_path, "settings:\n  intervalMs: 5 # chartgen: ignore[CG2xx] why\n") == []
    assert told(tmp_path, "settings:\n  intervalMs: none # chartgen: ignore[CG2xx] why\n") == []
    assert told(tmp_path, "settings:\n  intervalMs: 5000 # chartgen: ignore[CG2xx] why\n") == ["2:39 CG209"]
    twice = "settings:\n  attempts: 1 # chartgen: ignore[CG2xx] why\n  attempts: 2 # chartgen: ignore[CG2xx] why\n"
    assert told(tmp_path, twice) == ["2:34 CG209", "3:3 CG103", "3:34 CG209"]


def test_one_comment_accepts_several_codes_and_each_is_told_when_it_does_not_occur(tmp_path: Path) -> None:
    project(tmp_path)
    text = "settings:\n  intervalMs: 5 # chartgen: ignore[CG201,CG202] why\n"

    assert told(tmp_path, text) == ["2:36 CG209"]


@pytest.mark.parametrize(
    "comment",
    [
        "# chartgen: ignore[CG202]",
        "# chartgen: ignore[CG202] --",
        "# chartgen: ignore[] why",
        "# chartgen: ignore CG202 why",
        "# chartgen: ignroe[CG202] why",
        "# chartgen: ignore[CG202 why",
        "# chartgen: ignore",
    ],
)
def test_a_comment_that_cannot_be_read_accepts_nothing_and_is_told(tmp_path: Path, comment: str) -> None:
    project(tmp_path)

    assert told(tmp_path, f"settings:\n  intervalMs: 5 {comment}\n") == ["2:15 CG202", "2:17 CG210"]


def test_an_unknown_code_is_told_with_the_one_that_was_meant_and_the_others_count(tmp_path: Path) -> None:
    project(tmp_path)
    write(tmp_path, {"a.yaml": "settings: {intervalMs: 5} # chartgen: ignore[CG2022, CG202, CG102] why\n"})
    done = chartgen("validate", "a.yaml", cwd=tmp_path)

    assert done.returncode == 0
    assert "warning[CG210]: CG2022 is not a code of chartgen's findings" in done.stdout
    assert 'did you mean "CG202"?' in done.stdout
    assert "warning[CG210]: CG102 cannot be ignored by a comment" in done.stdout
    assert done.stdout.endswith("2 warnings; 1 finding ignored\n")


def test_words_for_people_are_no_mistake(tmp_path: Path) -> None:
    project(tmp_path)

    assert told(tmp_path, "# chartgen: see its documentation\nsettings: {} # made for chartgen: [a, b]\n") == []


@pytest.mark.parametrize(
    "text",
    [
        'note: "# chartgen: ignore[CG202] why"\n',
        "note: |\n  # chartgen: ignore[CG202] why\n",
        "note: 'a\n\n  # chartgen: ignore[CG202] why'\n",
        "note: http://example.com/#chartgen:ignore[CG202]\n",
    ],
)
def test_what_stands_in_a_text_is_no_comment(tmp_path: Path, text: str) -> None:
    foreign_chart(tmp_path / "chart")

    assert told(tmp_path, text, "--chart", "chart", "a.yaml") == []
    assert told(tmp_path, f"{text}replicas: 0\n", "--chart", "chart", "a.yaml")[-1].endswith("CG202")


def test_what_does_not_parse_cannot_be_accepted_inside(tmp_path: Path) -> None:
    project(tmp_path)

    assert told(tmp_path, "a: [ # chartgen: ignore[CG102] why\n")[0].endswith("CG102")
    assert told(tmp_path, "- 1 # chartgen: ignore[CG106] why\n") == ["1:1 CG106"]


def test_a_rule_is_accepted_where_it_is_told_not_at_its_other_operands(tmp_path: Path) -> None:
    project(tmp_path, ENVIRONMENTS, {"base.yaml": "settings: {attempts: 100} # chartgen: ignore[CG203] why\n"})
    moved = told(tmp_path, "settings: {intervalMs: 6000}\n", "--env", "dev", file="dev.yaml")

    assert moved == ["1:24 CG203"]
    assert told(tmp_path, "{}\n", file="dev.yaml") == []


def test_a_comment_is_unused_only_when_every_environment_that_uses_its_file_was_judged(tmp_path: Path) -> None:
    project(tmp_path, ENVIRONMENTS, {"base.yaml": "settings: {attempts: 9} # chartgen: ignore[CG202] why\n"})

    assert told(tmp_path, "{}\n", file="dev.yaml") == []
    assert told(tmp_path, "{}\n", "--env", "prod", file="dev.yaml") == []
    assert told(tmp_path, "{}\n", "base.yaml", file="dev.yaml") == ["1:44 CG209"]
    assert told(tmp_path, "{}\n", ".", file="dev.yaml") == ["1:44 CG209"]


def test_a_comment_in_one_file_of_a_stack_is_never_unused(tmp_path: Path) -> None:
    project(tmp_path)
    write(tmp_path, {"b.yaml": "settings: {attempts: 2}\n"})
    text = "settings: {attempts: 1} # chartgen: ignore[CG202] why\n"

    assert told(tmp_path, text, "-f", "a.yaml", "-f", "b.yaml") == []
    assert told(tmp_path, text, "-f", "a.yaml") == ["1:44 CG209"]


def test_a_rule_that_could_not_be_judged_is_no_unused_comment(tmp_path: Path) -> None:
    project(tmp_path)
    text = "settings:\n  intervalMs: none\n  attempts: 100 # chartgen: ignore[CG203] why\n"

    assert told(tmp_path, text) == ["2:15 CG201"]


def test_a_charts_own_values_may_have_comments(tmp_path: Path) -> None:
    foreign_chart(tmp_path / "redis", "replicas: 0 # chartgen: ignore[CG202] scaled by hand\n")
    done = chartgen("validate", "redis", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (0, "no findings in 1 chart; 1 finding ignored\n")


def test_a_chart_in_a_chart_may_have_comments(tmp_path: Path) -> None:
    foreign_chart(tmp_path / "shop")
    foreign_chart(tmp_path / "shop/charts/redis", "replicas: 0 # chartgen: ignore[CG202,CG204] as delivered\n")
    done = chartgen("validate", "--format", "concise", cwd=tmp_path / "shop")

    unused = "charts/redis/values.yaml:1:38: warning CG209 CG204 does not occur here, so there is nothing to ignore\n"
    assert (done.returncode, done.stdout) == (0, unused)


def test_the_projects_flags_may_have_comments(tmp_path: Path) -> None:
    flags = "environments:\n  dev:\n    set:\n    # chartgen: ignore[CG202] why\n    - settings.intervalMs=5\n"
    project(tmp_path, flags)

    assert chartgen("validate", cwd=tmp_path).stdout.endswith("; 1 finding ignored\n")


def test_entries_of_the_project_that_accept_nothing_are_told_when_all_is_judged(tmp_path: Path) -> None:
    ignore = """\
ignore:
  - {code: CG202, path: a.yaml, reason: known}
  - {code: CG204, path: "*.yaml", reason: old}
  - {code: CG203, reason: old}
  - {code: CG203, path: gone.yaml, reason: old}
  - {code: CG102, path: "envs/lagacy/*.yaml", reason: misspelt}
"""
    project(tmp_path, ignore, {"a.yaml": "settings: {intervalMs: 5}\n"})

    assert (
        chartgen("validate", "--strict", "a.yaml", cwd=tmp_path).stdout == "no findings in 1 file; 1 finding ignored\n"
    )
    done = chartgen("validate", "--strict", "--format", "concise", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "chartgen.yaml:6:5: warning CG209 CG204 does not occur in *.yaml, so there is nothing to ignore",
        "chartgen.yaml:7:5: warning CG209 CG203 does not occur, so there is nothing to ignore",
        "chartgen.yaml:8:5: warning CG209 CG203 does not occur in gone.yaml, so there is nothing to ignore",
        "chartgen.yaml:9:5: warning CG209 CG102 does not occur in envs/lagacy/*.yaml, so there is nothing to ignore",
    ]


def test_what_is_ignored_is_counted_for_programs(tmp_path: Path) -> None:
    project(tmp_path, "ignore: [{code: CG202, reason: known}]\n")
    write(tmp_path, {"a.yaml": "settings:\n  intervalMs: 5\n  attempts: none # chartgen: ignore[CG201] why\n"})
    done = chartgen("validate", "--format", "json", "a.yaml", cwd=tmp_path)

    assert (done.returncode, json.loads(done.stdout)["summary"]["ignored"]) == (0, 2)
