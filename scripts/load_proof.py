"""Prove the load plan against the reference application: `python -m scripts.load_proof`, which writes docs/proof/load.json.

Each stage starts the application anew (Redis, backend, worker, nginx), has `chartgen load` poll it, and keeps what it said,
with what nginx counted meanwhile. `--stage NAME` runs one alone, and leaves the others as they are. All take about 40 minutes.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scripts.backend_processes import Running
from tests.app.page import access_log, application, parts

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "docs" / "proof" / "load.json"
SETTINGS = {"JOB_MAX_POLL_ATTEMPTS": "300", "JOB_TIMEOUT_MS": "3600000"}
OUT_OF_THE_WAY = {"JOB_MOST_POLLS_PER_SECOND": "100000", "JOB_MOST_LAG_MS": "60000", "JOB_MOST_POLLS_IN_FLIGHT": "2000"}
"""The backend's limits: what is measured is the plan, not the refusals."""

SEEDS = (1, 2, 3)
LIVE_AT = 60.0
GROWTH = (50, 100, 200, 400, 800)


@dataclass(frozen=True)
class Stage:
    """One run: at an interval (seconds), so many users; more words for the command; `live` raises the interval meanwhile."""

    interval: float
    words: tuple[str, ...]
    users: int = 400
    minutes: float = 2.0
    live: float | None = None
    at_work: int = 20
    worker: bool = True


def stages() -> dict[str, Stage]:
    """Each by its name."""
    found = {"2s": Stage(2, ("--seed", "1"))}
    for interval in (5, 10):
        found |= {f"{interval}s-{seed}": Stage(interval, ("--seed", str(seed))) for seed in SEEDS}
    found["live"] = Stage(5, ("--seed", "1"), minutes=3, live=10)
    found["sync"] = Stage(5, ("--seed", "1", "--sync-start"))
    # A job that works costs the worker more than its page costs the API: fewer of them.
    found["jobs"] = Stage(5, ("--seed", "1", "--job-seconds", "60"), users=100, at_work=150)
    found["open"] = Stage(5, ("--seed", "1", "--job-seconds", "60", "--rate", "1.6"), users=200, at_work=250)
    for users in GROWTH:
        found[f"growth-{users}"] = Stage(5, ("--seed", "1"), users=users, minutes=0.75, worker=False)
    return found


class Meter:
    """What the backend's process and Redis have used, once a second."""

    def __init__(self, running: Running) -> None:
        self._running = running
        self._samples: list[tuple[float, float, float, int]] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    @contextmanager
    def measuring(self) -> Iterator[None]:
        """Have it measure for as long as the block lasts."""
        self._thread.start()
        try:
            yield
        finally:
            self._ended.set()
            self._thread.join()

    def between(self, begin: float, end: float) -> dict[str, float]:
        """What was used between two moments."""
        inside = [sample for sample in self._samples if begin <= sample[0] <= end]
        (at, cpu, redis_cpu, commands), (later, more_cpu, more_redis, more) = inside[0], inside[-1]
        return {
            "seconds": later - at,
            "apiCpuSeconds": more_cpu - cpu,
            "redisCpuSeconds": more_redis - redis_cpu,
            "redisCommands": more - commands,
        }

    def _sample(self) -> None:
        while not self._ended.wait(1):
            redis_cpu, commands = self._running.redis_info()
            self._samples.append((time.time(), self._running.cpu(), redis_cpu, commands))


def run(name: str, stage: Stage) -> dict[str, Any]:
    """Run a stage, and tell what came of it."""
    data = {**SETTINGS, "JOB_POLL_INTERVAL_MS": str(round(stage.interval * 1000))}
    more = {**OUT_OF_THE_WAY, "WORKER_CONCURRENCY": str(stage.at_work), "LOG_LEVEL": "warning"}
    with (
        tempfile.TemporaryDirectory(prefix="load-proof-") as folder,
        application.running(Path(folder), data, more=more) as app,
    ):
        if not stage.worker:
            app.kill("worker")
        pids = app.processes.pids()
        meter = Meter(Running(pids["backend"], app.ports.backend, app.ports.redis))
        before = os.getloadavg()
        with meter.measuring():
            changed, found = _load(app, stage, data)
        assert app.processes.pids() == pids
        return {
            "name": name,
            "interval": stage.interval,
            "loadAverage": [round(before[0], 1), round(os.getloadavg()[0], 1)],
            "report": found,
            "server": _server(app, meter, found, changed),
        }


