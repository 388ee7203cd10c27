"""`chartgen schema diff`, as a user runs it: files and revisions, the values of a project, reports, exit statuses."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import chartgen
from tests.projects import SETTINGS, project, write

TIGHTER = SETTINGS.replace("minimum: 100,", "minimum: 3000,")
LOOSER = SETTINGS.replace("minimum: 100,", "minimum: 50,")
ENVIRONMENTS = """\
environments:
  prod:
    values: [envs/prod.yaml]
    set: [settings.attempts=30]
  test:
    set: [settings.intervalMs=2500]
  gone:
    values: [envs/gone.yaml]
"""
PROD = {"envs/prod.yaml": "settings:\n  intervalMs: 2000\n"}


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=Shop", "-c", "user.email=shop@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, check=True)


@pytest.fixture
def committed(tmp_path: Path) -> Path:
    """A project with environments, as committed on the branch `main`; the schema in the tree is tighter."""
    project(tmp_path, ENVIRONMENTS, PROD)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "first")
    write(tmp_path, {"settings.yaml": TIGHTER})
    return tmp_path


def test_a_breaking_change_is_told_with_the_environments_that_it_breaks(
    committed: Path, golden: Callable[[str, str], None]
) -> None:
    done = chartgen("schema", "diff", "main:settings.yaml", "settings.yaml", cwd=committed)

    assert done.returncode == 1
    golden("schema-diff.txt", done.stdout)
    assert done.stderr == "not looked at: environment gone: cannot read envs/gone.yaml: no such file or directory\n"


def test_the_same_for_programs(committed: Path, golden: Callable[[str, str], None]) -> None:
    done = chartgen("schema", "diff", "main:settings.yaml", "settings.yaml", "--format", "json", cwd=committed)

    assert done.returncode == 1
    golden("schema-diff.json", done.stdout)
    assert json.loads(done.stdout)["summary"]["breaking"] == 1


def test_a_rule_that_an_environment_breaks_is_breaking(committed: Path) -> None:
    write(committed, {"settings.yaml": SETTINGS + "  - {rule: self.attempts < 25, message: too many}\n"})
    done = chartgen("schema", "diff", "main:settings.yaml", "settings.yaml", cwd=committed)

    assert done.returncode == 1
    assert "breaking: a rule is new: too many\n  --> settings.yaml:" in done.stdout
    assert "  = breaks: environment prod: attempts = 30 (chartgen.yaml:7:11)\n" in done.stdout


@pytest.mark.parametrize(
    ("old", "new", "code", "said"),
    [
        (SETTINGS, SETTINGS, 0, "no changes that values could notice; next version of the chart: none\n"),
        (SETTINGS, f"title: Shop\n{SETTINGS}", 0, "no changes that values could notice; next version of the chart: patch\n"),
        (SETTINGS, LOOSER, 0, "1 note; next version of the chart: minor\n"),
        (LOOSER, SETTINGS, 1, "1 breaking; next version of the chart: major\n"),
        (SETTINGS, SETTINGS + "  - {rule: self.attempts < 25, message: m}\n", 0, "1 warning; next version of the chart: major\n"),
    ],
)  # fmt: skip
def test_files_alone_are_enough_and_the_exit_status_says_whether_it_breaks(
    tmp_path: Path, old: str, new: str, code: int, said: str
) -> None:
    write(tmp_path, {"old.yaml": old, "new.yaml": new})
    done = chartgen("schema", "diff", "old.yaml", "new.yaml", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (code, "")
    assert done.stdout.endswith(f"{said}looked at: the old defaults\n")


def test_a_project_of_another_schema_has_no_say(committed: Path) -> None:
    write(committed, {"other/old.yaml": SETTINGS, "other/new.yaml": TIGHTER})
    done = chartgen("schema", "diff", "other/old.yaml", "other/new.yaml", cwd=committed)

    assert (done.returncode, done.stderr) == (1, "")
    assert "environment" not in done.stdout


def test_two_revisions_from_a_folder_below(committed: Path) -> None:
    git(committed, "commit", "-q", "-a", "-m", "second")
    done = chartgen("schema", "diff", "main~1:settings.yaml", "main:./../settings.yaml", cwd=committed / "envs")

    assert done.returncode == 1
    assert "  --> main:./../settings.yaml:4:" in done.stdout
    assert "environment prod: intervalMs is 2000" in done.stdout


@pytest.mark.parametrize(
    ("old", "said"),
    [
        ("mian:settings.yaml", "git does not have it: invalid object name 'mian'"),
        ("main:settigs.yaml", "git does not have it: path 'settigs.yaml' does not exist in 'main'"),
        ("main:envs", "git does not have it"),
        (":settigs.yaml", "git does not have it: path 'settigs.yaml' does not exist"),
        ("none.yaml", "cannot read none.yaml: no such file or directory"),
        ("envs/prod.yaml", "error[CG302]"),
        ("C:none.yaml", "cannot read C:none.yaml"),
    ],
)
def test_what_cannot_be_read_is_exit_2_with_the_reason(committed: Path, old: str, said: str) -> None:
    done = chartgen("schema", "diff", old, "settings.yaml", cwd=committed)

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_outside_of_a_repository_and_without_git_it_is_told_so(tmp_path: Path) -> None:
    write(tmp_path, {"settings.yaml": SETTINGS})
    outside = chartgen("schema", "diff", "main:a.yaml", "settings.yaml", cwd=tmp_path, env={"GIT_DIR": "none"})
    without = chartgen("schema", "diff", "main:a.yaml", "settings.yaml", cwd=tmp_path, env={"PATH": ""})

    assert (outside.returncode, without.returncode) == (2, 2)
    assert "there is no file main:a.yaml, and git does not have it: not a git repository" in outside.stderr
    assert "there is no file main:a.yaml, and git, which could have it, is not installed" in without.stderr


def test_a_project_file_that_is_wrong_is_told_and_the_schemas_are_compared(committed: Path) -> None:
    with (committed / "chartgen.yaml").open("a", encoding="utf-8") as file:
        file.write("prot: 80\n")
    done = chartgen("schema", "diff", "main:settings.yaml", "settings.yaml", cwd=committed)

    assert done.returncode == 1
    assert done.stderr == "not looked at: chartgen.yaml is not a project that chartgen can use\n"
