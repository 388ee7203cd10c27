"""A pod's server, running for a test."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.container.pods import Pod


class Answer(NamedTuple):
    """What the server said."""

    status: int
    headers: dict[str, str]
    text: bytes


class Connection(http.client.HTTPConnection):
    """A connection to a Unix socket in a folder whose path may be long."""

    def __init__(self, folder: Path) -> None:
        super().__init__("frontend")
        self.folder = folder

    def connect(self) -> None:
        folder = os.open(self.folder, os.O_RDONLY)
        self.sock = socket.socket(socket.AF_UNIX)
        try:
            self.sock.connect(f"/proc/self/fd/{folder}/nginx.sock")
        finally:
            os.close(folder)


def listens(folder: Path) -> bool:
    """Whether the server takes connections; its socket is there a moment before."""
    with contextlib.closing(Connection(folder)) as connection:
        try:
            connection.connect()
        except OSError:
            return False
        return True


def get(folder: Path, path: str) -> Answer:
    connection = Connection(folder)
    with contextlib.closing(connection):
        connection.request("GET", path)
        response = connection.getresponse()
        return Answer(response.status, dict(response.getheaders()), response.read())


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[Pod, int | None], Callable[[str], Answer]]]:
    """Run the frontend's container; what is got from it is asked by path."""
    running: list[tuple[subprocess.Popen[bytes], Path]] = []

    def start(pod: Pod, user: int | None) -> Callable[[str], Answer]:
        (container,) = pod.spec["containers"]
        folder, told, log = pod.volumes["tmp"], tmp_path / f"{len(running)}.json", tmp_path / f"{len(running)}.log"
        with told.open("wb") as file, log.open("wb") as errors:
            command = pod.command(container, user, "--info-fd", str(file.fileno()))
            child = subprocess.Popen(command, stderr=errors, pass_fds=[file.fileno()])
        running.append((child, told))
        for _ in range(2000):
            if listens(folder) or child.poll() is not None:
                break
            time.sleep(0.005)
        assert child.poll() is None, log.read_text()
        return lambda path: get(folder, path)

    yield start
    for child, told in running:
        if child.poll() is None:
            os.kill(json.loads(told.read_text())["child-pid"], signal.SIGTERM)
        assert child.wait(timeout=10) == 0
