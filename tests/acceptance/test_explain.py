"""`chartgen explain`, as a user runs it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from chartgen.finding import CODES
from tests.command import chartgen
from tests.projects import foreign_chart, project, write

GROUPED = """\
type: object
properties:
  jobs:
    type: object
    properties:
      waitMs: {type: integer, default: 5, minimum: 1, maximum: 9, x-env: JOBS_WAIT_MS, x-unit: ms, x-role: poll-interval}
  pages:
    type: object
    properties:
      waitMs: {type: integer, default: 5, x-env: PAGES_WAIT_MS, deprecated: true, examples: [6]}
      title: {type: string, default: "\\u001b[2J", x-env: TITLE, title: Title, description: "First.\\n\\nSecond \\u001b[2J."}
x-kubernetes-validations:
  - {rule: self.jobs.waitMs > 2, message: too quick, x-severity: warning}
x-profiles:
  calm: {description: c, values: {jobs: {waitMs: 9}}}
"""


@pytest.fixture
def grouped(tmp_path: Path) -> Path:
    """A folder with a settings schema that has groups, rules and profiles."""
    write(tmp_path, {"settings.yaml": GROUPED})
    return tmp_path


@pytest.mark.parametrize("code", ["CG203", "cg203"])
def test_a_code_is_explained_without_any_project(tmp_path: Path, code: str) -> None:
    done = chartgen("explain", code, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("CG203: a rule is broken\n\n")
    assert "\n\nHow to mend it\n\n" in done.stdout
    assert "    error[CG203]: timeoutMs is smaller than attempts * refreshMs\n" in done.stdout
    assert not {"```", "<!--", "\x1b", "## "} & {part for part in ("```", "<!--", "\x1b", "## ") if part in done.stdout}


def test_prose_is_as_wide_as_the_terminal_and_at_most_100(tmp_path: Path) -> None:
    def widest(columns: str) -> int:
        said = chartgen("explain", "CG203", cwd=tmp_path, env={"COLUMNS": columns}).stdout
        return max(len(line) for line in said.splitlines() if not line.startswith("    "))

    assert 50 < widest("60") <= 60
    assert 90 < widest("300") <= 100


@pytest.mark.skipif(os.name == "nt", reason="Windows has other terminals")
def test_headings_are_bold_on_a_terminal_alone(tmp_path: Path) -> None:
    ours, theirs = os.openpty()
    subprocess.run([sys.executable, "-m", "chartgen", "explain", "CG203"], cwd=tmp_path, stdout=theirs, check=True)
    os.close(theirs)
    said = os.read(ours, 100).decode()
    os.close(ours)

    assert said.startswith("\x1b[1mCG203: a rule is broken\x1b[0m")


def test_a_code_for_programs(tmp_path: Path) -> None:
    data = json.loads(chartgen("explain", "CG203", "--format", "json", cwd=tmp_path).stdout)

    assert (data["version"], data["kind"], data["code"], data["title"]) == (1, "code", "CG203", CODES["CG203"])
    assert list(data) == ["version", "kind", "code", "title", "says", "why", "example", "mend"]


def test_without_a_topic_all_codes_are_listed_and_the_settings_of_the_project(tmp_path: Path) -> None:
    alone = chartgen("explain", cwd=tmp_path)
    project(tmp_path)
    done = chartgen("explain", cwd=tmp_path)

    assert (alone.returncode, alone.stderr, done.returncode) == (0, "", 0)
    assert all(f"- {code}: {meaning}\n" in alone.stdout for code, meaning in CODES.items())
    assert (
        done.stdout
        == alone.stdout + "\nSettings\n\n- intervalMs: INTERVAL_MS\n- attempts: ATTEMPTS\n- timeoutMs: TIMEOUT_MS\n"
    )


def test_a_project_that_is_wrong_does_not_hide_the_codes(tmp_path: Path) -> None:
    project(tmp_path, "prot: 80\n")
    done = chartgen("explain", cwd=tmp_path)

    assert done.returncode == 0
    assert "- CG351: " in done.stdout
    assert done.stdout.endswith("Settings: chartgen.yaml is not a project that chartgen can use\n")


@pytest.mark.parametrize(
    "word",
    [
        "jobs.waitMs",
        "settings.jobs.waitMs",
        "JOBS_WAIT_MS",
        "__JOBS_WAIT_MS__",
        "window.__JOBS_WAIT_MS__",
    ],
)
def test_a_setting_is_explained_by_each_of_its_names(grouped: Path, word: str) -> None:
    done = chartgen("explain", "--settings", "settings.yaml", word, cwd=grouped)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "jobs.waitMs\n"
        "\n"
        "- type: integer\n"
        "- unit: ms\n"
        "- default: 5\n"
        "- allowed: at least 1 ms, at most 9 ms\n"
        "- in values: settings.jobs.waitMs\n"
        "- in the ConfigMap and the environment: JOBS_WAIT_MS\n"
        "- in the page: window.__JOBS_WAIT_MS__\n"
        "- role: poll-interval\n"
        "- declared at: settings.yaml:6:7\n"
        "\n"
        "Rules\n"
        "\n"
        "Only a warning: too quick (settings.yaml:13:12)\n"
        "\n"
        "    self.jobs.waitMs > 2\n"
        "\n"
        "Profiles\n"
        "\n"
        "- calm: 9\n"
    )


def test_a_setting_for_programs(grouped: Path) -> None:
    said = chartgen("explain", "--settings", "settings.yaml", "JOBS_WAIT_MS", "--format", "json", cwd=grouped).stdout
    data = json.loads(said)

    assert (data["version"], data["kind"], data["path"]) == (1, "setting", "jobs.waitMs")
    assert data["rules"][0] | {"file": ""} == {
        "rule": "self.jobs.waitMs > 2", "message": "too quick", "severity": "warning",
        "file": "", "line": 13, "column": 12,
    }  # fmt: skip
    assert data["profiles"] == {"calm": 9}


@pytest.mark.parametrize("place", ["settings.yaml:13:12", "elsewhere/settings.yaml:13"])
def test_a_rule_is_explained_by_its_place(grouped: Path, place: str) -> None:
    done = chartgen("explain", "--settings", "settings.yaml", place, cwd=grouped)
    data = json.loads(chartgen("explain", "--settings", "settings.yaml", place, "--format", "json", cwd=grouped).stdout)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "Rule\n"
        "\n"
        "Only a warning: too quick (settings.yaml:13:12)\n"
        "\n"
        "    self.jobs.waitMs > 2\n"
        "\n"
        "Settings\n"
        "\n"
        "- jobs.waitMs: default 5, at least 1 ms, at most 9 ms\n"
    )
    assert (data["kind"], data["rule"], data["settings"]) == ("rule", "self.jobs.waitMs > 2", ["jobs.waitMs"])


BLOCK = """\
type: object
properties:
  mode:
    type: string
    default: fast
    # what it may be
    enum: [fast, calm]
    x-env: MODE

  name:
    type: string
    default: abc
    pattern: ^[a-z]+$
    maxLength: 9
    x-env: NAME
  waitMs: {type: integer, default: 5, minimum: 1, maximum: 9, x-env: WAIT_MS}
  restMs: {type: integer, default: 5, minimum: 1, maximum: 9, x-env: REST_MS}
