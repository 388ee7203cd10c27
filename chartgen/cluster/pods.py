"""The pods of a selector: since when each runs, and what their containers are called."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from chartgen.cluster.api import Api, formed
from chartgen.cluster.failures import Request
from chartgen.records import dataclass

PODS = "pods"


@dataclass(frozen=True)
class LivePod:
    """A pod that runs or will, and that nobody has told to end. `started` has the time at which each container that runs, or ran, was started."""

    namespace: str
    name: str
    containers: tuple[str, ...]
    started: tuple[tuple[str, str], ...]
    is_running: bool
    version: str = ""

    @property
    def path(self) -> str:
        """Its path at the API server."""
        return f"/api/v1/namespaces/{self.namespace}/pods/{self.name}"

    def since(self, containers: Collection[str] = ()) -> str:
        """The first start of these containers, of any without; empty where none was started."""
        times = [time for name, time in self.started if not containers or name in containers]
        return min(times, default="")


def read_pods(api: Api, namespace: str, selector: str) -> tuple[LivePod, ...]:
    """The pods that a label selector matches, by name; those that have ended, or were evicted, are no more than names.

    Raises:
        Stop: the cluster refuses or fails.
    """
    found = _listed(api, namespace, f"?labelSelector={quote(selector)}")
    pods = [formed(api.server, _pod, each) for each in found if not _has_ended(each)]
    return tuple(sorted(pods, key=lambda pod: pod.name))


def maps_in_use(api: Api, namespace: str) -> frozenset[str]:
    """The ConfigMaps that any pod of the namespace names, also one that has ended: its like may come again.

    Raises:
        Stop: the cluster refuses or fails.
    """
    return frozenset(name for each in _listed(api, namespace) for name in formed(api.server, _map_names, each))


def _listed(api: Api, namespace: str, query: str = "") -> list[Mapping[str, Any]]:
    path = f"/api/v1/namespaces/{namespace}/pods{query}"
    return api.get(path, Request("list", PODS, "", namespace)).get("items") or []


def _has_ended(found: Mapping[str, Any]) -> bool:
    """Whether it has, or is to."""
    is_deleted = "deletionTimestamp" in (found.get("metadata") or {})
    return is_deleted or (found.get("status") or {}).get("phase") in {"Succeeded", "Failed"}


def _map_names(found: Mapping[str, Any]) -> list[str]:
    return [*_named_in(found["spec"])]


def _named_in(spec: Mapping[str, Any]) -> Iterator[str]:
    """The ConfigMaps of the environments and of the volumes."""
    for container in (*(spec.get("initContainers") or ()), *spec["containers"]):
        for env in container.get("env") or ():
            yield ((env.get("valueFrom") or {}).get("configMapKeyRef") or {}).get("name", "")
        for given in container.get("envFrom") or ():
            yield (given.get("configMapRef") or {}).get("name", "")
    for volume in spec.get("volumes") or ():
        for part in (volume, *((volume.get("projected") or {}).get("sources") or ())):
            yield (part.get("configMap") or {}).get("name", "")


def selector_of(labels: Mapping[str, str]) -> str:
    """The selector of labels that all have to be there."""
    return ",".join(f"{key}={value}" for key, value in sorted(labels.items()))


def _pod(found: Mapping[str, Any]) -> LivePod:
    metadata, status = found["metadata"], found.get("status") or {}
    names = tuple(str(each["name"]) for each in found["spec"]["containers"])
    return LivePod(
        metadata["namespace"],
        metadata["name"],
        names,
        tuple(_started(status)),
        status.get("phase") == "Running",
        metadata.get("resourceVersion", ""),
    )


def _started(status: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Of a container that was restarted, the last start: its environment is read anew by each."""
    for field in ("initContainerStatuses", "containerStatuses"):
        for each in status.get(field) or []:
            state = each.get("state") or {}
            time = (state.get("running") or state.get("terminated") or {}).get("startedAt")
            if time:
                yield str(each["name"]), str(time)
