"""A real Redis on the loopback, which may be killed and started again with what it had."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cluster.waiting import wait_for
from tests.tools.system import where


class RedisServer:
    """One on a free port, which it keeps. `is_durable`: each write is on the disk before it is acknowledged."""

    def __init__(self, folder: Path, *, is_durable: bool = False) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.folder = folder
        self._more = ["--appendonly", "yes", "--appendfsync", "always"] if is_durable else []
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        program = where("redis-server")
        if program is None:
            pytest.fail("redis-server is not installed: run 'python tests/tools/system.py'")
        words = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        with (self.folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen([*words, *self._more], stdout=log, stderr=log)
        wait_for("Redis answers", self._answers)

    def kill(self) -> None:
        """End it without a word."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(5)

    @contextmanager
    def running(self) -> Iterator[RedisServer]:
        """Have it run for as long as the context does."""
        self.start()
        try:
            yield self
        finally:
            self.kill()

    def _answers(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), 1) as link:
            link.sendall(b"PING\r\n")
            return link.recv(16).startswith(b"+PONG")
