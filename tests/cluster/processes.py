"""Child processes that end with the process that started them, however it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class EndedError(Exception):
    """A program ended that should run on; the text has the end of its log."""


def _die_with_parent() -> None:
    """In a child: have the kernel kill it when the thread that started it is gone. Linux alone can."""
    if _LIBC is not None:
        _LIBC.prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)


class Processes:
    """Programs that run in one folder and log there. To be started from the main thread, with which they end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._words: dict[str, tuple[Path, tuple[str, ...]]] = {}

    def start(self, program: Path, *arguments: str) -> None:
        """Start a program, named by its file."""
        # HOME: no setting of the person who runs this has a say.
        # bin: where kwok finds what a test would have in a container.
        path = os.pathsep.join([str(self.folder / "bin"), os.environ.get("PATH", os.defpath)])
        environment = {**os.environ, "HOME": str(self.folder), "PATH": path}
        self._words[program.name] = program, arguments
        with self.log(program.name).open("ab") as log:
            self._running[program.name] = subprocess.Popen(
                [str(program), *arguments],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for whoever started this, who then stops these in their order
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - it makes one system call, and starts happen in one thread
            )

    def restart(self, name: str) -> None:
        """Kill a program, and start it with the same words."""
        self._running[name].kill()
        self._running[name].wait()
        program, arguments = self._words[name]
        self.start(program, *arguments)

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
                process.send_signal(signal.SIGCONT)  # one that is stopped would not hear the next
                process.terminate()
            try:
                process.wait(3)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()
