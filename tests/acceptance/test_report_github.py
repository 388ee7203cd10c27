"""Inside GitHub Actions: annotations beside the text, and the summary of the step."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command import chartgen
from tests.projects import project, write
from tests.report_readers import check_json, workflow_commands


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A project with good and bad values."""
    project(tmp_path)
    write(tmp_path, {"good.yaml": "settings: {intervalMs: 5000}\n", "bad.yaml": "settings: {intervalMs: 5}\n"})
    return tmp_path


def test_in_github_actions_annotations_come_by_themselves(shop: Path) -> None:
    summary = shop / "summary.md"
    summary.write_text("# before\n")
    env = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_WORKSPACE": str(shop)}
    done = chartgen("validate", "bad.yaml", cwd=shop, env=env)
    text = chartgen("validate", "bad.yaml", cwd=shop).stdout
    stop, *told = done.stdout.splitlines(keepends=True)
    name, _, token = stop.strip().rpartition("::")

    assert (done.returncode, name) == (1, "::stop-commands")
    assert len(token) >= 32
    assert "".join(told[: len(text.splitlines())]) == text
    assert told[-2] == f"::{token}::\n"
    (command,) = workflow_commands(told[-1])
    assert command.properties["file"] == "bad.yaml"
    assert summary.read_text().startswith("# before\n### chartgen: 1 error in 1 file\n")


def test_in_github_actions_what_is_asked_for_is_what_comes(shop: Path) -> None:
    env = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(shop / "summary.md")}

    check_json(chartgen("validate", "--format", "json", "bad.yaml", cwd=shop, env=env).stdout)
    text = chartgen("validate", "--format", "text", "bad.yaml", cwd=shop, env=env).stdout
    assert text == chartgen("validate", "bad.yaml", cwd=shop).stdout
    assert not (shop / "summary.md").exists()
    filed = chartgen("validate", "--format", "sarif=a.sarif", "good.yaml", cwd=shop, env=env)
    assert (filed.returncode, filed.stdout) == (0, "no findings in 1 file\n")
    assert (shop / "summary.md").read_text() == "### chartgen: no findings in 1 file\n\n"


def test_a_summary_that_cannot_be_written_changes_no_verdict(shop: Path) -> None:
    env = {"GITHUB_STEP_SUMMARY": str(shop / "no/summary.md")}
    done = chartgen("validate", "--format", "github", "good.yaml", cwd=shop, env=env)

    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("warning: no summary of the step: ")


def test_no_line_of_a_file_is_a_command_to_the_runner(shop: Path) -> None:
    write(shop, {"bad.yaml": 'settings: {"a\\n::add-mask::x": 1} # ##[add-mask]y\n'})
    done = chartgen("validate", "bad.yaml", cwd=shop, env={"GITHUB_ACTIONS": "true"})
    lines = done.stdout.splitlines()
    token = lines[0].removeprefix("::stop-commands::")
    end = lines.index(f"::{token}::")

    assert any("##[add-mask]" in line for line in lines[1:end])
    assert [command.name for command in workflow_commands("\n".join(lines[end + 1 :]))] == ["error"]
