"""The Role that `chartgen rbac` prints is enough, and no verb of it can be left out."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster.control_plane import ControlPlane
from tests.cluster.live import DATA, Shop, shop
from tests.cluster.waiting import wait_for

USER = "olga"
REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
CHANGE = ("set", "INTERVAL_MS=6000", "--yes", "--wait")
VERBS = [("configmaps", "get"), ("configmaps", "patch"), ("deployments", "get"), ("deployments", "patch")]


@pytest.fixture
def app(control_plane: ControlPlane, namespace: str, tmp_path: Path) -> Shop:
    made = shop(control_plane, namespace, tmp_path)
    made.deploy()
    return made


def printed(app: Shop) -> list[dict[str, Any]]:
    done = app.run("rbac", "set", "--to", f"user:{USER}")
    assert done.returncode == 0, done.stderr
    return [*yaml.safe_load_all(done.stdout)]


def apply(app: Shop, objects: list[dict[str, Any]]) -> None:
    done = app.plane.kubectl("apply", "--filename=-", stdin=yaml.safe_dump_all(objects))
    assert done.returncode == 0, done.stderr
    rules = [rule for each in objects if each["kind"] == "Role" for rule in each["rules"]]
    for rule in rules:
        for verb in rule["verbs"]:
            wait_for("the Role is in force", partial(may, app, rule, verb))


def may(app: Shop, rule: dict[str, Any], verb: str) -> bool:
    attributes = {
        "namespace": app.namespace,
        "verb": verb,
        "group": rule["apiGroups"][0],
        "resource": rule["resources"][0],
        "name": rule["resourceNames"][0],
    }
    body = {"spec": {"resourceAttributes": attributes}}
    return bool(app.plane.api_as(USER).call("POST", REVIEWS, body).body["status"]["allowed"])


def test_the_printed_role_is_enough(app: Shop) -> None:
    apply(app, printed(app))
    done = app.run(*CHANGE, kubeconfig=app.plane.kubeconfig(USER))

    assert done.returncode == 0, done.stderr
    assert app.data()["INTERVAL_MS"] == "6000"
    assert app.last_change()["by"] == USER


@pytest.mark.parametrize(("resource", "verb"), VERBS)
def test_no_verb_of_it_can_be_left_out_and_the_missing_one_is_named(app: Shop, resource: str, verb: str) -> None:
    objects = printed(app)
    for rule in objects[0]["rules"]:
        if rule["resources"] == [resource]:
            rule["verbs"].remove(verb)
    apply(app, objects)
    done = app.run(*CHANGE, kubeconfig=app.plane.kubeconfig(USER))

    assert (done.returncode, app.data()) == (4, DATA)
    assert f"user {USER} may not {verb} {resource}/shop" in done.stderr
    assert "chartgen rbac" in done.stderr


def test_it_gives_no_other_right(app: Shop) -> None:
    assert sorted((rule["resources"][0], verb) for rule in printed(app)[0]["rules"] for verb in rule["verbs"]) == VERBS
    assert all(rule["resourceNames"] for rule in printed(app)[0]["rules"])


def test_a_user_without_a_right_is_told_the_first_that_is_missing(app: Shop) -> None:
    done = app.run(*CHANGE, kubeconfig=app.plane.kubeconfig("nobody"))

    assert (done.returncode, app.data()) == (4, DATA)
    assert f"user nobody may not get configmaps/shop-settings in namespace {app.namespace}" in done.stderr


def test_without_new_pods_the_deployment_needs_no_right(app: Shop) -> None:
    objects = printed(app)
    objects[0]["rules"] = [rule for rule in objects[0]["rules"] if rule["resources"] == ["configmaps"]]
    apply(app, objects)
    done = app.run("set", "INTERVAL_MS=6000", "--yes", "--no-restart", kubeconfig=app.plane.kubeconfig(USER))

    assert done.returncode == 0, done.stderr