def _load(app: application.Application, stage: Stage, data: Mapping[str, str]) -> tuple[float | None, dict[str, Any]]:
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as values:
        settings = {"pollIntervalMs": round(stage.interval * 1000), "maxPollAttempts": 300, "timeoutMs": 3_600_000}
        json.dump({"settings": settings}, values)
        values.flush()
        command = [sys.executable, "-m", "chartgen", "load", "--url", app.jobs, "--users", str(stage.users)]
        command += ["--minutes", str(stage.minutes), "-f", values.name, "--format", "json", *stage.words]
        if stage.live is not None:
            command += ["--settings-url", f"{app.address}/settings.json"]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        changed = None
        try:
            if stage.live is not None:
                while not any("/settings.json" in each.uri for each in access_log.answers(app)):
                    time.sleep(0.2)
                time.sleep(LIVE_AT)
                app.settings.swap({**data, "JOB_POLL_INTERVAL_MS": str(round(stage.live * 1000))})
                changed = time.time()
            text, _ = process.communicate(timeout=1200)
        finally:
            process.kill()
    return changed, json.loads(text)


def _server(app: application.Application, meter: Meter, found: dict[str, Any], changed: float | None) -> dict[str, Any]:
    """What nginx, the backend and Redis saw of the first stretch; and of a live change, each second around it."""
    began, stretch = datetime.fromisoformat(found["began"]).timestamp(), found["stretches"][0]
    begin, end = began + stretch["begin"], began + stretch["end"]
    moments = [each.at for each in access_log.answers(app) if each.method == "GET" and "/jobs/" in each.uri]
    counts = _counts(moments, begin, end)
    seen: dict[str, Any] = {
        "meanPerSecond": sum(counts) / len(counts),
        "busySecond": sorted(counts)[min(int(len(counts) * 0.99), len(counts) - 1)],
        "peak": max(counts),
        "used": meter.between(begin, end),
    }
    seen["used"]["polls"] = sum(begin <= moment < end for moment in moments)
    if changed is not None:
        seen["change"] = {
            "secondsBefore": 30,
            "polls": _counts(moments, changed - 30, began + found["seconds"] - 1),
            "pagesLoaded": sum(each.uri == "/" for each in access_log.answers(app)),
        }
    return seen


def _counts(moments: list[float], begin: float, end: float) -> list[int]:
    counts = [0] * math.floor(end - begin)
    for moment in moments:
        second = math.floor(moment - begin)
        if 0 <= second < len(counts):
            counts[second] += 1
    return counts


def main() -> int:
    """Run them, write what came of each at once; 0."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--stage", action="append", choices=list(stages()), help="this one alone; may be repeated")
    chosen = parser.parse_args().stage
    parts.site()
    results: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    for name, stage in stages().items():
        if chosen is not None and name not in chosen:
            continue
        found = run(name, stage)
        results[name] = found | {"date": f"{datetime.now(UTC):%Y-%m-%d}", "with": software()}
        RESULTS.write_text(_text(results), encoding="utf-8")
        first = found["report"]["stretches"][0]
        print(
            f"{name}: {first['measured']['meanPerSecond']:.2f} of {first['planned']['meanPerSecond']:.2f}", flush=True
        )
    return 0


def software() -> str:
    """What it was measured with."""
    packages = ", ".join(f"{name} {version(name)}" for name in ("locust", "gevent", "fastapi", "uvicorn", "redis"))
    told = subprocess.run(["redis-server", "--version"], capture_output=True, text=True, check=True).stdout
    number = told.partition("v=")[2].split()[0]
    return f"Python {platform.python_version()}, {packages}, Redis {number}, {os.cpu_count()} processors that others used, too"


def _text(results: dict[str, Any]) -> str:
    """One stage a line: what is compared by `git diff` is a stage."""
    lines = (f"{json.dumps(name)}: {json.dumps(results[name])}" for name in stages() if name in results)
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    sys.exit(main())
