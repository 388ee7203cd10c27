"""A real Redis on the loopback, which may be killed and started again with what it had."""

from __future__ import annotations

import signal
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cluster.waiting import wait_for
from tests.tools.system import where


class RedisServer:
    """One on a free port, which it keeps.

    `is_durable`: each write is on the disk before it is acknowledged. With `tls`, a folder with a certificate, it speaks
    TLS alone. `more` are options of its own.
    """

    def __init__(self, folder: Path, *more: str, is_durable: bool = False, tls: Path | None = None) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.folder = folder
        durable = ("--appendonly", "yes", "--appendfsync", "always") if is_durable else ()
        self._is_tls = tls is not None
        self._more = (*(("--port", str(self.port)) if tls is None else _tls_words(self.port, tls)), *durable, *more)
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
        words = [program, "--bind", "127.0.0.1", "--save", "", "--dir", str(self.folder)]
        with (self.folder / "redis.log").open("ab") as log:
            self._process = subprocess.Popen([*words, *self._more], stdout=log, stderr=log)
        wait_for("Redis answers", self._answers)

    def kill(self) -> None:
        """End it without a word."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(5)

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """It answers nobody meanwhile; what it was sent it does afterwards."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    @contextmanager
    def running(self) -> Iterator[RedisServer]:
        """Have it run for as long as the context does."""
        self.start()
        try:
            yield self
        finally:
            self.kill()

    def _answers(self) -> bool:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection(("127.0.0.1", self.port), 1)
        with context.wrap_socket(plain) if self._is_tls else plain as link:
            link.sendall(b"PING\r\n")
            return link.recv(16).startswith((b"+PONG", b"-NOAUTH"))


def _tls_words(port: int, folder: Path) -> tuple[str, ...]:
    files = ("--tls-cert-file", str(folder / "tls.crt"), "--tls-key-file", str(folder / "tls.key"))
    return ("--port", "0", "--tls-port", str(port), *files, "--tls-auth-clients", "no")
