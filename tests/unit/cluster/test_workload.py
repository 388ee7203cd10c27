"""From where a container takes a setting, in each way that Kubernetes has for it."""

from __future__ import annotations

from typing import Any

import pytest

from chartgen.cluster.api import Api
from chartgen.cluster.failures import Request, Server
from chartgen.cluster.wires import Wire
from chartgen.cluster.workload import read_workload
from chartgen.settings.expression import Type
from chartgen.settings.model import Setting

OWN, OTHER = "own", "other"
MAPS = {OWN: {"POLL_MS": "1"}, OTHER: {"POLL_MS": "2", "X_POLL_MS": "3"}}
SETTING = Setting(("pollMs",), Type.INTEGER, 5000, "POLL_MS")


class OneDeployment(Api):
    def __init__(self, pod: dict[str, Any]) -> None:
        self.server = Server("tests", "https://127.0.0.1:1")
        self._pod = pod

    def get(self, path: str, request: Request) -> dict[str, Any]:  # noqa: ARG002 - as Api's
        metadata = {"name": "web", "namespace": "shop", "resourceVersion": "1", "generation": 1}
        return {"metadata": metadata, "spec": {"template": {"metadata": {}, "spec": self._pod}}}


def wire(pod: dict[str, Any]) -> Wire:
    workload = read_workload(OneDeployment(pod), "shop", "web")
    found = workload.wire(SETTING, OWN, MAPS)
    return Wire(found.kind, found.container, found.text, found.map, found.key, found.is_optional)


def container(**fields: Any) -> dict[str, Any]:
    return {"containers": [{"name": "web", "image": "web", **fields}]}


def key(name: str, key: str, **more: Any) -> dict[str, Any]:
    return {"name": "POLL_MS", "valueFrom": {"configMapKeyRef": {"name": name, "key": key, **more}}}


def literal(text: str) -> dict[str, Any]:
    return {"name": "POLL_MS", "value": text}


BASE = key(OWN, "A") | {"name": "BASE"}


def whole(name: str, prefix: str = "") -> dict[str, Any]:
    return {"configMapRef": {"name": name}, "prefix": prefix}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, Wire("none")),
        ({"env": [{"name": "POLL_MS", "value": "7"}]}, Wire("literal", "web", "7")),
        ({"env": [{"name": "POLL_MS"}]}, Wire("literal", "web", "")),
        ({"env": [key(OWN, "POLL_MS")]}, Wire("key", "web", "", OWN, "POLL_MS", is_optional=False)),
        ({"env": [key(OWN, "A", optional=True)]}, Wire("key", "web", "", OWN, "A")),
        ({"env": [{"name": "POLL_MS", "value": "7"}, key(OTHER, "A")]}, Wire("key", "web", "", OTHER, "A", is_optional=False)),
        ({"envFrom": [whole(OWN)]}, Wire("whole", "web", "", OWN, "POLL_MS", is_optional=False)),
        ({"envFrom": [whole(OWN), whole(OTHER)]}, Wire("whole", "web", "", OTHER, "POLL_MS", is_optional=False)),
        ({"envFrom": [whole(OWN, "X_")]}, Wire("none")),
        ({"env": [{"name": "POLL_MS", "value": "7"}], "envFrom": [whole(OWN)]}, Wire("literal", "web", "7")),
        ({"env": [BASE, literal("$(BASE)")]}, Wire("key", "web", "", OWN, "A", is_optional=False)),
        ({"env": [literal("$(BASE)"), BASE]}, Wire("literal", "web", "$(BASE)")),
        ({"env": [BASE, literal("$(BASE)0")]}, Wire("other", "web", "$(BASE)0")),
        ({"env": [BASE, literal("$$(BASE)")]}, Wire("literal", "web", "$(BASE)")),
        ({"env": [{"name": "B", "value": "7"}, literal("$(B)0")]}, Wire("literal", "web", "70")),
        ({"env": [literal("$(X_POLL_MS)")], "envFrom": [whole(OTHER)]}, Wire("whole", "web", "", OTHER, "X_POLL_MS", is_optional=False)),
        ({"env": [literal("$(POLL_MS)")], "envFrom": [whole(OWN)]}, Wire("whole", "web", "", OWN, "POLL_MS", is_optional=False)),
    ],
)  # fmt: skip
def test_a_container_takes_a_setting_from(fields: dict[str, Any], expected: Wire) -> None:
    assert wire(container(**fields)) == expected


def test_an_init_container_may_have_the_settings_alone() -> None:
    pod = container() | {"initContainers": [{"name": "page", "image": "x", "env": [key(OWN, "POLL_MS")]}]}

    assert wire(pod) == Wire("key", "page", "", OWN, "POLL_MS", is_optional=False)


def test_a_mounted_map_is_read_as_files() -> None:
    mounts = [{"name": "settings", "mountPath": "/settings"}]
    pod = container(args=["--settings", "/settings"], volumeMounts=mounts)
    pod["volumes"] = [{"name": "settings", "configMap": {"name": OWN}}]

    assert wire(pod) == Wire("file", "web", "", OWN, "POLL_MS")
