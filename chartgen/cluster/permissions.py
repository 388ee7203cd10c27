"""What the caller may not do: asked of the API server, so that all rights that are missing are named at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chartgen.cluster.api import Api
from chartgen.cluster.failures import ClusterStop, Request
from chartgen.cluster.rights import Right, names_of
from chartgen.cluster.target import Target
from chartgen.finding import Stop

_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


def missing(api: Api, target: Target, namespace: str, rights: Iterable[Right]) -> Iterator[Request]:
    """Those of the rights that the caller does not have; nothing where the server does not tell.

    Raises:
        ClusterStop: the server cannot be asked at all.
    """
    for right in rights:
        place = "" if right.is_of_cluster else namespace
        names = names_of(target, right.resource, namespace) if right.is_named else [""]
        for verb in right.verbs:
            for name in names:
                if not may(api, right, verb, place, name):
                    suffix = f".{right.group}" if right.is_of_cluster else ""
                    yield Request(verb, f"{right.resource}{suffix}", name, place)


def may(api: Api, right: Right, verb: str, namespace: str, name: str) -> bool:
    """Whether the caller has one verb of a right; true where the server does not tell.

    Raises:
        ClusterStop: the server cannot be asked at all.
    """
    resource, _, part = right.resource.partition("/")
    asked = {"group": right.group, "resource": resource, "verb": verb, "subresource": part}
    asked |= {"namespace": namespace, "name": name}
    body = {
        "apiVersion": "authorization.k8s.io/v1",
        "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": {key: value for key, value in asked.items() if value or key == "group"}},
    }
    try:
        found = api.create(_REVIEWS, Request("create", "selfsubjectaccessreviews.authorization.k8s.io"), body)
    except ClusterStop as stop:
        if stop.status == 0:  # who waits for each of a dozen rights in vain waits for minutes
            raise
        return True
    except Stop:
        return True
    return bool(found["status"].get("allowed"))
