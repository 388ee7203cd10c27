"""A run: the process that makes the load is started, watched and heard out."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from chartgen.finding import OutsideStop, UsageStop
from chartgen.load.order import Place
from chartgen.load.tally import Tally
from chartgen.records import dataclass

EXTRA = "load"
_ENDING = 30.0
Heard = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Done:
    """What was counted, from when on (POSIX time), in how many seconds, and whether somebody ended it."""

    tally: Tally
    began: float
    lasted: float
    interrupted: bool


def run(place: Place, heard: Heard) -> Done:
    """Make the load. `heard` is told how far it is; Ctrl-C ends it, and what was counted so far is what there is.

    Raises:
        UsageStop: Locust is not installed.
        OutsideStop: the process ended without a result.
    """
    said, interrupted = _carried_out(place, heard)
    return Done(Tally.read(said["result"]), float(said["began"]), float(said["lasted"]), interrupted)


def join(place: Place, heard: Heard) -> None:
    """Make a part of the load of a master.

    Raises:
        UsageStop: Locust is not installed.
        OutsideStop: there is no master, or its server is not the one of `place`.
    """
    said, interrupted = _carried_out(place, heard)
    if interrupted:
        raise KeyboardInterrupt
    if said["joined"]:
        raise OutsideStop(said["joined"], "start the master first, with the same --url and --settings-url")


def check_installed() -> None:
    """Raise UsageStop where Locust is not installed."""
    if find_spec("locust") is None:
        raise UsageStop("the load is made by Locust, which is not installed", f"pip install 'chartgen[{EXTRA}]'")


def _carried_out(place: Place, heard: Heard) -> tuple[dict[str, Any], bool]:
    """The last thing that the process says, and whether somebody ended it."""
    check_installed()
    command = [sys.executable, "-m", "chartgen.load.engine"]
    with tempfile.TemporaryFile() as errors:
        # A session of its own: Ctrl-C comes here, and the process is told.
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True
        )
        try:
            said, interrupted = _heard_out(process, place, heard)
        finally:
            process.kill()
            process.wait()
        if not said:
            errors.seek(0)
            last = errors.read().decode(errors="replace").strip().splitlines()[-1:]
            raise OutsideStop("the process that makes the load ended by itself", *last)
    return said, interrupted


def _heard_out(process: subprocess.Popen[str], place: Place, heard: Heard) -> tuple[dict[str, Any], bool]:
    interrupted, said = False, None
    _say(process, place.text())
    while said is None:
        try:
            said = _last(process, heard)
        except KeyboardInterrupt:
            if interrupted:
                raise
            interrupted = True
            _say(process, "stop")
    with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
        process.wait(_ENDING)  # it has the server drop its jobs
    return said, interrupted


def _last(process: subprocess.Popen[str], heard: Heard) -> dict[str, Any]:
    """The last message; empty where the process ended without one."""
    assert process.stdout is not None
    for line in process.stdout:
        message: dict[str, Any] = json.loads(line)
        if message.keys() & {"result", "joined"}:
            return message
        heard(message)
    return {}


def _say(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    try:
        process.stdin.write(f"{line}\n")
        process.stdin.flush()
    except OSError:
        return  # it is gone: its output says why
