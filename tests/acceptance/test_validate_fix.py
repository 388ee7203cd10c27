"""`chartgen validate --fix` and `--diff`, as a user runs them on files."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.command import chartgen

BROKEN = "# Production\nsettings:\n  pollIntervalMs: 10000   # as agreed\n  maxPollAttempts: '200'\n  timeoutMs: 5\n"
MENDED = (
    "# Production\nsettings:\n  pollIntervalMs: 10000   # as agreed\n  maxPollAttempts: 200\n  timeoutMs: 2000000\n"
)


@pytest.fixture
def chart(repository: Path) -> str:
    return str(repository / "charts" / "ideaforge-frontend")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "prod.yaml").write_text(BROKEN, encoding="utf-8")
    return tmp_path


def test_fix_changes_the_file_and_tells_what_is_left(chart: str, folder: Path) -> None:
    run = chartgen("validate", "--chart", chart, "--fix", "prod.yaml", cwd=folder)

    assert (run.returncode, run.stdout, run.stderr) == (0, "no findings in 1 file\n", "mended prod.yaml\n")
    assert (folder / "prod.yaml").read_text() == MENDED


def test_helm_refuses_the_file_before_and_takes_it_after(helm: str, chart: str, folder: Path) -> None:
    command = [helm, "template", "r", chart, "-f", "prod.yaml"]
    before = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    chartgen("validate", "--chart", chart, "--fix", "prod.yaml", cwd=folder)
    after = subprocess.run(command, cwd=folder, capture_output=True, check=False)

    assert (before.returncode, after.returncode) == (1, 0)


def test_diff_shows_what_fix_would_change_and_writes_nothing(chart: str, folder: Path) -> None:
    run = chartgen("validate", "--chart", chart, "--diff", "prod.yaml", cwd=folder)

    assert run.returncode == 1
    assert (folder / "prod.yaml").read_text() == BROKEN
    shown = [line for line in run.stdout.splitlines() if line[:1] in "+-"]
    assert shown == [
        "--- a/prod.yaml",
        "+++ b/prod.yaml",
        "-  maxPollAttempts: '200'",
        "-  timeoutMs: 5",
        "+  maxPollAttempts: 200",
        "+  timeoutMs: 2000000",
    ]


def test_the_diff_is_one_that_patch_applies(chart: str, folder: Path) -> None:
    text = BROKEN.replace("\n", "\r\n").removesuffix("\r\n")
    (folder / "prod.yaml").write_bytes(b"\xef\xbb\xbf" + text.encode())

    run = chartgen("validate", "--chart", chart, "--diff", "prod.yaml", cwd=folder)
    # The command's output is read with its line ends made one: the patch is written again as it was.
    command = ["git", "apply", "--ignore-whitespace", "-"]
    subprocess.run(command, input=run.stdout.encode(), cwd=folder, check=True, capture_output=True)

    assert (folder / "prod.yaml").read_text(encoding="utf-8-sig").split() == MENDED.split()


def test_fix_of_what_is_right_touches_nothing(chart: str, folder: Path) -> None:
    (folder / "prod.yaml").write_text(MENDED)
    os.utime(folder / "prod.yaml", (1, 1))

    run = chartgen("validate", "--chart", chart, "--fix", "prod.yaml", cwd=folder)

    assert (run.returncode, run.stderr) == (0, "")
    assert (folder / "prod.yaml").stat().st_mtime == 1


def test_a_file_that_does_not_parse_is_left_alone_and_the_others_are_mended(chart: str, folder: Path) -> None:
    (folder / "bad.yaml").write_text("settings:\n  timeoutMs: 5\n bad: [\n")

    run = chartgen("validate", "--chart", chart, "--fix", "bad.yaml", "prod.yaml", cwd=folder)

    assert run.returncode == 1
    assert run.stderr == "mended prod.yaml\n"
    assert (folder / "bad.yaml").read_text() == "settings:\n  timeoutMs: 5\n bad: [\n"


def test_what_cannot_be_mended_stays_told(chart: str, folder: Path) -> None:
    (folder / "prod.yaml").write_text("settings:\n  timeoutMs: soon\n  pollIntervalMs: 5\n")

    run = chartgen("validate", "--chart", chart, "--fix", "prod.yaml", "--format", "concise", cwd=folder)

    assert run.returncode == 1
    assert (folder / "prod.yaml").read_text() == "settings:\n  timeoutMs: soon\n  pollIntervalMs: 1000\n"
    assert [line.split(" ")[0] for line in run.stdout.splitlines()] == ["prod.yaml:2:14:"]


def test_the_standard_input_cannot_be_fixed(chart: str, folder: Path) -> None:
    run = chartgen("validate", "--chart", chart, "--fix", "-", cwd=folder, stdin="settings: {timeoutMs: 5}\n")

    assert run.returncode == 2
    assert "<stdin>" in run.stderr
    assert "Traceback" not in run.stderr


def test_nothing_is_mended_where_the_standard_input_is_named_too(chart: str, folder: Path) -> None:
    run = chartgen("validate", "--chart", chart, "--fix", "-", "prod.yaml", cwd=folder, stdin="settings: {}\n")

    assert (run.returncode, run.stdout) == (2, "")
    assert "<stdin> cannot be changed" in run.stderr
    assert (folder / "prod.yaml").read_text() == BROKEN


def test_a_pipe_is_read_once_and_never_changed(chart: str, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    writer = subprocess.Popen(["sh", "-c", "cat prod.yaml > pipe"], cwd=folder)
    shown = chartgen("validate", "--chart", chart, "--diff", "pipe", cwd=folder)
    writer.wait()
    refused = chartgen("validate", "--chart", chart, "--fix", "pipe", cwd=folder)

    assert shown.returncode == 1
    assert "+  timeoutMs: 2000000" in shown.stdout
    assert refused.returncode == 2
    assert "pipe cannot be changed" in refused.stderr


def test_a_value_that_is_wrong_in_all_environments_is_told_once(repository: Path, tmp_path: Path) -> None:
    """Each environment has a nearest value of its own."""
    shutil.copy(repository / "schemas" / "async-job.schema.json", tmp_path / "settings.schema.json")
    (tmp_path / "chartgen.yaml").write_text(PROJECT.replace(", set: [settings.maxPollAttempts=200]", ""))
    (tmp_path / "base.yaml").write_text("settings:\n  timeoutMs: 5 # all\n")
    (tmp_path / "dev.yaml").write_text("settings: {maxPollAttempts: 8}\n")
    (tmp_path / "prod.yaml").write_text("settings: {maxPollAttempts: 9}\n")

    told = chartgen("validate", "--format", "concise", cwd=tmp_path)
    mended = chartgen("validate", "--fix", cwd=tmp_path)

    assert [line.split(" ")[0] for line in told.stdout.splitlines()] == ["base.yaml:2:14:"]
    assert (mended.returncode, mended.stderr) == (0, "mended base.yaml\n"), mended.stdout
    assert (tmp_path / "base.yaml").read_text() == "settings:\n  timeoutMs: 45000 # all\n"


def test_the_report_for_programs_has_the_edits(chart: str, folder: Path) -> None:
    run = chartgen("validate", "--chart", chart, "--format", "json", "prod.yaml", cwd=folder)

    edits = [edit for finding in json.loads(run.stdout)["findings"] for edit in finding["edits"]]
    assert edits == [
        {"text": "200", "file": "prod.yaml", "line": 4, "column": 20, "endLine": 4, "endColumn": 25},
        {"text": "1000", "file": "prod.yaml", "line": 5, "column": 14, "endLine": 5, "endColumn": 15},
    ]


def test_the_values_of_a_chart_are_mended_where_the_chart_is_what_is_judged(chart: str, tmp_path: Path) -> None:
    copy = tmp_path / "chart"
    shutil.copytree(chart, copy)
    values = copy / "values.yaml"
    text = values.read_text()
    values.write_text(text.replace("pollIntervalMs: 5000", "pollIntervalMs: 9000"))

    below = chartgen("validate", "--chart", "chart", "--fix", "--set", "replicaCount=1", cwd=tmp_path)
    untouched = values.read_text()
    alone = chartgen("validate", "--fix", "chart", cwd=tmp_path)

    assert below.returncode == 1
    assert untouched == text.replace("pollIntervalMs: 5000", "pollIntervalMs: 9000")
    assert alone.returncode == 0, alone.stdout
    assert values.read_text() == untouched.replace("timeoutMs: 600000", "timeoutMs: 1080000")


PROJECT = """\
settings: settings.schema.json
chart: {name: shop, version: 0.1.0, appVersion: "1.0", output: charts/shop}
image: {repository: ghcr.io/example/shop, tag: "1.0"}
port: 8080
environments:
  dev: {values: [base.yaml, dev.yaml]}
  prod: {values: [base.yaml, prod.yaml], set: [settings.maxPollAttempts=200]}
