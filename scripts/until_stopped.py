"""What commands have in common that run something until somebody stops them: a folder that goes with them, and the signals."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

_PID = "pid"


@contextmanager
def own_folder(prefix: str) -> Iterator[Path]:
    """A folder that is gone at the end; those of commands that were killed before they could do that go now."""
    _sweep(prefix)
    with tempfile.TemporaryDirectory(prefix=prefix) as name:
        folder = Path(name)
        (folder / _PID).write_text(str(os.getpid()), encoding="ascii")
        yield folder


def interrupt_by_signals() -> None:
    """Have whatever asks the process to end raise KeyboardInterrupt, also in a shell's background, where Ctrl-C is ignored."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)


def _sweep(prefix: str) -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        try:
            os.kill(int((folder / _PID).read_text(encoding="ascii")), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except (OSError, ValueError):
            continue  # somebody else's, or one that is starting


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
