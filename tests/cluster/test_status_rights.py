"""`chartgen status` and `doctor` for those who may not see all: each right that is missing is named, and nothing else is lost."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
import yaml

from tests.cluster.live import DATA, DEPLOYMENT
from tests.cluster.scene import Scene, page, shown
from tests.cluster.waiting import wait_for

USER = "petra"
REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
REDIS = ("--redis-exec", "--job-index", "jobs:active")
READ_MAPS = {"apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "list", "watch"]}


def may(made: Scene, rule: dict[str, Any], resource: str, verb: str, name: str) -> bool:
    whole, _, part = resource.partition("/")
    attributes = {"namespace": made.shop.namespace, "verb": verb, "group": rule["apiGroups"][0], "resource": whole}
    attributes |= {"subresource": part, "name": name}
    reply = made.plane.api_as(USER).call("POST", REVIEWS, {"spec": {"resourceAttributes": attributes}})
    return bool(reply.body["status"]["allowed"])


@contextlib.contextmanager
def given(made: Scene, objects: list[dict[str, Any]]) -> Iterator[None]:
    """The objects are in force; those of the cluster go at the end."""
    texts = yaml.safe_dump_all(objects)
    done = made.plane.kubectl("apply", "--filename=-", stdin=texts)
    assert done.returncode == 0, done.stderr
    try:
        for rule in [rule for each in objects for rule in each.get("rules", ())]:
            for verb in rule["verbs"]:
                name = rule.get("resourceNames", [""])[0]
                wait_for("it is in force", partial(may, made, rule, rule["resources"][0], verb, name))
        yield
    finally:
        made.plane.kubectl("delete", "--ignore-not-found", "--filename=-", stdin=texts)


def role(made: Scene, rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    metadata = {"name": "reader", "namespace": made.shop.namespace}
    group = "rbac.authorization.k8s.io"
    binding = {
        "apiVersion": f"{group}/v1",
        "kind": "RoleBinding",
        "metadata": metadata,
        "roleRef": {"apiGroup": group, "kind": "Role", "name": "reader"},
        "subjects": [{"kind": "User", "apiGroup": group, "name": USER}],
    }
    return [{"apiVersion": f"{group}/v1", "kind": "Role", "metadata": metadata, "rules": rules}, binding]


def printed(made: Scene, command: str) -> list[dict[str, Any]]:
    done = made.run("rbac", command, "--redis-exec", "--to", f"user:{USER}")
    assert done.returncode == 0, done.stderr
    return [*yaml.safe_load_all(done.stdout)]


def test_who_may_read_config_maps_alone_sees_these_and_is_told_each_right_that_is_missing(
    calm: Scene, golden: Callable[[str, str], None]
) -> None:
    with given(calm, role(calm, [READ_MAPS])), page(shown(DATA)) as url:
        done = calm.run("status", "--page-url", url, *REDIS, kubeconfig=calm.plane.kubeconfig(USER))

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    golden("status/config-maps-alone.txt", calm.plain(done.stdout))


def test_doctor_finds_what_can_be_found_and_ends_with_4(calm: Scene, golden: Callable[[str, str], None]) -> None:
    with given(calm, role(calm, [READ_MAPS])):
        done = calm.run("doctor", *REDIS, kubeconfig=calm.plane.kubeconfig(USER))

    assert done.returncode == 4, done.stdout
    golden("status/doctor-config-maps-alone.txt", calm.plain(f"{done.stdout}--- stderr\n{done.stderr}"))


def test_doctor_needs_the_right_to_list_config_maps(calm: Scene) -> None:
    objects = printed(calm, "doctor")
    objects[0]["rules"] = [
        rule for rule in objects[0]["rules"] if rule["verbs"] != ["list"] or rule["resources"] == ["pods"]
    ]
    with given(calm, objects):
        done = calm.run("doctor", kubeconfig=calm.plane.kubeconfig(USER))

    assert done.returncode == 4, done.stdout
    assert f"user {USER} may not list configmaps in namespace" in done.stderr


@pytest.mark.parametrize("command", ["status", "doctor"])
def test_the_printed_role_is_enough(calm: Scene, command: str) -> None:
    with given(calm, printed(calm, command)):
        done = calm.run(command, *REDIS, kubeconfig=calm.plane.kubeconfig(USER))

    assert done.returncode == 0, done.stdout + done.stderr
    assert "not seen" not in done.stdout
    assert "may not" not in done.stderr


STATUS_RIGHTS = [
    ("configmaps", "get"),
    ("deployments", "get"),
    ("pods", "list"),
    ("pods/log", "get"),
    ("pods/exec", "get"),
    ("pods/exec", "create"),
    ("validatingadmissionpolicies", "get"),
]


@pytest.mark.parametrize(("resource", "verb"), STATUS_RIGHTS)
def test_without_any_one_right_the_command_says_which(calm: Scene, resource: str, verb: str) -> None:
    objects = printed(calm, "status")
    for rule in [rule for each in objects for rule in each.get("rules", ()) if resource in rule["resources"]]:
        rule["verbs"].remove(verb)
    for each in objects:
        each["rules"] = [rule for rule in each.get("rules", ()) if rule["verbs"]] if "rules" in each else None
    objects = [{key: value for key, value in each.items() if value is not None} for each in objects]
    with given(calm, objects):
        done = calm.run("status", *REDIS, kubeconfig=calm.plane.kubeconfig(USER))

    assert done.returncode == (4 if resource == "configmaps" else 0), done.stdout + done.stderr
    assert f"may not {verb} {resource}" in done.stdout
    assert DEPLOYMENT in done.stdout
