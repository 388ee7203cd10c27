"""The cluster, or whoever runs the command, breaks off in the middle: what was done is said, and is so."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.cluster.control_plane import ControlPlane
from tests.cluster.live import DATA, HELD, Shop, shop
from tests.cluster.waiting import read_until, wait_for


@pytest.fixture
def app(control_plane: ControlPlane, namespace: str, tmp_path: Path) -> Shop:
    return shop(control_plane, namespace, tmp_path)


def test_a_server_that_stands_still_during_the_rollout_leaves_no_doubt_of_what_was_done(app: Shop) -> None:
    app.deploy()
    app.kubectl("patch", "deployment/shop", "--patch", HELD)
    pid = app.plane.processes.pids()["kube-apiserver"]
    running = app.start("set", "INTERVAL_MS=6000", "--yes", "--wait", "--timeout", "4", "--request-timeout", "3")
    read_until(running.stderr, "pods are new")
    os.kill(pid, signal.SIGSTOP)
    try:
        _, said = running.communicate(timeout=60)
    finally:
        os.kill(pid, signal.SIGCONT)

    assert running.returncode == 4
    assert "the rollout cannot be seen; the old values could not be put back: " in said
    assert "Traceback" not in said
    assert app.data()["INTERVAL_MS"] == "6000"


def test_a_server_that_is_killed_and_comes_back_is_waited_for(app: Shop) -> None:
    app.deploy()
    running = app.start("set", "INTERVAL_MS=6000", "--yes", "--wait", "--timeout", "60")
    read_until(running.stdout, "restarted Deployment")
    app.plane.processes.restart("kube-apiserver")
    wait_for("it is back", lambda: app.plane.api.call("GET", "/readyz").status == 200)
    _, said = running.communicate(timeout=90)

    assert running.returncode == 0, said
    assert app.data()["INTERVAL_MS"] == "6000"


@pytest.mark.parametrize("delay", [0.6, 0.9, 1.2, 1.5])
def test_a_server_that_is_killed_at_any_moment_leaves_all_or_nothing_and_no_doubt(app: Shop, delay: float) -> None:
    """What comes first, the kill or the change, is left to chance; what is said must be so whichever it was."""
    new = {**DATA, "INTERVAL_MS": "6000", "ATTEMPTS": "9"}
    words = ("set", "INTERVAL_MS=6000", "ATTEMPTS=9", "--yes", "--no-restart", "--request-timeout", "2")
    running = app.start(*words)
    time.sleep(delay)
    app.plane.processes.restart("kube-apiserver")
    _, said = running.communicate(timeout=90)
    wait_for("it is back", lambda: app.plane.api.call("GET", "/readyz").status == 200)

    assert running.returncode in {0, 4}, said
    assert "Traceback" not in said
    assert app.data() in ([new] if running.returncode == 0 else [DATA, new] if "may have been made" in said else [DATA])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_who_interrupts_it_while_it_waits_is_told_how_far_it_went(app: Shop, number: signal.Signals) -> None:
    """Ctrl-C is of those who look on; a pipeline that is called off sends the other one."""
    app.deploy()
    app.kubectl("patch", "deployment/shop", "--patch", HELD)
    running = app.start("set", "INTERVAL_MS=6000", "--yes", "--wait")
    read_until(running.stderr, "pods are new")
    running.send_signal(number)
    _, said = running.communicate(timeout=30)

    assert running.returncode == 130
    assert "interrupted: the settings are changed, and the rollout goes on" in said
    assert app.data()["INTERVAL_MS"] == "6000"
