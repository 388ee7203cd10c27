"""`chartgen apply` where the ConfigMap is not there yet: it is created, judged and rehearsed first, as a change is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.control_plane import ControlPlane
from tests.cluster.live import DATA, DEPLOYMENT, MAP, Shop, shop
from tests.cluster.waiting import wait_for

METADATA = {"name": MAP, "labels": {"team": "web"}, "annotations": {"owner": "web@example.com"}}


@pytest.fixture
def app(control_plane: ControlPlane, namespace: str, tmp_path: Path) -> Shop:
    """A shop whose ConfigMap is not there."""
    made = shop(control_plane, namespace, tmp_path)
    made.kubectl("delete", "configmap", MAP)
    return made


def manifest(data: dict[str, str], **more: Any) -> str:
    return json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": METADATA, "data": data, **more})


def is_there(app: Shop) -> bool:
    return app.plane.api.call("GET", f"{app.maps}/{MAP}").status == 200


def test_it_is_created_with_its_labels_and_who_did_it(app: Shop) -> None:
    done = app.run("apply", "-f", "-", "--yes", "--reason", "first", stdin=manifest({**DATA, "more": "x"}))

    assert done.returncode == 0, done.stderr
    found = app.map()
    assert found["data"] == {**DATA, "more": "x"}
    assert found["metadata"]["labels"] == {"team": "web"}
    assert found["metadata"]["annotations"]["owner"] == "web@example.com"
    assert (app.last_change()["by"], app.last_change()["why"]) == ("admin", "first")
    assert f"ConfigMap {MAP}, which is not there yet: it is created" in done.stdout
    assert "INTERVAL_MS  (not set) -> 5000" in done.stdout
    assert f"created ConfigMap {MAP}" in done.stdout
    assert f"there is no Deployment {DEPLOYMENT} yet: no pod is started anew" in done.stdout


def test_pods_that_ran_without_it_are_started_anew(app: Shop) -> None:
    app.deploy()
    before = app.pods()
    done = app.run("apply", "-f", "-", "--yes", "--wait", stdin=manifest(DATA))

    assert done.returncode == 0, done.stderr
    assert (app.data(), app.pods().isdisjoint(before)) == (DATA, True)


def test_a_dry_run_asks_the_server_and_creates_nothing(app: Shop) -> None:
    done = app.run("apply", "-f", "-", "--dry-run", stdin=manifest(DATA))

    assert done.returncode == 0, done.stderr
    assert "which is not there yet: it is created" in done.stdout
    assert "dry run: the server would take it; nothing was changed" in done.stdout
    assert not is_there(app)


def test_what_breaks_a_rule_is_not_created(app: Shop) -> None:
    done = app.run("apply", "-f", "-", "--yes", stdin=manifest({**DATA, "TIMEOUT_MS": "30000"}))

    assert (done.returncode, is_there(app)) == (1, False)
    assert "error[CG203]" in done.stderr


def test_one_without_data_is_created_too(app: Shop) -> None:
    done = app.run("apply", "-f", "-", "--yes", stdin=manifest({}))

    assert done.returncode == 0, done.stderr
    assert is_there(app)


def test_one_that_cannot_change_stays_so(app: Shop) -> None:
    done = app.run("apply", "-f", "-", "--yes", stdin=manifest(DATA, immutable=True))

    assert done.returncode == 0, done.stderr
    assert app.map()["immutable"] is True


def test_set_creates_nothing(app: Shop) -> None:
    done = app.run("set", "intervalMs=6000", "--yes", "--no-restart")

    assert (done.returncode, is_there(app)) == (4, False)
    assert f"there is no ConfigMap {MAP} in namespace {app.namespace}" in done.stderr


def test_a_namespace_that_is_not_there_is_told_as_that(app: Shop, control_plane: ControlPlane) -> None:
    gone = Shop(control_plane, "no-such", app.folder)
    done = gone.run("apply", "-f", "-", "--yes", stdin=manifest(DATA))

    assert done.returncode == 4
    assert "there is no namespace no-such in context tests" in done.stderr


def test_the_right_to_create_is_an_option_of_the_printed_role_and_named_where_it_is_missing(app: Shop) -> None:
    user = f"nora-{app.namespace}"
    assert 'verbs: ["create"]' not in give(app, user)
    said = ""

    def is_in_force() -> bool:
        nonlocal said
        said = tried(app, user)
        return "may not get" not in said

    wait_for("the Role is in force", is_in_force)
    assert f"user {user} may not create configmaps in namespace {app.namespace}" in said
    assert "chartgen rbac apply --with-create" in said
    assert not is_there(app)

    assert 'resources: ["configmaps"]\n    verbs: ["create"]' in give(app, user, "--with-create")
    wait_for("the Role is in force", lambda: not tried(app, user))
    assert app.data() == DATA
    assert app.last_change()["by"] == user


def give(app: Shop, user: str, *options: str) -> str:
    """Have the printed Role in force for a user."""
    printed = app.run("rbac", "apply", "--to", f"user:{user}", *options)
    assert printed.returncode == 0, printed.stderr
    applied = app.plane.kubectl("apply", "--filename=-", stdin=printed.stdout)
    assert applied.returncode == 0, applied.stderr
    return printed.stdout


def tried(app: Shop, user: str) -> str:
    """What is said where the user may not create it."""
    done = app.run("apply", "-f", "-", "--yes", kubeconfig=app.plane.kubeconfig(user), stdin=manifest(DATA))
    assert done.returncode in {0, 4}, done.stderr
    return done.stderr
