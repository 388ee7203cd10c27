"""The API server stands still, is killed, or comes back anew in the middle of `chartgen doctor`, which reads the page when half is read."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time

from tests.cluster.live import DATA
from tests.cluster.scene import Scene, page, shown
from tests.cluster.waiting import wait_for

REDIS = ("--redis-exec", "--job-index", "jobs:active")


def told(done: subprocess.CompletedProcess[str]) -> str:
    """The error of a run that ended with 4: in few lines, without a traceback, and without a verdict on what was not seen."""
    assert (done.returncode, done.stdout) == (4, ""), done.stdout + done.stderr
    assert done.stderr.startswith("error: "), done.stderr
    assert len(done.stderr.splitlines()) <= 2, done.stderr
    return done.stderr


def test_a_server_that_stands_still_from_the_middle_on_ends_it_with_4(calm: Scene) -> None:
    pid = calm.plane.processes.pids()["kube-apiserver"]
    start = time.monotonic()
    try:
        with page(shown(DATA), lambda: os.kill(pid, signal.SIGSTOP)) as url:
            done = calm.run("doctor", "--page-url", url, "--request-timeout", "6")
    finally:
        os.kill(pid, signal.SIGCONT)

    assert "(context tests) did not answer within 6 s to list configmaps" in told(done)
    assert time.monotonic() - start < 20


def test_a_server_that_is_killed_in_the_middle_ends_it_with_4(calm: Scene) -> None:
    pid = calm.plane.processes.pids()["kube-apiserver"]

    def kill() -> None:
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)  # with all its threads, and so its connections

    try:
        with page(shown(DATA), kill) as url:
            done = calm.run("doctor", "--page-url", url, "--request-timeout", "20")
    finally:
        calm.plane.processes.restart("kube-apiserver")
        wait_for("it is back", lambda: calm.plane.api.call("GET", "/readyz").status == 200)

    assert "(context tests) cannot be reached: " in told(done)


def test_a_server_that_is_killed_and_back_in_the_middle_is_asked_again(calm: Scene) -> None:
    """Programs are started by the main thread: the page waits for that."""
    is_killed, is_back = threading.Event(), threading.Event()

    def meanwhile() -> None:
        os.kill(calm.plane.processes.pids()["kube-apiserver"], signal.SIGKILL)
        is_killed.set()
        is_back.wait(60)

    with page(shown(DATA), meanwhile) as url:
        running = calm.shop.start("doctor", "--page-url", url, *REDIS, "--request-timeout", "60")
        assert is_killed.wait(30)
        calm.plane.processes.restart("kube-apiserver")
        wait_for("it is back", lambda: calm.plane.api.call("GET", "/readyz").status == 200)
        is_back.set()
        found, said = running.communicate(timeout=60)

    assert (running.returncode, found) == (0, "no findings\n"), said
    assert said.startswith("looked for CG501, ")


def test_a_server_that_stands_still_while_redis_is_asked_in_its_pod_is_not_asked_again_and_again(calm: Scene) -> None:
    pid, client = calm.plane.processes.pids()["kube-apiserver"], calm.plane.folder / "bin/redis-cli"
    before = client.read_text(encoding="utf-8")
    client.write_text(f"#!/bin/sh\nkill -STOP {pid}\n", encoding="utf-8")
    start = time.monotonic()
    try:
        done = calm.run("doctor", *REDIS, "--request-timeout", "5")
    finally:
        client.write_text(before, encoding="utf-8")  # first: who is late would stop it again
        os.kill(pid, signal.SIGCONT)

    assert "(context tests)" in told(done)
    assert time.monotonic() - start < 25  # of at least seven requests
