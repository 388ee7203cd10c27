"""Times and memory of whole commands, as a user pays for them: from the start of the process to its end."""

from __future__ import annotations

import os
import statistics
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Command = Sequence[str | Path]

# An installed package has its bytecode; a setting of this shell must not take it away from the programs measured.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}


@dataclass(frozen=True)
class Run:
    """One run: seconds, the exit code, what it printed, and the peak of all its processes in MiB.

    `shared_once` counts a page that several processes share once (Linux's PSS), `each` sums what each process would
    show in `top` (RSS). Both are 0 where memory was not looked at.
    """

    seconds: float
    code: int
    output: str
    shared_once: float = 0
    each: float = 0


def run(command: Command, folder: Path | None = None) -> Run:
    """Run a command once."""
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, check=False)
    return Run(time.perf_counter() - start, done.returncode, (done.stdout + done.stderr).decode(errors="replace"))


def expect(command: Command, code: int = 0, folder: Path | None = None) -> Run:
    """Run a command that has to end with this exit code: a benchmark of a failure is worth nothing."""
    result = run(command, folder)
    if result.code != code:
        words = " ".join(map(str, command[:6]))
        raise SystemExit(f"{words} ... ended with {result.code}, not {code}:\n{result.output[:2000]}")
    return result


def medians(commands: Mapping[str, Command], rounds: int, folder: Path | None = None) -> dict[str, float]:
    """The median seconds of each command. One run of each in turn, so that a busy moment meets all of them.

    A first round, which warms the file cache, is not counted.
    """
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for counted in range(-1, rounds):
        for name, command in commands.items():
            result = expect(command, folder=folder)
            if counted >= 0:
                seconds[name].append(result.seconds)
    return {name: statistics.median(values) for name, values in seconds.items()}


def with_memory(command: Command, folder: Path | None = None) -> Run:
    """Run a command and watch the memory of its process and of all below it, every 5 ms."""
    start = time.perf_counter()
    with subprocess.Popen(
        command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as child:
        peaks = [0.0, 0.0]
        watcher = threading.Thread(target=_watch, args=(child, peaks))
        watcher.start()
        output = child.communicate()[0].decode(errors="replace")
        seconds = time.perf_counter() - start
        watcher.join()
    return Run(seconds, child.returncode, output, *peaks)


def _watch(child: subprocess.Popen[bytes], peaks: list[float]) -> None:
    while child.poll() is None:
        family = _family(child.pid)
        for place, (file, key) in enumerate((("smaps_rollup", "Pss:"), ("status", "VmRSS:"))):
            peaks[place] = max(peaks[place], sum(_kib(pid, file, key) for pid in family) / 1024)
        time.sleep(0.005)


def _family(pid: int) -> list[int]:
    """A process and all below it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        children = []
    return [pid, *(below for child in children for below in _family(int(child)))]


def _kib(pid: int, file: str, key: str) -> int:
    try:
        text = Path(f"/proc/{pid}/{file}").read_text(encoding="ascii")
    except OSError:
        return 0  # it has ended
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith(key)), 0)
