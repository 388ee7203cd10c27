"""Runs of `chartgen load`, each against a server of its own that answers in its own way."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cluster.waiting import wait_for
from tests.load.job_server import Answer, JobServer

SCHEMA = {
    "$schema": "https://chartgen.dev/schemas/settings-schema.json",
    "title": "Polling",
    "type": "object",
    "properties": {
        "everyMs": {
            "type": "integer", "default": 500, "minimum": 400, "maximum": 60000,
            "x-env": "EVERY_MS", "x-unit": "ms", "x-role": "poll-interval",
        },
        "tries": {
            "type": "integer", "default": 1000, "minimum": 1, "maximum": 1000,
            "x-env": "TRIES", "x-unit": "count", "x-role": "poll-attempts",
        },
    },
}  # fmt: skip


@dataclass(frozen=True)
class Ran:
    """A run that has ended, and the server that it asked."""

    server: JobServer
    done: subprocess.CompletedProcess[str]

    @property
    def report(self) -> dict[str, Any]:
        """What it said as JSON."""
        assert self.done.stdout, self.done.stderr
        found: dict[str, Any] = json.loads(self.done.stdout)
        return found


def ending(server: JobServer) -> Callable[[str], Answer]:
    """Jobs that take as long as was asked for, from their first poll on."""
    begun: dict[str, float] = {}

    def answer(path: str) -> Answer:
        seconds = float(server.bodies[int(path.rpartition("/")[2]) - 1]["seconds"])
        is_over = time.monotonic() - begun.setdefault(path, time.monotonic()) >= seconds
        return 200, {}, {"state": "succeeded" if is_over else "running"}

    return answer


def refusing(_: JobServer) -> Callable[[str], Answer]:
    """Every poll is sent away."""
    return lambda _: (429, {"Retry-After": "3"}, {})


def waiting(_: JobServer) -> Callable[[str], Answer]:
    """Every answer asks for a longer wait."""
    return lambda _: (200, {"Retry-After": "2"}, {"state": "running"})


AUTHORIZATION = ("--header", "Authorization: Bearer x")
RUNS: dict[str, tuple[str, Callable[[JobServer], Callable[[str], Answer]] | None]] = {
    "steady": ("--users 20 --minutes 0.17 --seed 1", None),
    "page": ("--users 5 --minutes 0.12 --format html", None),
    "together": ("--users 50 --minutes 0.02 --sync-start --format json", None),
    "jobs": ("--users 10 --minutes 0.17 --job-seconds 2 --format json", ending),
    "open": ("--users 8 --minutes 0.17 --rate 2 --job-seconds 3 --format json", None),
    "refusing": ("--users 10 --minutes 0.12", refusing),
    "waiting": ("--users 10 --minutes 0.17", waiting),
}
"""The words of each run, and the answers of its server, whose jobs never end where nothing else is said."""


def as_planned(run: Callable[[], Ran]) -> Ran:
    """A run that is to end as planned; it is made once more where it did not: a machine with more to do may have been late."""
    found = run()
    return found if found.done.returncode != 1 else run()


def ran(name: str, schema: Path) -> Ran:
    """Run it, against a server of its own."""
    words, answers = RUNS[name]
    with JobServer().serving() as server:
        server.answer = answers(server) if answers else server.answer
        url = f"{server.url}?<b>" if name == "page" else server.url
        return Ran(server, load(schema, "--url", url, *words.split(), *AUTHORIZATION))


def ran_live(schema: Path) -> Ran:
    """A run in which the interval is raised after a while."""
    with JobServer(settings={"EVERY_MS": 1000}).serving() as server:
        words = (
            f"--users 20 --url {server.url} --settings-url {server.settings_url} --minutes 0.3 --format json".split()
        )
        process = subprocess.Popen(command(schema, *words), stdout=subprocess.PIPE, text=True)
        wait_for("it polls", lambda: len(server.polls()) > 120, 90)
        server.settings["EVERY_MS"] = 2000
        text, _ = process.communicate(timeout=120)
        return Ran(server, subprocess.CompletedProcess(words, process.returncode, text, ""))


def ran_by_workers(schema: Path) -> Ran:
    """A run by two workers."""
    with JobServer().serving() as server:
        place = free_place()
        words = [*command(schema), "--join", place, "--url", server.url]
        workers = [subprocess.Popen(words) for _ in range(2)]
        done = load(schema, *f"--users 20 --url {server.url} --minutes 0.17 --workers 2 --bind {place}".split())
        assert [worker.wait(20) for worker in workers] == [0, 0]
        return Ran(server, done)


def polling(folder: Path) -> Path:
    """The schema in a file."""
    path = folder / "polling.schema.json"
    path.write_text(json.dumps(SCHEMA))
    return path


def free_place() -> str:
    """A place on the loopback where nobody listens yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


def command(schema: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "chartgen", "load", "--settings", str(schema), *words]


def load(schema: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(schema, *words), capture_output=True, text=True, timeout=120, check=False)
