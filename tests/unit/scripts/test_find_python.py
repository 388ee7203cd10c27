"""`make` finds a Python that chartgen runs on by running it, or says what to install."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def program(folder: Path, name: str, script: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def find(repository: Path, path: Path, python: str = "") -> subprocess.CompletedProcess[str]:
    """Run the finder with nothing else on the PATH than a folder of the test's own."""
    command = ["/bin/sh", str(repository / "scripts/find-python")]
    environment = {"PATH": str(path), "PYTHON": python}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_shim_without_a_python_behind_it_is_passed_over(repository: Path, tmp_path: Path) -> None:
    program(tmp_path, "python3.14", "echo 'python3.14: command not found' >&2; exit 127")
    program(tmp_path, "python3", f'exec "{sys.executable}" "$@"')

    assert find(repository, tmp_path).stdout == "python3\n"


def test_one_that_makes_environments_is_preferred(repository: Path, tmp_path: Path) -> None:
    lacks = f'case "$2" in *ensurepip*) exit 1;; esac; exec "{sys.executable}" "$@"'
    program(tmp_path, "python3.13", lacks)
    program(tmp_path, "python3.12", f'exec "{sys.executable}" "$@"')

    assert find(repository, tmp_path).stdout == "python3.12\n"


def test_the_one_that_is_named_comes_first(repository: Path, tmp_path: Path) -> None:
    program(tmp_path, "python3", f'exec "{sys.executable}" "$@"')

    assert find(repository, tmp_path, python=sys.executable).stdout == f"{sys.executable}\n"


@pytest.mark.parametrize("version", ["(3, 10)", "(3, 15)"])
def test_without_a_supported_python_it_says_what_to_install(repository: Path, tmp_path: Path, version: str) -> None:
    change = f'code=$(echo "$2" | /bin/sed "s/sys.version_info\\[:2\\]/{version}/"); exec "{sys.executable}" -c "$code"'
    program(tmp_path, "python3", change)
    done = find(repository, tmp_path)

    assert (done.returncode, done.stdout) == (1, "")
    assert "chartgen needs Python 3.11, 3.12, 3.13 or 3.14" in done.stderr
    assert "apt install python3 python3-venv" in done.stderr
