"""The reference application, whole: Redis, backend, worker, the page behind nginx, and the entrypoint that follows its settings."""

from __future__ import annotations

import json
import signal
import socket
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.app.page import parts
from tests.cluster.processes import EndedError, Processes
from tests.cluster.waiting import wait_for
from tests.kubelet import Volume

TRIES = 3
"""How often it is started when somebody took one of its ports in the instant before it did."""


class Application:
    """It runs, in a folder of its own and on ports of its own."""

    def __init__(self, folder: Path, ports: parts.Ports, data: Mapping[str, str], more: Mapping[str, str]) -> None:
        self.folder = folder
        self.ports = ports
        self.processes = Processes(folder)
        self.settings = Volume(folder / "settings", data)
        self._environment = {**data, **more}

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{parts.LOOPBACK}:{self.ports.page}"

    @property
    def jobs(self) -> str:
        """Where the backend's jobs are, as the page asks for them."""
        return f"{self.address}/api/multi-agent/jobs"

    @property
    def document(self) -> dict[str, int]:
        """The settings that are served."""
        found = json.loads((self.folder / "site" / "settings.json").read_bytes())
        settings: dict[str, int] = found["settings"]
        return settings

    def start(self) -> None:
        """Start all of it, each part when what it needs is there.

        Raises:
            EndedError: a part ended.
            TimeoutError: one did not come up.
        """
        parts.site()
        self._start(parts.entrypoint(self.folder))
        self._start(parts.redis(self.ports, self.folder))
        self._wait("the settings are in the page", (self.folder / "site" / "settings.json").exists)
        self._wait("Redis answers", lambda: answers(self.ports.redis))
        for part in parts.backend(self.ports, self._environment):
            self._start(part)
        self._start(parts.nginx(self.ports, self.folder))
        self._wait("nginx serves", lambda: answers(self.ports.page))
        self._wait("the backend is ready", self.is_ready)

    def is_ready(self) -> bool:
        """Whether the backend takes jobs."""
        address = f"http://{parts.LOOPBACK}:{self.ports.backend}/readyz"
        with urllib.request.urlopen(address, timeout=2) as response:
            return bool(response.status == 200)

    def submit(self, seconds: float) -> str:
        """Submit a job that no page follows yet; its id."""
        order = json.dumps({"prompt": "Ideas", "seconds": seconds, "outcome": "succeed"}).encode()
        request = urllib.request.Request(self.jobs, order, {"Content-Type": "application/json"})  # noqa: S310 - our own address
        with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310 - our own address
            job: str = json.load(response)["id"]
            return job

    def kill(self, name: str) -> None:
        """Kill a part."""
        self.processes.kill(name)

    def revive(self, name: str) -> None:
        """Start a part again that was killed."""
        self.processes.start_again(name)

    def rule(self, rule: str = "") -> None:
        """What a gateway before the backend does: a line of nginx's configuration, or nothing."""
        self.kill("nginx")
        (self.folder / "api.conf").write_text(parts.api(self.ports, rule), encoding="utf-8")
        self.revive("nginx")
        self._wait("nginx serves", lambda: answers(self.ports.page))

    @contextmanager
    def stalled(self, name: str) -> Iterator[None]:
        """A part does nothing for a while: what it is sent stays unanswered."""
        self.processes.signal(name, signal.SIGSTOP)
        try:
            yield
        finally:
            self.processes.signal(name, signal.SIGCONT)

    def _start(self, part: parts.Part) -> None:
        self.processes.start(part.program, *part.arguments, name=part.name, environment=part.environment)

    def _wait(self, what: str, look: Callable[[], bool]) -> None:
        def looked() -> bool:
            self.processes.check()
            return look()

        wait_for(what, looked)


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex((parts.LOOPBACK, port)) == 0


@contextmanager
def running(
    folder: Path, data: Mapping[str, str], page: int = 0, more: Mapping[str, str] | None = None
) -> Iterator[Application]:
    """The application, started with these settings, its page on this port if one is given; it ends with the block.

    Raises:
        EndedError: a part ended while it started.
        TimeoutError: one did not come up.
    """
    application = Application(folder, parts.free_ports(page), data, more or {})
    try:
        _start(application, 1 if page else TRIES)
        yield application
    finally:
        application.processes.stop()


def _start(application: Application, tries: int) -> None:
    for left in reversed(range(tries)):
        try:
            return application.start()
        except EndedError:
            if not left:
                raise
            application.processes.stop()
            application.ports = parts.free_ports()
    return None