x-kubernetes-validations: [{rule: self.waitMs >= self.restMs, message: too quick}]
"""
WRONG = """\
settings:
  mode: slow
  name: ABC
  waitMs: 10
  restMs: true
"""


def test_every_place_that_a_report_tells_is_explained(tmp_path: Path) -> None:
    write(tmp_path, {"settings.yaml": BLOCK, "wrong.yaml": WRONG, "rule.yaml": "settings: {waitMs: 4}\n"})
    judged = chartgen("validate", "--settings", "settings.yaml", "wrong.yaml", "rule.yaml", cwd=tmp_path)
    places = re.findall(r"= rule: (\S+)$", judged.stdout, re.MULTILINE)
    pages = [chartgen("explain", "--settings", "settings.yaml", place, cwd=tmp_path).stdout for place in places]

    assert [page.partition("\n")[0] for page in pages] == ["Rule", "mode", "name", "waitMs", "restMs"]


@pytest.mark.parametrize("minify", [False, True])
def test_every_place_in_a_charts_schema_is_explained(tmp_path: Path, minify: bool) -> None:
    project(tmp_path)
    chartgen("render", "--force", cwd=tmp_path)
    schema = tmp_path / "charts/shop/values.schema.json"
    if minify:
        schema.write_text(json.dumps(json.loads(schema.read_text(encoding="utf-8"))), encoding="utf-8")
    write(tmp_path, {"wrong.yaml": "settings: {intervalMs: 1, attempts: a, timeoutMs: 1}\n"})
    judged = chartgen("validate", "--chart", "charts/shop", "wrong.yaml", cwd=tmp_path)
    places = re.findall(r"= rule: (\S+)$", judged.stdout, re.MULTILINE)
    pages = [chartgen("explain", "--chart", "charts/shop", place, cwd=tmp_path).stdout for place in places]

    assert {page.partition("\n")[0] for page in pages} == {"intervalMs", "attempts", "timeoutMs"}


@pytest.mark.parametrize(
    ("place", "title"),
    [
        ("7", "mode"),
        ("3:3", "mode"),
        ("8", "mode"),
        ("10", "name"),
        ("16", "waitMs"),
        ("17:99", ""),
        ("9", ""),
        ("18", "Rule"),
    ],
)
def test_a_line_is_enough_where_one_thing_stands_there(tmp_path: Path, place: str, title: str) -> None:
    write(tmp_path, {"settings.yaml": BLOCK})
    done = chartgen("explain", "--settings", "settings.yaml", f"settings.yaml:{place}", cwd=tmp_path)

    assert (done.returncode, done.stdout.partition("\n")[0]) == (0 if title else 2, title)


def test_several_settings_of_a_line_are_told_apart_by_the_column(tmp_path: Path) -> None:
    flow = "{a: {type: integer, default: 1, x-env: A}, b: {type: integer, default: 1, x-env: B}}"
    write(tmp_path, {"settings.yaml": f"type: object\nproperties: {flow}\n"})
    both = chartgen("explain", "--settings", "settings.yaml", "settings.yaml:2", cwd=tmp_path)
    one = chartgen("explain", "--settings", "settings.yaml", "settings.yaml:2:60", cwd=tmp_path)

    assert (both.returncode, both.stdout) == (2, "")
    assert "name one of them: a, b" in both.stderr
    assert one.stdout.startswith("b\n")


def test_the_last_key_of_a_path_is_enough_where_it_is_unique(grouped: Path) -> None:
    unique = chartgen("explain", "--settings", "settings.yaml", "title", cwd=grouped)
    several = chartgen("explain", "--settings", "settings.yaml", "waitMs", cwd=grouped)

    assert unique.stdout.startswith("pages.title: Title\n\nFirst.\n\nSecond")
    assert (several.returncode, several.stdout) == (2, "")
    assert "name one of them: jobs.waitMs, pages.waitMs" in several.stderr


def test_what_would_steer_the_terminal_is_escaped(grouped: Path) -> None:
    assert "\x1b" not in chartgen("explain", "--settings", "settings.yaml", "TITLE", cwd=grouped).stdout


def test_the_settings_are_those_of_the_project_or_chart_above(tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / "envs").mkdir()
    chartgen("render", "--force", cwd=tmp_path)
    below = chartgen("explain", "attempts", cwd=tmp_path / "envs")
    of_chart = chartgen("explain", "--chart", "charts/shop", "attempts", cwd=tmp_path)

    assert "at least 1, at most 1000" in below.stdout
    assert "declared at: ../settings.yaml:5:3" in below.stdout.replace("\\", "/")
    assert "at least 1, at most 1000" in of_chart.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["CG20"], 'did you mean "CG20'),
        (["CG999"], "CG999 is not a code"),
        (["--settings", "settings.yaml", "jobs.watiMs"], 'did you mean "jobs.waitMs"?'),
        (["--settings", "settings.yaml", "settings.yaml:1"], "neither a code"),
        (["--settings", "settings.yaml", "xyzzy"], "known here: JOBS_WAIT_MS"),
        (["xyzzy"], "say whose: --settings FILE or --chart DIR"),
        (["--settings", "settings.yaml", "--chart", "c", "a"], "exclude each other"),
        (["--settings", "none.yaml", "a"], "cannot read none.yaml"),
        (["--chart", "none", "a"], "there is no none"),
        (["--chart", "foreign", "replicas"], "run 'chartgen explain' for all that there are"),
    ],
)
def test_a_mistake_is_a_usage_error_with_a_way_out(grouped: Path, arguments: list[str], said: str) -> None:
    (grouped / "foreign").mkdir()
    foreign_chart(grouped / "foreign")
    done = chartgen("explain", *arguments, cwd=grouped)

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
