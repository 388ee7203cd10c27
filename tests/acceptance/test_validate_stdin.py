"""A pipe that nothing went into: the command before it may have failed, which the shell does not say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import projects
from tests.command import chartgen


@pytest.fixture
def project(tmp_path: Path) -> Path:
    projects.project(tmp_path)
    return tmp_path


@pytest.mark.parametrize("text", ["", "\n", " \n\n"])
def test_an_empty_standard_input_is_a_warning(project: Path, text: str) -> None:
    done = chartgen("validate", "-", cwd=project, stdin=text)

    assert done.returncode == 0
    assert "warning[CG101]: there is nothing on the standard input" in done.stdout
    assert "pipefail" in done.stdout
    assert chartgen("validate", "--strict", "-", cwd=project, stdin=text).returncode == 1


@pytest.mark.parametrize("text", ["{}\n", "null\n", "# none\n"])
def test_values_that_set_nothing_are_values(project: Path, text: str) -> None:
    assert chartgen("validate", "--strict", "-", cwd=project, stdin=text).stdout == "no findings in 1 file\n"


def test_empty_values_of_a_stack_are_taken_as_by_helm(project: Path) -> None:
    assert chartgen("validate", "--strict", "-f", "-", cwd=project, stdin="").returncode == 0


def test_a_file_of_a_stack_holds_values_whatever_they_look_like(project: Path) -> None:
    (project / "odd.yaml").write_text("apiVersion: v1\nkind: ConfigMap\nsettings: {attempts: 0}\n", encoding="utf-8")

    assert "CG202" in chartgen("validate", "-f", "odd.yaml", cwd=project).stdout
    assert chartgen("validate", "odd.yaml", cwd=project).returncode == 0
