"""The processes that `backend_load.py` measures, and what they have used."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

APP = Path(__file__).resolve().parent.parent / "examples" / "ideaforge"


@dataclass(frozen=True)
class Running:
    """The processes that are measured."""

    api: int
    port: int
    redis: int

    def cpu(self) -> float:
        """The seconds of processor time that the API has used."""
        threads = Path(f"/proc/{self.api}/task").iterdir()
        return sum(int((each / "schedstat").read_text().split()[0]) for each in threads) / 1e9

    def redis_info(self) -> tuple[float, int]:
        """The seconds of processor time that Redis has used, and how many commands it has run."""
        text = _redis_cli(self.redis, "INFO", "everything")
        cpu = sum(float(each) for each in re.findall(r"^used_cpu_(?:user|sys):([\d.]+)", text, re.MULTILINE))
        calls = dict(re.findall(r"cmdstat_(\S+?):calls=(\d+)", text))
        return cpu, sum(int(count) for name, count in calls.items() if name != "info")


def _redis_cli(port: int, *words: str) -> str:
    return subprocess.run(
        ["redis-cli", "-p", str(port), *words], capture_output=True, text=True, check=True, timeout=10
    ).stdout


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running() -> Iterator[Running]:
    """Redis and the API, on free ports; no worker, so that all commands are the polls'."""
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "log").open("wb") as log:
        redis, port = _free_port(), _free_port()
        words = ["redis-server", "--port", str(redis), "--bind", "127.0.0.1", "--save", "", "--dir", folder]
        # The limits are out of the way: what is measured is the cost, not the refusals.
        more = {"REDIS_URL": f"redis://127.0.0.1:{redis}/0", "JOB_MOST_POLLS_PER_SECOND": "100000"}
        serve = [sys.executable, "-m", "backend", "serve", "--port", str(port)]
        programs = [
            subprocess.Popen(words, stdout=log, stderr=log),
            subprocess.Popen(serve, cwd=APP, env=os.environ | more, stdout=log, stderr=log),
        ]
        try:
            _wait(port)
            yield Running(programs[1].pid, port, redis)
        finally:
            for program in reversed(programs):
                program.send_signal(signal.SIGTERM)
                program.wait(20)


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("the API does not answer")
