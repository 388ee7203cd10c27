"""A server of jobs that answers as a test says, and tells what it was asked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], Any]


def running(_: str) -> Answer:
    """The job goes on."""
    return 200, {}, {"state": "running"}


@dataclass
class JobServer:
    """`answer` is what a poll of a path gets; a path has a number for each job. `place` is where a job is said to be."""

    answer: Callable[[str], Answer] = running
    place: str = "/jobs/{}"
    settings: dict[str, int] = field(default_factory=dict)
    asked: list[tuple[float, str, str, str]] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    port: int = 0

    @property
    def url(self) -> str:
        """Where jobs are asked for."""
        return f"http://127.0.0.1:{self.port}/jobs"

    @property
    def settings_url(self) -> str:
        """Where the live settings are."""
        return f"http://127.0.0.1:{self.port}/settings.json"

    def polls(self) -> list[float]:
        """When each poll came."""
        return [at for at, method, path, _ in self.asked if method == "GET" and path.startswith("/jobs/")]

    def of(self, method: str) -> list[str]:
        """The paths that a method was asked with."""
        return [path for _, each, path, _ in self.asked if each == method]

    @contextmanager
    def serving(self) -> Iterator[JobServer]:
        """Serve for as long as the block lasts."""
        jobs = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *_: object) -> None:
                """Say nothing."""

            def do_GET(self) -> None:
                """A poll, or the settings."""
                self._note()
                if self.path == "/settings.json":
                    self._send(200, {}, {"settings": jobs.settings})
                else:
                    self._send(*jobs.answer(self.path))

            def do_POST(self) -> None:
                """A job."""
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with jobs.lock:
                    jobs.bodies.append(body)
                    number = len(jobs.bodies)
                self._note()
                self._send(202, {"Location": jobs.place.format(number)}, {})

            def do_DELETE(self) -> None:
                """A job that nobody waits for any more."""
                self._note()
                self._send(202, {}, {})

            def _note(self) -> None:
                jobs.asked.append((time.monotonic(), self.command, self.path, self.headers.get("Authorization", "")))

            def _send(self, status: int, headers: dict[str, str], body: Any) -> None:
                text = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(text))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(text)

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 512

            def handle_error(self, *_: Any) -> None:
                """Clients may go."""

        with Server(("127.0.0.1", 0), Handler) as server:
            self.port = server.server_address[1]
            threading.Thread(target=server.serve_forever, daemon=True).start()
            try:
                yield self
            finally:
                server.shutdown()
