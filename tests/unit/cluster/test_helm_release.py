"""What is asked of an API server to know a release's revision: nothing that Secrets hold, and nothing that it would refuse."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from kubernetes.client import ApiClient, Configuration
from urllib3 import HTTPHeaderDict

from chartgen.cluster.api import Api
from chartgen.cluster.failures import Server
from chartgen.cluster.helm_release import HelmRelease, Revision, read_release
from chartgen.cluster.seen import Unseen

OURS = {"meta.helm.sh/release-name": "shop", "meta.helm.sh/release-namespace": "web"}


class Pool:
    """A server that gives or refuses the right to list Secrets, and then has these; it keeps what was asked."""

    def __init__(self, labels: list[dict[str, str]], *, is_allowed: bool) -> None:
        self.labels = labels
        self.is_allowed = is_allowed
        self.asked: list[tuple[str, str, str]] = []

    def request(self, method: str, url: str, *, headers: HTTPHeaderDict, **_: object) -> Any:
        self.asked.append((method, url.removeprefix("https://127.0.0.1:1"), headers["Accept"]))
        if method == "POST":
            return Answer({"kind": "SelfSubjectAccessReview", "status": {"allowed": self.is_allowed}})
        items = [{"metadata": {"name": f"s{number}", "labels": each}} for number, each in enumerate(self.labels)]
        return Answer({"kind": "PartialObjectMetadataList", "items": items})


class Answer:
    status = 200
    headers = HTTPHeaderDict()

    def __init__(self, body: dict[str, Any]) -> None:
        self.data = json.dumps(body).encode()


class Client:
    def __init__(self, pool: Pool) -> None:
        self.rest_client = self
        self.pool_manager = pool
        self.configuration = Configuration()


def read(pool: Pool) -> HelmRelease | None:
    api = Api(cast("ApiClient", Client(pool)), Server("tests", "https://127.0.0.1:1"), (), 1)
    return read_release(api, "web", OURS, {"helm.sh/chart": "shop-1.0.0"})


def test_the_server_is_asked_for_labels_alone() -> None:
    pool = Pool([{"version": "9", "status": "superseded"}, {"version": "10", "status": "deployed"}], is_allowed=True)

    assert read(pool) == HelmRelease("shop", "web", "shop-1.0.0", Revision(10, "deployed", 10))
    assert pool.asked[1:] == [
        (
            "GET",
            "/api/v1/namespaces/web/secrets?labelSelector=owner%3Dhelm%2Cname%3Dshop",
            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1",
        )
    ]


def test_who_may_not_list_secrets_is_not_made_to_try() -> None:
    """A reach for Secrets that is refused looks like an attack to whoever reads the cluster's audit log."""
    pool = Pool([], is_allowed=False)

    found = read(pool)
    assert found is not None
    assert found.revision == Unseen("you may not list secrets in namespace web")
    assert [method for method, _, _ in pool.asked] == ["POST"]


@pytest.mark.parametrize("labels", [[], [{"version": "x"}], [{}]])
def test_a_release_that_helm_keeps_elsewhere_has_no_revision_that_could_be_seen(labels: list[dict[str, str]]) -> None:
    found = read(Pool(labels, is_allowed=True))

    assert found is not None
    assert found.revision == Unseen("no Secret of namespace web has it", is_refused=False)


def test_an_object_that_is_of_no_release_has_none() -> None:
    pool = Pool([], is_allowed=True)
    api = Api(cast("ApiClient", Client(pool)), Server("tests", "https://127.0.0.1:1"), (), 1)

    assert read_release(api, "web", {}, {}) is None
    assert pool.asked == []
