"""`chartgen set --write`: into values that fit, of all environments that have the file; or nothing is changed anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cluster.control_plane import ControlPlane
from tests.cluster.live import DATA, MAP, Shop, shop
from tests.cluster.waiting import read_until
from tests.projects import write

BASE = "settings: {intervalMs: 3000}\n"
SHARED = "environments: {prod: {values: [base.yaml]}, staging: {values: [base.yaml, staging.yaml]}}\n"
PROD = ("--env", "prod", "--yes")


@pytest.fixture
def app(control_plane: ControlPlane, namespace: str, tmp_path: Path) -> Shop:
    made = shop(control_plane, namespace, tmp_path, SHARED)
    write(tmp_path, {"base.yaml": BASE, "staging.yaml": "settings: {attempts: 20}\n"})
    return made


def base(app: Shop) -> str:
    return (app.folder / "base.yaml").read_text(encoding="utf-8")


def test_a_file_of_other_environments_is_judged_for_them_too(app: Shop) -> None:
    words = ("set", *PROD, "--no-restart", "--write")
    done = app.run(*words, "INTERVAL_MS=4000")

    assert (done.returncode, app.data(), base(app)) == (1, DATA, BASE)
    assert "60000 < 20 * 4000 = 80000" in done.stderr
    assert "in environment: staging" in done.stderr
    assert "the values of environment staging would have errors: nothing was changed" in done.stderr

    done = app.run(*words, "INTERVAL_MS=2500")
    assert (done.returncode, app.data()["INTERVAL_MS"], base(app)) == (0, "2500", BASE.replace("3000", "2500"))
    assert "note: it is a file of staging, too" in done.stdout


def test_a_file_that_cannot_be_written_is_seen_before_anything_is_changed(app: Shop) -> None:
    (app.folder / "base.yaml").chmod(0o444)
    done = app.run("set", *PROD, "--no-restart", "--write", "INTERVAL_MS=2500")

    assert (done.returncode, app.data(), base(app)) == (4, DATA, BASE)
    assert "--write cannot write base.yaml: it is read-only; nothing was changed" in done.stderr


def test_a_file_that_changed_in_the_meantime_is_left_and_it_is_said_that_the_cluster_is_changed(app: Shop) -> None:
    app.deploy()
    app.kubectl("patch", "deployment/shop", "--patch", '{"spec": {"minReadySeconds": 500}}')
    running = app.start("set", *PROD, "--wait", "--write", "INTERVAL_MS=2500", "--format", "json")
    read_until(running.stderr, "pods are new")
    write(app.folder, {"base.yaml": "# mine\n"})
    app.kubectl("patch", "deployment/shop", "--patch", '{"spec": {"minReadySeconds": 0}}')
    printed, said = running.communicate(timeout=60)

    assert (running.returncode, app.data()["INTERVAL_MS"], base(app)) == (4, "2500", "# mine\n")
    assert json.loads(printed)["result"] == "changed"
    assert "the settings are changed in the cluster, but not in base.yaml: base.yaml has changed since" in said
    assert "write into base.yaml: settings.intervalMs: 2500" in said


def test_what_the_values_say_already_is_not_told_to_be_written(app: Shop) -> None:
    app.patch_map({
        "data": {"INTERVAL_MS": "3000"},
        "metadata": {"annotations": {"meta.helm.sh/release-name": "shop"}},
    })  # fmt: skip
    text = json.dumps({"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"name": MAP}, "data": app.data()})
    done = app.run("apply", "-f", "-", *PROD, "--no-restart", stdin=text)

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1:] == [
        "nothing to change: the ConfigMap says so already",
        "the values of environment prod say so already",
    ]
