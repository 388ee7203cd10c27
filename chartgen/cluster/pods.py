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
    """A pod that nobody has told to end. `started` has the time at which each container that runs, or ran, was started."""

    namespace: str
    name: str
    containers: tuple[str, ...]
    started: tuple[tuple[str, str], ...]
    is_running: bool

    @property
    def path(self) -> str:
        """Its path at the API server."""
        return f"/api/v1/namespaces/{self.namespace}/pods/{self.name}"

    def since(self, containers: Collection[str] = ()) -> str:
        """The first start of these containers, of any without; empty where none was started."""
        times = [time for name, time in self.started if not containers or name in containers]
        return min(times, default="")


def read_pods(api: Api, namespace: str, selector: str) -> tuple[LivePod, ...]:
    """The pods that a label selector matches, by name.

    Raises:
        Stop: the cluster refuses or fails.
    """
    path = f"/api/v1/namespaces/{namespace}/pods?labelSelector={quote(selector)}"
    found = api.get(path, Request("list", PODS, "", namespace)).get("items") or []
    pods = [formed(api.server, _pod, each) for each in found if "deletionTimestamp" not in each["metadata"]]
    return tuple(sorted(pods, key=lambda pod: pod.name))


def selector_of(labels: Mapping[str, str]) -> str:
    """The selector of labels that all have to be there."""
    return ",".join(f"{key}={value}" for key, value in sorted(labels.items()))


def _pod(found: Mapping[str, Any]) -> LivePod:
    metadata, status = found["metadata"], found.get("status") or {}
    names = tuple(str(each["name"]) for each in found["spec"]["containers"])
    return LivePod(
        metadata["namespace"], metadata["name"], names, tuple(_started(status)), status.get("phase") == "Running"
    )


def _started(status: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Of a container that was restarted, the last start: its environment is read anew by each."""
    for field in ("initContainerStatuses", "containerStatuses"):
        for each in status.get(field) or []:
            state = each.get("state") or {}
            time = (state.get("running") or state.get("terminated") or {}).get("startedAt")
            if time:
                yield str(each["name"]), str(time)
