"""Live reload as a sidecar has it: no shell, PID 1, no rights over what it does not write."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.container.test_no_shell import app as app  # noqa: PLC0414 - a fixture
from tests.container.test_no_shell import container, first_process, wait_for
from tests.entrypoint import EP, GOOD
from tests.kubelet import Volume

pytestmark = pytest.mark.nginx

WATCH = [
    "/app/entrypoint.py",
    "--watch",
    "--mode=json",
    "--source=/app/site",
    "--output=/out",
    "--settings=/run/volume",
]
SLOWER = {**GOOD, "JOB_TIMEOUT_MS": "600000"}
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def volume(app: Path) -> Volume:
    return Volume(app / "run" / "volume", GOOD)


@pytest.fixture
def start(app: Path, volume: Volume) -> Iterator[Start]:  # noqa: ARG001 - it is there when a container starts
    """Start a container that watches; more options of bubblewrap come last, so that they count. What it says is `log`."""
    running = []

    def begin(*mounts: str) -> subprocess.Popen[bytes]:
        command = container(app, *WATCH)
        end = command.index("--dev")
        with (app / "log").open("ab") as log:
            child = subprocess.Popen([*command[:end], *mounts, *command[end:]], stderr=log)
        running.append(child)
        return child

    yield begin
    for child in running:
        child.kill()
        child.wait()


def timeout(app: Path) -> bytes:
    """The timeout that is served, empty if nothing is."""
    try:
        document = (app / "out" / "settings.json").read_bytes()
    except FileNotFoundError:
        return b""
    return bytes(EP.settings_in(document)).rpartition(b":")[2].rstrip(b"}")


def test_as_pid_1_it_follows_the_volume_and_ends_with_143_on_sigterm(app: Path, volume: Volume, start: Start) -> None:
    outer = start()
    wait_for(lambda: timeout(app) == b"500000")

    volume.swap(SLOWER)
    wait_for(lambda: timeout(app) == b"600000")
    os.kill(first_process(outer), signal.SIGTERM)

    assert outer.wait(10) == 143
    assert sorted(path.name for path in (app / "out").iterdir()) == ["index.html", "settings.json"]


def test_where_the_output_has_become_read_only_it_goes_on_and_says_so(app: Path, volume: Volume, start: Start) -> None:
    first = start()
    wait_for(lambda: b"has the settings" in (app / "log").read_bytes())
    os.kill(first_process(first), signal.SIGTERM)
    first.wait(10)

    outer = start("--remount-ro", "/out")
    wait_for(lambda: (app / "log").read_bytes().count(b"has the settings") == 2)
    volume.swap(SLOWER)

    wait_for(
        lambda: b"cannot be served, 1 so far: /out/index.html: Read-only file system" in (app / "log").read_bytes()
    )
    assert (timeout(app), outer.poll()) == (b"500000", None)


def test_where_nothing_can_be_written_at_the_first_start_it_ends_with_4_and_says_what_to_do(
    app: Path, start: Start
) -> None:
    outer = start("--remount-ro", "/out")

    assert outer.wait(10) == 4
    assert b"/out/index.html: Read-only file system" in (app / "log").read_bytes()
