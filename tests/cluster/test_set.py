"""`chartgen set` on a real control plane: what it changes, what it refuses, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cluster.control_plane import ControlPlane
from tests.cluster.live import DATA, HELD, Shop, shop
from tests.cluster.waiting import read_until
from tests.command import chartgen

SLOWER = ("INTERVAL_MS=6000", "--yes")


@pytest.fixture
def app(control_plane: ControlPlane, namespace: str, tmp_path: Path) -> Shop:
    return shop(control_plane, namespace, tmp_path)


def test_a_setting_is_changed_by_its_name_or_its_env_name_and_pods_are_started_anew(app: Shop) -> None:
    app.deploy()
    before = app.pods()
    done = app.run("set", "intervalMs=6000", "ATTEMPTS=9", "--yes", "--wait", "--reason", "a\n peak")

    assert (done.returncode, done.stderr) == (0, done.stderr), done.stderr
    assert app.data() == {**DATA, "INTERVAL_MS": "6000", "ATTEMPTS": "9"}
    assert app.pods().isdisjoint(before)
    said = app.last_change()
    assert (said["by"], said["why"], said["set"]) == ("admin", "a peak", {"INTERVAL_MS": "6000", "ATTEMPTS": "9"})
    assert "context tests (https://127.0.0.1:" in done.stdout
    assert "INTERVAL_MS  5000 -> 6000" in done.stdout


def test_what_breaks_a_rule_changes_nothing_and_says_what_would_do(app: Shop) -> None:
    app.deploy()
    before = app.map(), app.template_annotations()
    done = app.run("set", "intervalMs=10000", "--yes")

    assert done.returncode == 1
    assert "error[CG203]: timeoutMs is smaller than attempts * intervalMs" in done.stderr
    assert "60000 < 10 * 10000 = 100000" in done.stderr
    assert "nothing was changed" in done.stderr
    assert (app.map(), app.template_annotations()) == before


def test_a_text_that_no_setting_is_read_from_changes_nothing(app: Shop) -> None:
    done = app.run("set", "intervalMs=1e4", "--yes", "--no-restart")

    assert (done.returncode, app.data()) == (1, DATA)
    assert "error[CG409]" in done.stderr


def test_a_dry_run_changes_nothing_and_needs_no_yes(app: Shop) -> None:
    app.deploy()
    before = app.map(), app.deployment()["metadata"]["generation"]
    done = app.run("set", "intervalMs=6000", "--dry-run")

    assert done.returncode == 0, done.stderr
    assert "the server would take it; nothing was changed" in done.stdout
    assert (app.map(), app.deployment()["metadata"]["generation"]) == before


def test_where_nobody_can_answer_yes_must_be_said(app: Shop) -> None:
    done = app.run("set", "intervalMs=6000", "--no-restart")

    assert (done.returncode, app.data()) == (2, DATA)
    assert "--yes" in done.stderr


def test_what_is_so_already_changes_nothing_and_restarts_nothing(app: Shop) -> None:
    app.deploy()
    before = app.map(), app.template_annotations()
    done = app.run("set", "intervalMs=5000", "--yes")

    assert done.returncode == 0, done.stderr
    assert "nothing to change" in done.stdout
    assert (app.map(), app.template_annotations()) == before


def test_other_keys_and_annotations_stay(app: Shop) -> None:
    app.patch_map({"data": {"app.conf": "a = 1\n"}, "metadata": {"annotations": {"team": "web"}}})
    done = app.run("set", *SLOWER, "--no-restart")

    assert done.returncode == 0, done.stderr
    assert app.data() == {**DATA, "INTERVAL_MS": "6000", "app.conf": "a = 1\n"}
    assert app.map()["metadata"]["annotations"]["team"] == "web"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["intervalM=1"], 'did you mean "intervalMs"?'),
        (["intervalMs"], "write KEY=VALUE"),
        (["intervalMs=1", "INTERVAL_MS=2"], "INTERVAL_MS is given twice"),
        ([], "nothing is asked for"),
        (["--profile", "none"], 'has no profile "none"'),
        (["intervalMs=6000", "--env", "none"], 'has no environment "none"'),
        (["intervalMs=6000", "--context", "test"], 'did you mean "tests"?'),
    ],
)
def test_a_command_line_that_cannot_be_meant_changes_nothing(app: Shop, words: list[str], said: str) -> None:
    done = app.run("set", *words, "--yes")

    assert (done.returncode, app.data()) == (2, DATA)
    assert said in done.stderr


def test_an_environment_says_which_context_and_namespace(
    control_plane: ControlPlane, namespace: str, tmp_path: Path
) -> None:
    more = f"environments:\n  prod: {{context: tests, namespace: {namespace}}}\n  old: {{context: gone}}\n"
    app = shop(control_plane, namespace, tmp_path, more)
    words = ("set", *SLOWER, "--no-restart", "--env")
    done = chartgen(*words, "prod", cwd=tmp_path, env=app.env())
    assert (done.returncode, app.data()["INTERVAL_MS"]) == (0, "6000"), done.stderr

    done = chartgen(*words, "old", cwd=tmp_path, env=app.env())
    assert done.returncode == 2
    assert "has no context 'gone'" in done.stderr


def test_a_rollout_that_fails_is_put_back(app: Shop) -> None:
    app.deploy()
    before = app.pods()
    app.kubectl("patch", "deployment/shop", "--patch", '{"spec": {"paused": true}}')
    app.kubectl("patch", "deployment/shop", "--patch", HELD)
    app.kubectl("patch", "deployment/shop", "--patch", '{"spec": {"paused": false}}')
    done = app.run("set", *SLOWER, "--wait", "--timeout", "8")

    assert done.returncode == 4
    assert "the rollout of Deployment shop failed: not done within 8 s" in done.stderr
    assert "pods wait: ImagePullBackOff" in done.stderr
    assert "INTERVAL_MS is 5000 again" in done.stderr
    assert app.data() == DATA
    assert before <= app.pods()
    assert app.last_change()["why"] == "put back: the rollout failed"


def test_what_somebody_else_changed_during_the_rollout_is_not_put_back(app: Shop) -> None:
    app.deploy()
    app.kubectl("patch", "deployment/shop", "--patch", HELD)
    running = app.start("set", "INTERVAL_MS=6000", "ATTEMPTS=9", "--yes", "--wait", "--timeout", "120")
    read_until(running.stderr, "pods are new")
    app.patch_map({"data": {"ATTEMPTS": "8"}})
    app.kubectl("rollout", "pause", "deployment/shop")
    _, said = running.communicate(timeout=60)

    assert running.returncode == 4
    assert app.data() == {**DATA, "ATTEMPTS": "8"}
    assert "ATTEMPTS was changed by somebody else, and stays" in said


def test_pods_that_take_changes_over_are_not_restarted(
    control_plane: ControlPlane, namespace: str, tmp_path: Path
) -> None:
    app = shop(
        control_plane, namespace, tmp_path, "injection: {mode: sidecar, image: python:3.13}\npage: {mode: json}\n"
    )
    values = tmp_path / "charts/shop/values.yaml"
    values.write_text(values.read_text(encoding="utf-8") + "injection: {mode: sidecar}\n", encoding="utf-8")
    app.deploy()
    before = app.template_annotations()
    done = app.run("set", *SLOWER)

    assert done.returncode == 0, done.stderr
    assert (app.data()["INTERVAL_MS"], app.template_annotations()) == ("6000", before)
