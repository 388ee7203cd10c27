"""What is seen on a terminal: colours, and a line while a run is long. Both are for eyes alone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.command import PROGRAM
from tests.projects import project, write

if sys.platform == "win32":
    pytest.skip("Windows has no pseudo-terminals of this kind", allow_module_level=True)

import pty

LONG = 3
"""Seconds of a run in which the line would be drawn."""


def on_terminal(
    folder: Path,
    *arguments: str,
    seconds: float = 0,
    until: bytes = b"",
    stdout: bool = True,
    stderr: bool = True,
    env: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """The exit code, and what a terminal of 80 columns was sent.

    The standard input comes after some seconds, or when the terminal was sent something.
    """
    master, slave = pty.openpty()
    environment = {"PATH": os.environ["PATH"], "TERM": "xterm", "PYTHONUTF8": "1", **(env or {})}
    with subprocess.Popen(
        [str(PROGRAM), "validate", *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=slave if stdout else subprocess.DEVNULL,
        stderr=slave if stderr else subprocess.DEVNULL,
    ) as process:
        os.close(slave)
        assert process.stdin is not None
        time.sleep(seconds)
        sent = bytearray()
        while until not in sent and (chunk := _read(master)):
            sent += chunk
        process.stdin.write(b"settings: {intervalMs: 5}\n")
        process.stdin.close()
        while chunk := _read(master):
            sent += chunk
    os.close(master)
    return process.returncode, sent.decode().replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # Linux: the other end is closed
        return b""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    project(tmp_path)
    write(tmp_path, {"bad.yaml": "settings: {intervalMs: 5}\n"})
    return tmp_path


@pytest.mark.parametrize(
    ("env", "expected"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)], ids=str
)
def test_a_terminal_gets_colours_unless_it_is_told_not_to(shop: Path, env: dict[str, str], expected: bool) -> None:
    code, sent = on_terminal(shop, "bad.yaml", env=env)

    assert code == 1
    assert ("\x1b[1;31merror[CG202]" in sent) is expected
    assert "error[CG202]" in sent


def test_colours_can_be_had_without_a_terminal(shop: Path) -> None:
    done = subprocess.run(
        [str(PROGRAM), "validate", "bad.yaml"],
        cwd=shop,
        env={**os.environ, "FORCE_COLOR": "1"},
        capture_output=True,
        check=False,
    )

    assert b"\x1b[1;31merror[CG202]" in done.stdout


def test_a_document_on_a_terminal_has_no_colours(shop: Path) -> None:
    assert "\x1b" not in on_terminal(shop, "--format", "json", "bad.yaml")[1]


def test_a_long_run_tells_that_it_goes_on_and_clears_that_before_the_report(shop: Path) -> None:
    code, sent = on_terminal(shop, "-", until=b" s)", env={"NO_COLOR": "1"})
    line, _, report = sent.rpartition("\r\x1b[2K")

    assert code == 1
    assert line.startswith("\r\x1b[2Kjudging - (1 s)")
    assert report.startswith("error[CG202]")


def test_a_short_run_draws_nothing(shop: Path) -> None:
    assert "\x1b[2K" not in on_terminal(shop, "bad.yaml", env={"NO_COLOR": "1"})[1]


@pytest.mark.parametrize(
    ("stderr", "env"),
    [(False, {}), (True, {"CI": "true"}), (True, {"TERM": "dumb"})],
    ids=["no terminal", "CI", "dumb"],
)
def test_nobody_who_does_not_look_is_told(shop: Path, stderr: bool, env: dict[str, str]) -> None:
    assert "judging" not in on_terminal(shop, "-", seconds=LONG, stderr=stderr, env=env)[1]
