"""The processes of the backend, as `make app` runs them, and a client that asks as a page does."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cluster.waiting import wait_for
from tests.redis_server import RedisServer

APP = Path(__file__).resolve().parents[2] / "examples" / "ideaforge"
JOBS = "/api/multi-agent/jobs"
PATIENT = {"JOB_MOST_LAG_MS": "10000"}
"""A busy machine is late without any pressure from pollers."""

QUICK = {"JOB_HEARTBEAT_S": "2"}
"""So that a worker which is gone is missed soon; on a busy machine one may seem so that is not."""


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> Any:
        """The JSON in it."""
        return json.loads(self.text)

    @property
    def code(self) -> str:
        """The code of a problem."""
        return str(self.body["detail"]["code"])


@dataclass
class Backend:
    """An API and workers on one Redis."""

    redis: RedisServer
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        """Start `python -m backend WORDS`, and log to NAME.log."""
        environment = {**os.environ, "REDIS_URL": self.redis.url, **PATIENT, **self.environment}
        with self.log(name).open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "backend", *words], cwd=APP, env=environment, stdout=log, stderr=log
            )
        self.running[name] = process
        return process

    def serve(self) -> None:
        """Start the API; a second time, on the port of the first."""
        self.start("api", "serve", "--port", str(self.port))
        self.port = wait_for("the API listens", self._listens)
        wait_for("the API answers", lambda: self.get("/healthz").status == 200)

    def work(self, name: str = "worker") -> subprocess.Popen[bytes]:
        """Start a worker, and wait until it takes jobs."""
        process = self.start(name, "worker")
        wait_for("the worker takes jobs", lambda: "jobs at a time" in self.log(name).read_text(encoding="utf-8"))
        return process

    def end(self, name: str, number: int = signal.SIGTERM) -> int:
        """Send a process a signal, and wait for its end."""
        self.running[name].send_signal(number)
        ended = self.running[name].wait(30)
        del self.running[name]
        return ended

    def stop(self) -> None:
        """End all that runs."""
        for name in list(self.running):
            self.end(name, signal.SIGKILL)

    def log(self, name: str) -> Path:
        """The file with what a process printed."""
        return self.folder / f"{name}.log"

    def lines(self, name: str) -> list[Any]:
        """What a process logged."""
        return [json.loads(line) for line in self.log(name).read_text(encoding="utf-8").splitlines()]

    def ask(self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Send a request; `body` is JSON, or a text as it is."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            text = body if body is None or isinstance(body, str) else json.dumps(body)
            link.request(method, path, text, {"Content-Type": "application/json", **(headers or {})})
            response = link.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read().decode())
        finally:
            link.close()

    def in_redis(self, *words: str) -> str:
        """One command of Redis."""
        command = ["redis-cli", "-p", str(self.redis.port), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=10).stdout

    def get(self, path: str) -> Answer:
        """A GET."""
        return self.ask("GET", path)

    def submit(self, seconds: float = 0, prompt: str = "an idea", **more: object) -> str:
        """A job that is taken; its id."""
        answer = self.ask("POST", JOBS, {"prompt": prompt, "seconds": seconds, **more})
        assert answer.status == 202, answer
        return str(answer.body["id"])

    def poll(self, job_id: str) -> Any:
        """How a job is."""
        answer = self.get(f"{JOBS}/{job_id}")
        assert answer.status == 200, answer
        return answer.body

    def until(self, job_id: str, *states: str, seconds: float = 30) -> Any:
        """The status of a job once it is in one of the states."""
        return wait_for(
            f"job {job_id} is {states}",
            lambda: found if (found := self.poll(job_id))["state"] in states else None,
            seconds,
        )

    def polls_for(self, job_id: str, seconds: float, gap: float = 0.1) -> list[int]:
        """The answers' statuses to polls for so many seconds."""
        end, statuses = time.monotonic() + seconds, []
        while time.monotonic() < end:
            statuses.append(self.get(f"{JOBS}/{job_id}").status)
            time.sleep(gap)
        return statuses

    def _listens(self) -> int | None:
        ports = [line["port"] for line in self.lines("api") if "port" in line]
        return int(ports[-1]) if ports else None
