"""Streams that are closed: who closes one wants nothing of it, and gets the exit code alone."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.command import PROGRAM
from tests.projects import project, write


def exit_code(folder: Path, command: str) -> int:
    """How a command line of a shell ends; nothing of a bug may be told."""
    done = subprocess.run(
        ["sh", "-c", command], cwd=folder, capture_output=True, encoding="utf-8", check=False, timeout=60
    )
    assert "bug in chartgen" not in done.stdout + done.stderr
    return done.returncode


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_without_an_output_the_exit_code_is_the_verdict(tmp_path: Path, closed: str) -> None:
    project(tmp_path)
    write(tmp_path, {"good.yaml": "settings: {}\n", "bad.yaml": "settings: {intervalMs: 5}\n"})

    assert exit_code(tmp_path, f"{PROGRAM} validate good.yaml {closed}") == 0
    assert exit_code(tmp_path, f"{PROGRAM} validate bad.yaml {closed}") == 1
    assert exit_code(tmp_path, f"{PROGRAM} --version {closed}") == 0


def test_a_closed_input_cannot_be_read(tmp_path: Path) -> None:
    project(tmp_path)

    assert exit_code(tmp_path, f"{PROGRAM} validate - <&-") == 1
