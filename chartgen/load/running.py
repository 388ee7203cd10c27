"""A run: the process that makes the load is started, watched and heard out."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from typing import IO, Any

from chartgen.finding import OutsideStop, UsageStop
from chartgen.load.order import Order
from chartgen.load.tally import Tally
from chartgen.records import dataclass

EXTRA = "load"
_ENDING = 30.0


@dataclass(frozen=True)
class Done:
    """What was counted, from when on (POSIX time), in how many seconds, and whether somebody ended it."""

    tally: Tally
    began: float
    lasted: float
    interrupted: bool


def run(order: Order, heard: Callable[[dict[str, Any]], None]) -> Done:
    """Make the load. `heard` is told how far it is; Ctrl-C ends it, and what was counted so far is what there is.

    Raises:
        UsageStop: Locust is not installed.
        OutsideStop: the process ended without a result.
    """
    check_installed()
    command = [sys.executable, "-m", "chartgen.load.engine"]
    with tempfile.TemporaryFile() as errors:
        # A session of its own: Ctrl-C comes here, and the process is told.
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, start_new_session=True
        )
        try:
            return _heard_out(process, order, heard, errors)
        finally:
            process.kill()
            process.wait()


def check_installed() -> None:
    """Raise UsageStop where Locust is not installed."""
    if find_spec("locust") is None:
        raise UsageStop("the load is made by Locust, which is not installed", f"pip install 'chartgen[{EXTRA}]'")


def _heard_out(
    process: subprocess.Popen[str], order: Order, heard: Callable[[dict[str, Any]], None], errors: IO[bytes]
) -> Done:
    interrupted, result = False, None
    _say(process, order.text())
    while result is None:
        try:
            result = _result(process, heard)
        except KeyboardInterrupt:
            if interrupted:
                raise
            interrupted = True
            _say(process, "stop")
    try:
        process.wait(_ENDING)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        interrupted = interrupted or process.poll() is not None
    if not result:
        errors.seek(0)
        last = errors.read().decode(errors="replace").strip().splitlines()[-1:]
        raise OutsideStop("the process that makes the load ended by itself", *last)
    return Done(Tally.read(result["result"]), float(result["began"]), float(result["lasted"]), interrupted)


def _result(process: subprocess.Popen[str], heard: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    """The last message; empty where the process ended without one."""
    assert process.stdout is not None
    for line in process.stdout:
        message: dict[str, Any] = json.loads(line)
        if "result" in message:
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
