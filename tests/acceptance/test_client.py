"""`chartgen client`: the reader is written, kept fresh, and never takes a file that is somebody else's."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.command import chartgen
from tests.projects import project

READER = "src/lib/job-config.ts"


def client(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return chartgen("client", *arguments, cwd=folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project whose reader is written."""
    project(tmp_path)
    done = client(tmp_path, "--output", READER)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"created {READER}\n", "")
    return tmp_path


def test_a_fresh_reader_is_left_alone(folder: Path) -> None:
    again, check = client(folder, "--output", READER), client(folder, "--output", READER, "--check")

    assert (again.returncode, again.stdout) == (0, f"unchanged {READER}\n")
    assert (check.returncode, check.stdout) == (0, "")


def test_line_breaks_of_windows_make_nothing_stale(folder: Path) -> None:
    file = folder / READER
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    assert client(folder, "--output", READER, "--check").returncode == 0


def test_a_schema_that_changed_makes_it_stale_and_the_next_run_fresh(folder: Path) -> None:
    schema = folder / "settings.yaml"
    schema.write_text(schema.read_text(encoding="utf-8").replace("default: 5000", "default: 6000"), encoding="utf-8")

    check, diff = client(folder, "--output", READER, "--check"), client(folder, "--output", READER, "--diff")
    written = client(folder, "--output", READER)

    assert (check.returncode, check.stdout) == (1, f"stale: {READER} (out of date)\n")
    assert diff.returncode == 1
    assert "+++ b/job-config.ts" in diff.stdout
    assert (written.returncode, written.stdout) == (0, f"updated {READER}\n")


@pytest.mark.parametrize(
    ("text", "reason"), [("export {};\n", "was not written by chartgen"), (None, "was edited by hand")]
)
def test_what_is_not_as_chartgen_wrote_it_is_overwritten_by_force_alone(
    folder: Path, text: str | None, reason: str
) -> None:
    file = folder / READER
    mine = text or file.read_text(encoding="utf-8").replace("getSettings", "settings")
    file.write_text(mine, encoding="utf-8")

    refused = client(folder, "--output", READER)

    assert refused.returncode == 1
    assert f"error: {READER} {reason}" in refused.stderr
    assert file.read_text(encoding="utf-8") == mine
    assert client(folder, "--output", READER, "--check").returncode == 1
    assert client(folder, "--output", READER, "--force").returncode == 0
    assert client(folder, "--output", READER, "--check").returncode == 0


def test_without_an_output_it_is_printed(folder: Path) -> None:
    printed = client(folder)

    assert (printed.returncode, printed.stderr) == (0, "")
    assert printed.stdout == (folder / READER).read_text(encoding="utf-8")


def test_a_schema_needs_no_project(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    assert client(elsewhere, "--settings", str(folder / "settings.yaml")).returncode == 0
    assert client(elsewhere).returncode == 2


@pytest.mark.parametrize("arguments", [("--check",), ("--diff",), ("--force",), ("--output", "src/")])
def test_what_makes_no_sense_is_told(folder: Path, arguments: tuple[str, ...]) -> None:
    done = client(folder, *arguments)

    assert done.returncode == 2
    assert "help: name the" in done.stderr


def test_a_folder_in_its_place_is_the_world_outside(folder: Path) -> None:
    done = client(folder, "--output", "src")

    assert done.returncode == 4
    assert done.stderr.startswith("error: src")


def test_a_schema_that_is_wrong_is_told_and_nothing_is_written(folder: Path) -> None:
    (folder / "settings.yaml").write_text("type: object\nproperties: {a: {type: integer}}\n", encoding="utf-8")

    done = client(folder, "--output", "src/other.ts")

    assert done.returncode == 2
    assert "CG3" in done.stderr
    assert not (folder / "src/other.ts").exists()
