"""The steps of `action.yml`, run as GitHub's runner runs them, and the lines of the example for GitLab."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command import chartgen
from tests.projects import PROJECT, SETTINGS, write

BROKEN = "settings: {timeoutMs: 49999}\n"
FILES = {"settings.yaml": SETTINGS, "chartgen.yaml": PROJECT, "envs/a.yaml": BROKEN, "envs/b c.yaml": BROKEN}


@dataclass(frozen=True)
class Ended:
    """How a step ended, what it printed, and the outputs that it set."""

    code: int
    said: str
    outputs: dict[str, str]


@dataclass(frozen=True)
class Runner:
    """A runner with its workspace; `inputs` are what a workflow gives, over the action's defaults."""

    action: dict[str, Any]
    source: Path
    workspace: Path
    temp: Path

    def run(self, step: str, **inputs: str) -> Ended:
        """A step, by its id or name."""
        (found,) = [each for each in self.action["runs"]["steps"] if step in {each.get("id"), each.get("name")}]
        values = {f"inputs.{name}": each["default"] for name, each in self.action["inputs"].items()}
        values |= {f"inputs.{name.replace('_', '-')}": text for name, text in inputs.items()}
        values |= {"runner.temp": str(self.temp), "steps.python.outputs.python-path": sys.executable}
        env = {
            name: re.sub(r"\$\{\{ (.*?) \}\}", lambda match: values[match[1]], text)
            for name, text in found["env"].items()
        }
        script, output = self.temp / "step.sh", self.temp / "output"
        script.write_text(found["run"], encoding="utf-8")
        output.write_text("", encoding="utf-8")
        known = {"GITHUB_ACTIONS": "true", "GITHUB_ACTION_PATH": str(self.source), "GITHUB_OUTPUT": str(output)}
        known |= {"GITHUB_WORKSPACE": str(self.workspace), "GITHUB_STEP_SUMMARY": str(self.temp / "summary")}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)], cwd=self.workspace, check=False,
            env={**os.environ, "RUNNER_OS": "Linux", **known, **env}, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=240,
        )  # fmt: skip
        outputs = dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())
        return Ended(done.returncode, done.stdout, outputs)


@pytest.fixture
def runner(repository: Path, tmp_path: Path) -> Runner:
    """A runner whose workspace is a project, with chartgen where the action's first step would install it."""
    action = yaml.load((repository / "action.yml").read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - texts alone
    workspace, temp = tmp_path / "work space", tmp_path / "temp"
    temp.mkdir()
    (temp / "chartgen").symlink_to(sys.prefix)
    write(workspace, FILES)
    return Runner(action, repository, workspace, temp)


def test_chartgen_is_installed_from_the_action_itself_and_judges(runner: Runner) -> None:
    (runner.temp / "chartgen").unlink()
    installed = runner.run("Install chartgen")
    judged = runner.run("validate", files="envs/a.yaml")

    assert installed.code == 0, installed.said
    assert (judged.code, judged.outputs) == (1, {"exit-status": "1"})
    assert "timeoutMs is smaller than attempts * intervalMs" in judged.said


def test_without_inputs_all_that_the_project_has_is_judged(runner: Runner) -> None:
    judged = runner.run("validate")

    assert (judged.code, judged.outputs) == (0, {"exit-status": "0"})


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ("envs/*.yaml", ["envs/a.yaml", "envs/b c.yaml"]),
        ("envs/b c.yaml\n", ["envs/b c.yaml"]),
        ("\nenvs/a.yaml\nenvs/b*.yaml\n", ["envs/a.yaml", "envs/b c.yaml"]),
        ("envs/none-*.yaml", ["envs/none-*.yaml"]),
        ("$(touch ran).yaml", ["$(touch ran).yaml"]),
        ("`touch ran`;touch ran", ["`touch ran`;touch ran"]),
        ("--help", ["--help"]),
    ],
)
def test_files_are_named_one_a_line_with_patterns_and_never_run(runner: Runner, files: str, told: list[str]) -> None:
    judged = runner.run("validate", files=files, args="--format\nconcise")

    assert (judged.code, re.findall(r"^(.*?):\d+:\d+: error", judged.said, re.MULTILINE)) == (1, told)
    assert not (runner.workspace / "ran").exists()


def test_it_works_in_a_folder_below_the_workspace(runner: Runner) -> None:
    judged = runner.run("validate", files="a.yaml", working_directory="envs", args="--format\nconcise")

    assert (judged.code, judged.said.split(":")[0]) == (1, "a.yaml")
    assert runner.run("validate", working_directory="nowhere").code == 2


def test_warnings_fail_where_it_is_strict(runner: Runner) -> None:
    write(runner.workspace, {"envs/a.yaml": "settings: {attempts: 2}  # chartgen: ignore[CG202] no longer\n"})

    assert runner.run("validate", files="envs/a.yaml").code == 0
    assert runner.run("validate", files="envs/a.yaml", strict="true").code == 1
    assert runner.run("validate", files="envs/a.yaml", strict="yes").code == 2


def test_a_stale_chart_fails_where_that_is_asked_for(runner: Runner) -> None:
    assert runner.run("validate", render_check="true").outputs == {"exit-status": "1"}
    assert chartgen("render", cwd=runner.workspace).returncode == 0
    assert runner.run("validate", render_check="true").outputs == {"exit-status": "0"}
    broken = runner.run("validate", render_check="true", files="envs/a.yaml")
    assert (broken.code, broken.outputs) == (1, {"exit-status": "1"})


def test_the_exit_status_of_what_could_not_look_is_told(runner: Runner) -> None:
    write(runner.workspace, {"settings.yaml": "type: strange\n"})
    judged = runner.run("validate")

    assert (judged.code, judged.outputs) == (2, {"exit-status": "2"})


def test_the_report_for_code_scanning_is_an_output(runner: Runner) -> None:
    judged = runner.run("validate", files="envs/a.yaml", sarif="out.sarif", working_directory="envs/..")

    assert judged.outputs == {"exit-status": "1", "sarif": "envs/../out.sarif"}


@dataclass(frozen=True)
class Example:
    """The lines of the example for GitLab as one script, and the reports that its job promises."""

    script: str
    reports: list[str]


def gitlab_example(repository: Path) -> Example:
    """As it is."""
    job = yaml.safe_load((repository / "examples/ci/gitlab-ci.yml").read_text(encoding="utf-8"))["settings"]
    reports = job["artifacts"]["reports"]
    return Example("\n".join(job["script"]), [reports["codequality"], reports["junit"]])


def test_the_lines_of_the_example_for_gitlab_run_and_leave_the_reports(repository: Path, tmp_path: Path) -> None:
    example = gitlab_example(repository)
    write(tmp_path, FILES | {"chartgen.yaml": PROJECT + "environments: {prod: {values: [envs/a.yaml]}}\n"})
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

    def code() -> int:
        env = {**os.environ, "PATH": programs, "GITLAB_CI": "true"}
        return subprocess.run(["bash", "-e", "-c", example.script], cwd=tmp_path, env=env, check=False).returncode

    assert code() == 1  # there is no chart yet
    assert chartgen("render", cwd=tmp_path).returncode == 0
    assert code() == 1
    assert [name for name in example.reports if not (tmp_path / name).is_file()] == []
    write(tmp_path, {"envs/a.yaml": "settings: {timeoutMs: 50000}\n"})
    assert code() == 0
