"""The Deployment as it is in the cluster: from where its containers take each setting."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from chartgen.cluster.api import Api, formed
from chartgen.cluster.live import DEPLOYMENTS, LiveDeployment, Place, deployment_of
from chartgen.cluster.wires import REF, Wire, wire_in
from chartgen.documents.manifests import read_manifests
from chartgen.documents.pods import Container, Pod, pod_of
from chartgen.records import dataclass, field
from chartgen.settings.model import Setting
from chartgen.source import Source, Span


@dataclass(frozen=True)
class Workload:
    """A Deployment, its pods' template with places in its text, how its pods are found, and what it says of itself.

    `is_open` says that a container takes its environment from a Secret as well, whose keys are not read.
    """

    deployment: LiveDeployment
    pod: Pod
    selector: Mapping[str, str] = field(hash=False)
    annotations: Mapping[str, str] = field(default_factory=dict, hash=False)
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    is_open: bool = False

    @property
    def revision(self) -> str:
        """The Deployment's own; empty where nothing was rolled out yet."""
        return self.annotations.get("deployment.kubernetes.io/revision", "")

    @property
    def maps(self) -> tuple[str, ...]:
        """The ConfigMaps that the containers' environments come from, each once."""
        return tuple(dict.fromkeys(name for container in self._containers() for name in _maps(container)))

    def wire(self, setting: Setting, own: str, maps: Mapping[str, Mapping[str, str]], main: str = "") -> Wire:
        """Where the container `main`, else the first that has the setting, takes it from; `maps` are the data that are known."""
        for container in sorted(self._containers(), key=lambda each: each.name != main):
            found = wire_in(container, setting.env, own, maps)
            if found is not None:
                return found
        return Wire("none")

    def has_other_ways(self, own: str) -> bool:
        """Whether settings may come in where they are not seen: from a Secret, behind a prefix, by files that a program reads."""
        prefixed = any(each.name == own and each.prefix for one in self._containers() for each in one.env_from)
        return self.is_open or prefixed or any(volume.name == own for volume in self.pod.map_volumes)

    @property
    def span(self) -> Span | None:
        """The place of a container that does not only run before others."""
        return next((container.span for container in reversed([*self._containers()])), None)

    def _containers(self) -> Iterator[Container]:
        return (container for container in self.pod.containers if container.has_image)


def read_workload(api: Api, namespace: str, name: str) -> Workload:
    """The Deployment of a name.

    Raises:
        Stop: it is not there, or the cluster fails.
    """
    place = Place(DEPLOYMENTS, namespace, name)
    return formed(api.server, _workload, api.get(place.path, place.request("get")))


def _workload(found: Mapping[str, Any]) -> Workload:
    selector = (found["spec"].get("selector") or {}).get("matchLabels") or {}
    annotations, labels = (found["metadata"].get(name) or {} for name in ("annotations", "labels"))
    return Workload(deployment_of(found), _pod(found), selector, annotations, labels, is_open=_is_open(found))


def _is_open(found: Mapping[str, Any]) -> bool:
    spec = found["spec"]["template"]["spec"]
    containers = [*(spec.get("initContainers") or []), *spec["containers"]]
    return any("configMapRef" not in each for container in containers for each in container.get("envFrom") or [])


def _pod(found: Mapping[str, Any]) -> Pod:
    """The template, as `kubectl get -o json` shows it, without what changes by itself."""
    metadata = {key: found["metadata"][key] for key in ("name", "namespace")}
    whole = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": found["spec"]}
    text = json.dumps(whole, indent=2, ensure_ascii=False)
    read = read_manifests(Source(f"deployment/{metadata['name']}", text + "\n"))
    assert read is not None
    pod = pod_of(read[0][0])
    assert pod is not None
    return pod


def _maps(container: Container) -> Iterator[str]:
    yield from (env.ref.name for env in container.env if env.ref is not None and env.ref.kind == REF)
    yield from (each.name for each in container.env_from)
    yield from container.mounted
