"""Every object that a control plane has, of whatever kind: what proves that nothing was left behind."""

from __future__ import annotations

from collections.abc import Iterator

from tests.cluster.api import Api

BY_THEMSELVES = frozenset({"events", "leases", "namespaces"})
"""Resources whose objects come and go whatever a test does. Which namespaces there are, a test asks for by name."""


def objects(api: Api, namespace: str | None = None) -> frozenset[str]:
    """All objects of a namespace, or all that are in none, as `resource/name`."""
    found = set()
    for group, resource in _resources(api, namespaced=namespace is not None):
        path = f"{group}/namespaces/{namespace}/{resource}" if namespace else f"{group}/{resource}"
        # 404 where a kind went in the meantime.
        items = api.call("GET", path).body.get("items", [])
        found |= {f"{resource}/{item['metadata']['name']}" for item in items}
    return frozenset(found)


def _resources(api: Api, *, namespaced: bool) -> Iterator[tuple[str, str]]:
    """The path of each group, in the version that it prefers, and each of its resources that can be listed."""
    preferred = [group["preferredVersion"]["groupVersion"] for group in api.call("GET", "/apis").body["groups"]]
    for group in ("/api/v1", *(f"/apis/{version}" for version in preferred)):
        for resource in api.call("GET", group).body["resources"]:
            is_listed = "list" in resource["verbs"] and resource["name"] not in BY_THEMSELVES
            if resource["namespaced"] == namespaced and is_listed:
                yield group, resource["name"]
