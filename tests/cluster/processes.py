"""Child processes that end with the process that started them, however it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class EndedError(Exception):
    """A program ended that should run on; the text has the end of its log."""


def _die_with_parent() -> None:
    """In a child: have the kernel kill it when the thread that started it is gone. Linux alone can."""
    if _LIBC is not None:
        _LIBC.prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)


class Words(NamedTuple):
    """How a program was started."""

    program: Path
    arguments: tuple[str, ...]
    environment: Mapping[str, str]


class Processes:
    """Programs that run in one folder and log there. To be started from the main thread, with which they end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._words: dict[str, Words] = {}

    def start(
        self, program: Path, *arguments: str, name: str | None = None, environment: Mapping[str, str] | None = None
    ) -> None:
        """Start a program, named by its file where it has no other name; its environment has these names as well."""
        # HOME: no setting of the person who runs this has a say.
        # bin: where kwok finds what a test would have in a container.
        path = os.pathsep.join([str(self.folder / "bin"), os.environ.get("PATH", os.defpath)])
        words = Words(program, arguments, environment or {})
        name = name or program.name
        self._words[name] = words
        with self.log(name).open("ab") as log:
            self._running[name] = subprocess.Popen(
                [str(program), *arguments],
                cwd=self.folder,
                env={**os.environ, "HOME": str(self.folder), "PATH": path, **words.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for whoever started this, who then stops these in their order
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - it makes one system call, and starts happen in one thread
            )

    def restart(self, name: str) -> None:
        """Kill a program, and start it with the same words."""
        self.kill(name)
        self.start_again(name)

    def kill(self, name: str) -> None:
        """Kill a program with all that it started."""
        os.killpg(self._running[name].pid, signal.SIGKILL)
        self._running[name].wait()

    def start_again(self, name: str) -> None:
        """Start a program that has ended with the same words."""
        program, arguments, environment = self._words[name]
        self.start(program, *arguments, name=name, environment=environment)

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal to a program and to all that it started."""
        os.killpg(self._running[name].pid, number)

    def log(self, name: str) -> Path:
        """The file with what a program printed."""
        return self.folder / f"{name}.log"

    def pids(self) -> dict[str, int]:
        """The process of each program."""
        return {name: process.pid for name, process in self._running.items()}

    def check(self) -> None:
        """See that all run.

        Raises:
            EndedError: one does not.
        """
        for name, process in self._running.items():
            if process.poll() is not None:
                end = self.log(name).read_text(encoding="utf-8", errors="replace")[-3000:]
                raise EndedError(f"{name} ended with {process.returncode}; its log, {self.log(name)}, ends:\n{end}")

    def stop(self) -> None:
        """End all, the last first; one that does not end within 3 seconds of being asked is killed."""
        for process in reversed(self._running.values()):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGCONT)  # one that is stopped would not hear the next
                process.terminate()
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()


def children_of(pid: int) -> list[int]:
    """The processes that a process started; Linux alone tells."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in listed.split()]


def runs(pid: int) -> bool:
    """Whether a process is there and has not ended."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"  # one that nobody asked for yet is gone all the same
