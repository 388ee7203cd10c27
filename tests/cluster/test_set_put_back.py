"""A rollout that fails: what was written is put back where that still fits, and where not, what stands is said."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.cluster.control_plane import ControlPlane
from tests.cluster.live import DATA, DEPLOYMENT, HELD, Shop, shop
from tests.cluster.waiting import read_until, wait_for

FASTER = ("INTERVAL_MS=3000", "--yes", "--wait", "--timeout", "120")


@pytest.fixture
def app(control_plane: ControlPlane, namespace: str, tmp_path: Path) -> Shop:
    """One whose new pods are never ready."""
    made = shop(control_plane, namespace, tmp_path)
    made.deploy()
    made.kubectl("patch", f"deployment/{DEPLOYMENT}", "--patch", HELD)
    return made


def waiting(app: Shop, *words: str) -> subprocess.Popen[str]:
    """`chartgen set`, when it waits for the pods."""
    running = app.start("set", *FASTER, *words)
    read_until(running.stderr, "pods are new")
    return running


def give_up(app: Shop) -> None:
    """Of a paused Deployment nobody waits for pods."""
    app.kubectl("rollout", "pause", f"deployment/{DEPLOYMENT}")


def test_what_would_break_a_rule_with_what_others_changed_since_is_not_put_back(app: Shop) -> None:
    running = waiting(app, "--format", "json")
    other = app.run("set", "ATTEMPTS=20", "--yes", "--no-restart")
    give_up(app)
    printed, said = running.communicate(timeout=60)
    found = json.loads(printed)

    assert (other.returncode, running.returncode) == (0, 4), other.stderr
    assert app.data() == {**DATA, "INTERVAL_MS": "3000", "ATTEMPTS": "20"}
    assert (found["result"], [each["code"] for each in found["findings"]]) == ("changed", ["CG203"])
    assert (
        "the old values are not put back: INTERVAL_MS stays 3000; somebody else changed ATTEMPTS, which is 20" in said
    )
    assert "timeoutMs is smaller than attempts * intervalMs: 60000 < 20 * 5000 = 100000" in said
    assert "the rollout goes on" in said

    command = said.rpartition("to have all as it was: chartgen ")[2].splitlines()[0]
    done = app.run(*shlex.split(command), "--yes", "--no-restart")
    assert (done.returncode, app.data()) == (0, DATA), done.stderr


def test_old_values_with_errors_do_not_come_back(app: Shop) -> None:
    app.patch_map({"data": {"INTERVAL_MS": "5e3"}})
    running = waiting(app)
    give_up(app)
    _, said = running.communicate(timeout=60)

    assert app.data() == {**DATA, "INTERVAL_MS": "3000"}
    assert "the old values are not put back: INTERVAL_MS stays 3000; with the old values, " in said


def test_a_deadline_that_has_passed_before_is_not_that_of_the_new_pods(app: Shop) -> None:
    def exceeded() -> bool:
        conditions = app.deployment()["status"].get("conditions", [])
        return any(each.get("reason") == "ProgressDeadlineExceeded" for each in conditions)

    app.kubectl("patch", f"deployment/{DEPLOYMENT}", "--patch", '{"spec": {"progressDeadlineSeconds": 1}}')
    wait_for("the deadline has passed", exceeded, seconds=60)
    app.kubectl("patch", f"deployment/{DEPLOYMENT}", "--patch", '{"spec": {"progressDeadlineSeconds": 600}}')
    done = app.run("set", *FASTER[:3], "--timeout", "2")

    assert done.returncode == 4
    assert f"the rollout of Deployment {DEPLOYMENT} failed: not done within 2 s" in done.stderr
