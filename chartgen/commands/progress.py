"""A line on the terminal while a run is long: that it goes on, and where it is.

A signal of the clock draws it, not a thread: with threads, the work could not be forked onto all cores.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

    from chartgen.finding import Finding
    from chartgen.mend_desk import Read
    from chartgen.source import Source

PATIENCE = 1.0
"""Seconds until the line is drawn for the first time."""

_PERIOD = 0.2
_CLEAR = b"\r\x1b[2K"
_STDERR = 2


def _is_wanted(environ: Mapping[str, str]) -> bool:
    """Whether someone looks: the standard error is a terminal that can clear a line, and nothing of a CI server."""
    return sys.stderr.isatty() and environ.get("TERM") != "dumb" and not environ.get("CI")


@contextmanager
def progress(read: Read) -> Iterator[Read]:
    """Draw the line while the context lasts, if it lasts long; what reads a file tells where the run is."""
    if not _is_wanted(os.environ):
        yield read
        return
    import signal

    alarm = getattr(signal, "SIGALRM", None)
    if alarm is None:  # Windows
        yield read
        return
    start, at = time.monotonic(), ""

    def reading(path: str) -> Source | Finding:
        nonlocal at
        at = path
        return read(path)

    def draw(_number: int, _frame: FrameType | None) -> None:
        with suppress(OSError):
            os.write(_STDERR, _CLEAR + _line(at, time.monotonic() - start).encode(errors="backslashreplace"))

    before = signal.signal(alarm, draw)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE, _PERIOD)
    try:
        yield reading
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(alarm, before)
        if time.monotonic() - start >= PATIENCE:
            with suppress(OSError):
                os.write(_STDERR, _CLEAR)


def _line(path: str, seconds: float) -> str:
    """`judging envs/prod.yaml (3 s)`, cut to the width of the terminal."""
    from chartgen.report.printable import printable

    told = printable(path.replace("\n", " ").replace("\t", " "))
    after = f" ({seconds:.0f} s)"
    try:
        width = os.get_terminal_size(_STDERR).columns or 80
    except OSError:
        width = 80
    room = width - len("judging ") - len(after) - 1
    if not told.isascii():
        room //= 2
    return f"judging {told if len(told) <= room else '...' + told[-max(room - 3, 0) :]}{after}"
