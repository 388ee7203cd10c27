"""Measure what polls cost the reference application's backend: `python -m scripts.backend_load --output docs/proof/backend.md`.

So many pollers, each on a connection of its own and from a random phase on, ask for a running job at the settings' interval with
its jitter, while the API's processor time is read from /proc and the commands from Redis. Linux alone; about three minutes.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import random
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from scripts.backend_processes import Running, running

JOBS = "/api/multi-agent/jobs"
USERS = (50, 100, 200, 400)
INTERVAL_S = 5.0
JITTER = 0.1


@dataclass(frozen=True)
class Measured:
    """What so many pollers cost in so many seconds; times in seconds."""

    users: int
    seconds: float
    polls: int
    others: int
    api_cpu: float
    redis_cpu: float
    commands: int
    latencies: tuple[float, ...]

    def row(self) -> str:
        """A line of the table."""
        ranked = sorted(self.latencies)
        middle, late = ranked[len(ranked) // 2], ranked[len(ranked) * 99 // 100]
        cells = (
            str(self.users),
            f"{self.polls / self.seconds:.1f}",
            f"{1000 * self.api_cpu / self.polls:.2f} ms",
            f"{100 * self.api_cpu / self.seconds:.1f} %",
            f"{1000 * self.redis_cpu / self.polls:.3f} ms",
            f"{self.commands / self.polls:.2f}",
            f"{1000 * middle:.1f} ms",
            f"{1000 * late:.1f} ms",
            str(self.others),
        )
        return f"| {' | '.join(cells)} |"


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: str) -> tuple[int, str]:
    writer.write(request.encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    length = int(re.findall(r"(?i)content-length: (\d+)", head)[0])
    return int(head.split()[1]), (await reader.readexactly(length)).decode()


async def _submit(port: int) -> str:
    body = '{"prompt": "a job that nobody takes"}'
    head = f"POST {JOBS} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    _, text = await _ask(reader, writer, head + body)
    writer.close()
    return str(re.findall(r'"id":"(\w+)"', text)[0])


class Pollers:
    """Pages that poll; what is counted begins when `since` is set."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.since = float("inf")
        self.latencies: list[float] = []
        self.others = 0

    async def poll(self, job_id: str, interval_s: float) -> None:
        """One page, for ever."""
        request = f"GET {JOBS}/{job_id} HTTP/1.1\r\nHost: x\r\n\r\n"
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            await asyncio.sleep(random.random() * interval_s)  # noqa: S311 - a phase
            while True:
                begun = time.perf_counter()
                status, _ = await _ask(reader, writer, request)
                if begun >= self.since:
                    self.latencies.append(time.perf_counter() - begun)
                    self.others += status != 200
                await asyncio.sleep(interval_s * random.uniform(1 - JITTER, 1 + JITTER))  # noqa: S311 - jitter
        finally:
            writer.close()


async def measure(there: Running, users: int, seconds: float, interval_s: float) -> Measured:
    """Let so many pages poll, each for a job of its own, for so many seconds, after one interval to warm up."""
    pollers = Pollers(there.port)
    jobs = [await _submit(there.port) for _ in range(users)]
    tasks = [asyncio.create_task(pollers.poll(each, interval_s)) for each in jobs]
    await asyncio.sleep(max(interval_s, 1))
    (redis_cpu, commands), cpu, begun = there.redis_info(), there.cpu(), time.perf_counter()
    pollers.since = begun
    await asyncio.sleep(seconds)
    took, cpu = time.perf_counter() - begun, there.cpu() - cpu
    redis_now, commands_now = there.redis_info()
    latencies = tuple(pollers.latencies)
    for task in tasks:
        task.cancel()
    for ended in await asyncio.gather(*tasks, return_exceptions=True):
        if not isinstance(ended, asyncio.CancelledError):
            raise SystemExit(f"a page ended by itself: {ended!r}")
    return Measured(
        users, took, len(latencies), pollers.others, cpu, redis_now - redis_cpu, commands_now - commands, latencies
    )


PAGE = """# What polls cost the backend

Written by `python -m scripts.backend_load`. One process of the API on one Redis; each page has a connection and a job of its own, and
asks every {interval:g} s, give or take a tenth. CPU is the processes' own, from `/proc` and `INFO`; commands are all that Redis ran
meanwhile. The API's clockwork, ten ticks a second, is part of its CPU, which shows where polls are few. Times are of this machine, on which
pages, API and Redis share the processors; on a busy one, all of them are higher.

| | |
|---|---|
| date | {date} |
| with | {software} |
| machine | {machine}; load when it began: {load:.1f} |
| for each row | {seconds:g} s |

| pages | polls a second | API's CPU a poll | API's CPU | Redis's CPU a poll | commands a poll | median | 99th percentile | not 200 |
|---|---|---|---|---|---|---|---|---|
{rows}

As fast as {fast_users} connections can, without a pause between polls: **{fast:.0f} polls a second** by one process, at
{fast_cpu:.2f} ms of CPU each ({fast_share:.0f} % of a processor). That is what `JOB_MOST_POLLS_PER_SECOND` has to stay below; its
default is 200.
"""


async def _measured(there: Running, seconds: float) -> tuple[list[str], Measured]:
    rows = []
    for users in USERS:
        rows.append((await measure(there, users, seconds, INTERVAL_S)).row())
        print(rows[-1], flush=True)
    return rows, await measure(there, 20, 5, 0)


def _write(output: Path | None, seconds: float) -> None:
    load = os.getloadavg()[0]
    with running() as there:
        rows, fast = asyncio.run(_measured(there, seconds))
    software = ", ".join(f"{name} {version(name)}" for name in ("fastapi", "pydantic", "uvicorn", "redis", "uvloop"))
    redis = subprocess.run(["redis-server", "--version"], capture_output=True, text=True, check=True).stdout
    text = PAGE.format(
        interval=INTERVAL_S,
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        software=f"Python {platform.python_version()}, {software}, Redis {re.findall(r'v=([0-9.]+)', redis)[0]}",
        machine=f"{os.cpu_count()} processors that others use, too",
        load=load,
        seconds=seconds,
        rows="\n".join(rows),
        fast_users=fast.users,
        fast=fast.polls / fast.seconds,
        fast_cpu=1000 * fast.api_cpu / fast.polls,
        fast_share=100 * fast.api_cpu / fast.seconds,
    )
    if output is None:
        print(text)
    else:
        output.write_text(text, encoding="utf-8")


def main() -> int:
    """Measure, and write the page; 0."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--output", type=Path)
    parser.add_argument("--seconds", type=float, default=30, help="for each number of pages")
    options = parser.parse_args()
    _write(options.output, options.seconds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
