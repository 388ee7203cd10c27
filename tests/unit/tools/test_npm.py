"""Programs of npm are installed once, whole or not at all, as the lock has them. A fake `npm` stands for the real one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tools import build, npm

Run = Callable[..., "subprocess.CompletedProcess[str]"]

FAKE = """#!/bin/sh
echo "$@" >> "$LOG"
test -f package.json && test -f package-lock.json || exit 3
mkdir -p "$(dirname "node_modules/$EXECUTABLE")"
echo program > "node_modules/$EXECUTABLE"
exit "$NPM_EXIT"
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: Path) -> Run:
    """Runs the installer with a cache, and an `npm`, of the test's own."""
    fake = tmp_path / "bin" / "npm"
    fake.parent.mkdir()
    fake.write_text(FAKE)
    fake.chmod(0o755)
    monkeypatch.setenv("CHARTGEN_CACHE", str(tmp_path / "cache"))

    def start(npm_exit: str = "0", path: str = f"{fake.parent}:/bin:/usr/bin") -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": path, "CHARTGEN_CACHE": str(tmp_path / "cache"), "LOG": str(tmp_path / "log"),
            "NPM_EXIT": npm_exit, "EXECUTABLE": npm.SARIF.executable,
        }  # fmt: skip
        command = [sys.executable, "-m", "tests.tools.npm"]
        return subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=False)

    return start


def test_a_program_is_installed_once_by_its_lock_and_no_script_runs(run: Run, tmp_path: Path) -> None:
    assert [run().returncode, run(path="/nowhere").returncode] == [0, 0]
    assert (tmp_path / "log").read_text() == "ci --ignore-scripts --no-audit --no-fund --loglevel=error\n"
    assert npm.SARIF.path.read_text() == "program\n"
    assert os.access(npm.SARIF.path, os.X_OK)


def test_without_npm_the_message_says_what_to_install(run: Run) -> None:
    expected = "error: sarif-multitool is not installed and there is no npm on the PATH: install Node.js, then run 'make tools'\n"
    done = run(path="/nowhere")

    assert (done.returncode, done.stderr) == (1, expected)


def test_a_failed_installation_leaves_no_program(run: Run) -> None:
    assert run(npm_exit="1").returncode == 1
    assert not npm.SARIF.home.exists()


def test_the_lock_has_one_version_and_a_hash_of_each_package() -> None:
    lock = json.loads((build.HERE / "sarif" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: each for name, each in lock["packages"].items() if name}

    assert {each["version"] for each in packages.values()} == {"5.7.0"}
    assert [name for name, each in packages.items() if not each["integrity"].startswith("sha512-")] == []
    assert [name for name, each in packages.items() if "resolved" in each] == []