"""


def test_an_environment_is_mended_in_its_own_file(repository: Path, tmp_path: Path) -> None:
    shutil.copy(repository / "schemas" / "async-job.schema.json", tmp_path / "settings.schema.json")
    (tmp_path / "chartgen.yaml").write_text(PROJECT)
    (tmp_path / "base.yaml").write_text("settings:\n  pollIntervalMs: 4000 # all\n")
    (tmp_path / "dev.yaml").write_text("settings: {}\n")
    (tmp_path / "prod.yaml").write_text("settings:\n  # the longest that is agreed\n  timeoutMs: 600000\n")

    run = chartgen("validate", "--fix", cwd=tmp_path)

    assert (run.returncode, run.stderr) == (0, "mended prod.yaml\n"), run.stdout
    assert (tmp_path / "base.yaml").read_text() == "settings:\n  pollIntervalMs: 4000 # all\n"
    assert (tmp_path / "prod.yaml").read_text() == "settings:\n  # the longest that is agreed\n  timeoutMs: 800000\n"


def test_the_values_of_a_subchart_are_mended_in_the_parents_file(chart: str, tmp_path: Path) -> None:
    parent = tmp_path / "parent"
    shutil.copytree(chart, parent / "charts" / "front")
    (parent / "Chart.yaml").write_text("apiVersion: v2\nname: parent\nversion: 0.1.0\n")
    (tmp_path / "v.yaml").write_text("ideaforge-frontend:\n  settings:\n    pollIntervalMs: 9000 # slow\n")

    run = chartgen("validate", "--chart", "parent", "--fix", "v.yaml", cwd=tmp_path)

    assert (run.returncode, run.stderr) == (0, "mended v.yaml\n"), run.stdout
    expected = "ideaforge-frontend:\n  settings:\n    pollIntervalMs: 9000 # slow\n    timeoutMs: 1080000\n"
    assert (tmp_path / "v.yaml").read_text() == expected
