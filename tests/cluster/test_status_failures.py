"""`chartgen status --watch` and `doctor` while the API server stands still, is killed, and comes back."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.cluster.live import DATA
from tests.cluster.scene import Scene
from tests.cluster.waiting import wait_for

ONCE = ("--request-timeout", "2")


@contextmanager
def watching(made: Scene, *words: str) -> Iterator[subprocess.Popen[str]]:
    with made.shop.start("status", "--watch", "--every", "0.2", *ONCE, *words) as running:
        try:
            yield running
        finally:
            running.kill()


def until(running: subprocess.Popen[str], words: str) -> None:
    """Read on until a line has the words."""
    assert running.stdout is not None
    end, seen = time.monotonic() + 60, [""]
    for line in running.stdout:
        if words in line:
            return
        seen = [*seen[-40:], line]
        assert time.monotonic() < end, f"{words!r} is not in:\n{''.join(seen)}"
    raise AssertionError(f"it ended: {running.communicate()}")


def test_a_watch_outlives_a_server_that_is_killed_and_shows_what_changed_meanwhile(calm: Scene) -> None:
    with watching(calm) as running:
        until(running, "INTERVAL_MS    5000    5000    5000")
        os.kill(calm.plane.processes.pids()["kube-apiserver"], signal.SIGKILL)
        try:
            until(running, "no answer since ")
        finally:
            calm.plane.processes.restart("kube-apiserver")
        wait_for("it is back", lambda: calm.plane.api.call("GET", "/readyz").status == 200)
        calm.apply(calm.map({**DATA, "INTERVAL_MS": "6000"}))
        until(running, "INTERVAL_MS  !  5000    5000    6000")


def test_a_watch_outlives_a_server_that_stands_still(calm: Scene) -> None:
    pid = calm.plane.processes.pids()["kube-apiserver"]
    with watching(calm, "--format", "json") as running:
        until(running, '"kind": "status"')
        os.kill(pid, signal.SIGSTOP)
        try:
            until(running, '"kind": "noAnswer"')
        finally:
            os.kill(pid, signal.SIGCONT)
        until(running, '"kind": "status"')


def test_ctrl_c_ends_a_watch_with_130(calm: Scene) -> None:
    with watching(calm) as running:
        until(running, "INTERVAL_MS")
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)

    assert running.returncode == 130
    assert "Traceback" not in said


def test_a_server_that_stands_still_ends_both_commands_with_4(calm: Scene) -> None:
    pid = calm.plane.processes.pids()["kube-apiserver"]
    os.kill(pid, signal.SIGSTOP)
    start = time.monotonic()
    try:
        done = [calm.run(command, "--request-timeout", "1") for command in ("status", "doctor")]
    finally:
        os.kill(pid, signal.SIGCONT)

    assert [each.returncode for each in done] == [4, 4]
    assert all("did not answer within 1 s to get configmaps/shop-settings" in each.stderr for each in done)
    assert time.monotonic() - start < 30


def test_redis_that_does_not_answer_takes_its_own_line_alone(calm: Scene) -> None:
    done = calm.run("status", "--redis-url", "redis://:secret@127.0.0.1:1")

    assert done.returncode == 0, done.stderr
    assert "not seen  redis://127.0.0.1:1 cannot be reached: " in done.stdout
    assert "secret" not in done.stdout + done.stderr
    assert calm.run("doctor", "--redis-url", "redis://127.0.0.1:1").returncode == 4
