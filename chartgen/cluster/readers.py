"""Who else reads a ConfigMap when it starts: Deployments that a change does not restart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chartgen.cluster.api import Api, formed
from chartgen.cluster.failures import Request
from chartgen.cluster.live import DEPLOYMENTS, LiveMap
from chartgen.finding import Stop

_MOST = 500
_KINDS = {"statefulsets": "StatefulSet", "daemonsets": "DaemonSet"}


def other_readers(api: Api, live: LiveMap, own: str) -> tuple[str, ...]:
    """The Deployments, but for one, whose containers' environments come from a ConfigMap; none where they may not be listed.

    To list them is more than a change needs, so that the Role of those who change settings does not have it.
    """
    path = f"/apis/apps/v1/namespaces/{live.namespace}/{DEPLOYMENTS}?limit={_MOST}"
    try:
        found = api.get(path, Request("list", DEPLOYMENTS, "", live.namespace)).get("items") or []
    except Stop:
        return ()
    names = {str(each["metadata"].get("name")): formed(api.server, _maps, each) for each in found}
    return tuple(sorted(name for name, maps in names.items() if name != own and live.name in maps))


def other_kind(api: Api, namespace: str, name: str) -> str:
    """What has the name that no Deployment has; empty where nothing is known of that."""
    for resource, kind in _KINDS.items():
        request = Request("get", resource, name, namespace)
        try:
            api.get(f"/apis/apps/v1/namespaces/{namespace}/{resource}/{name}", request)
        except Stop:
            continue
        return kind
    return ""


def _maps(deployment: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(_named(deployment))


def _named(deployment: Mapping[str, Any]) -> Iterator[str]:
    pod = deployment["spec"]["template"]["spec"]
    for container in (*(pod.get("initContainers") or ()), *(pod.get("containers") or ())):
        for each in container.get("env") or ():
            yield ((each.get("valueFrom") or {}).get("configMapKeyRef") or {}).get("name", "")
        for each in container.get("envFrom") or ():
            yield (each.get("configMapRef") or {}).get("name", "")
