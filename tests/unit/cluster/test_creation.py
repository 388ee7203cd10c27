"""A ConfigMap that is created while answers are lost and others create it, too: what is said is what was done."""

from __future__ import annotations

import copy
from typing import Any, cast

import pytest

from chartgen.cluster import change as module
from chartgen.cluster.api import Api
from chartgen.cluster.change import Record
from chartgen.cluster.creation import create
from chartgen.cluster.failures import ClusterStop, Request, Server
from chartgen.cluster.live import LiveMap
from chartgen.finding import RefusedStop

SAID = Record("olga", "2026-01-01T00:00:00+00:00", "a test", "0123456789abcdef")
NEW = LiveMap("shop", "settings", "", {}, {"team": "web"}, {})
LOST = ClusterStop("no answer", "try again", is_unsure=True)


class Cluster:
    """An API server without the ConfigMap, which does with each creation what the test has in store."""

    def __init__(self, *events: str) -> None:
        self.server = Server("tests", "https://127.0.0.1:1")
        self.events = [*events]
        self.found: dict[str, Any] | None = None

    def get(self, path: str, request: Request) -> dict[str, Any]:
        if "away" in self.events:
            raise ClusterStop("nobody answers")
        if path.endswith("/settings") and self.found is None:
            raise ClusterStop("not there", status=404)
        assert request.verb == "get"
        return copy.deepcopy(self.found or {"kind": "Namespace"})

    def create(self, path: str, request: Request, body: Any, *, dry_run: bool = False) -> dict[str, Any]:
        assert (path, request.verb, dry_run) == ("/api/v1/namespaces/shop/configmaps", "create", False)
        event = self.events.pop(0) if self.events else ""
        if event == "lost before":
            raise LOST
        if event == "refused":
            raise ClusterStop("connection refused")
        if event == "others":
            self.found = placed({**body, "data": {"A": "9"}, "metadata": {"name": "settings"}})
        if self.found is not None:
            raise ClusterStop("there already", status=409)
        self.found = placed(body)
        if event == "lost after":
            raise LOST
        return self.found


def placed(body: Any) -> dict[str, Any]:
    return {**body, "metadata": {**body["metadata"], "namespace": "shop", "resourceVersion": "1"}}


def created(cluster: Cluster) -> module.Changed:
    return create(cast("Api", cluster), NEW, {"A": "1"}, SAID)


@pytest.mark.parametrize("events", [[], ["lost before"], ["lost after"], ["lost before", "lost after"]])
def test_it_is_created_once_whatever_becomes_of_the_answer(events: list[str]) -> None:
    done = created(Cluster(*events))

    assert (done.before, done.after.data, done.after.labels) == (NEW, {"A": "1"}, {"team": "web"})
    assert done.written == {"A": "1"}


def test_one_that_somebody_else_created_meanwhile_is_theirs() -> None:
    cluster = Cluster("others")

    with pytest.raises(RefusedStop, match="somebody created ConfigMap settings in the meantime; nothing was changed"):
        created(cluster)
    assert cluster.found is not None
    assert cluster.found["data"] == {"A": "9"}


def test_a_creation_that_may_come_late_is_not_forgotten_when_the_next_try_fails_for_sure() -> None:
    with pytest.raises(ClusterStop, match=r"^connection refused; the change may have been made, or may still be$"):
        created(Cluster("lost before", "refused"))
    with pytest.raises(ClusterStop, match=r"^connection refused$"):
        created(Cluster("refused"))


def test_of_a_creation_that_cannot_be_looked_for_it_is_said_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RECOVERY_SECONDS", 0)

    with pytest.raises(ClusterStop, match="the change may have been made, or may still be") as stop:
        created(Cluster("lost after", "away"))
    assert stop.value.is_unsure
