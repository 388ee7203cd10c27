"""Answers that are lost, and others who write at the same time: what is said of a change is what was done."""

from __future__ import annotations

import copy
from typing import Any, cast

import pytest

from chartgen.cluster import change as module
from chartgen.cluster.api import Api
from chartgen.cluster.change import Record, change, put_back
from chartgen.cluster.failures import ClusterStop, Request, Server
from chartgen.cluster.live import LiveMap, map_of
from chartgen.finding import RefusedStop
from chartgen.records import replace

SAID = Record("olga", "2026-01-01T00:00:00+00:00", "a test", "0123456789abcdef")
LOST = ClusterStop("no answer", "try again", is_unsure=True)


class Cluster:
    """One ConfigMap behind an API server that does, before each patch, what the test has in store."""

    def __init__(self, *events: str) -> None:
        self.server = Server("tests", "https://127.0.0.1:1")
        self.events = [*events]
        self.is_away = False
        self.patches = 0
        self.found: dict[str, Any] = {
            "metadata": {"namespace": "shop", "name": "settings", "resourceVersion": "1"},
            "data": {"A": "1", "B": "1"},
        }

    @property
    def live(self) -> LiveMap:
        return map_of(copy.deepcopy(self.found))

    def get(self, path: str, request: Request) -> dict[str, Any]:
        assert path.endswith("/settings"), request
        if self.is_away:
            raise ClusterStop("nobody answers")
        return copy.deepcopy(self.found)

    def patch(self, path: str, request: Request, body: Any, *, dry_run: bool = False) -> dict[str, Any]:
        assert path.endswith("/settings"), request
        assert not dry_run
        self.patches += 1
        event = self.events.pop(0) if self.events else ""
        if event.startswith("others: "):
            self.write(dict([event.removeprefix("others: ").split("=")]), {})
        if event == "lost before":
            raise LOST
        if event == "refused":
            raise ClusterStop("connection refused")
        if event == "in vain":
            self.is_away = True
            raise ClusterStop("conflict", status=409)
        if body["metadata"]["resourceVersion"] != self.found["metadata"]["resourceVersion"]:
            raise ClusterStop("conflict", status=409)
        self.write(body["data"], body["metadata"]["annotations"])
        if event == "lost after":
            raise LOST
        if event == "lost for ever":
            self.is_away = True
            raise LOST
        return copy.deepcopy(self.found)

    def write(self, data: dict[str, Any], annotations: dict[str, str]) -> None:
        merged = {**self.found["data"], **data}
        self.found["data"] = {key: text for key, text in merged.items() if text is not None}
        metadata = self.found["metadata"]
        metadata["annotations"] = {**metadata.get("annotations", {}), **annotations}
        metadata["resourceVersion"] = str(int(metadata["resourceVersion"]) + 1)


def changed(cluster: Cluster, **texts: str) -> module.Changed:
    return change(cast("Api", cluster), cluster.live, texts, SAID, lambda _: None)


def test_a_change_whose_answer_is_lost_is_found_again() -> None:
    cluster = Cluster("lost after")
    done = changed(cluster, A="2")

    assert (done.before.data, done.after.data) == ({"A": "1", "B": "1"}, {"A": "2", "B": "1"})
    assert (done.written, cluster.patches) == ({"A": "2"}, 1)


def test_a_change_that_was_lost_on_the_way_is_made_again() -> None:
    cluster = Cluster("lost before")
    done = changed(cluster, A="2")

    assert (done.written, cluster.live.data["A"], cluster.patches) == ({"A": "2"}, "2", 2)


def test_of_a_change_that_cannot_be_looked_for_it_is_said_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RECOVERY_SECONDS", 0)
    with pytest.raises(ClusterStop, match="the change may have been made, or may still be") as stop:
        changed(Cluster("lost for ever"), A="2")

    assert "kubectl get configmaps settings --namespace shop --context tests" in stop.value.next_step


@pytest.mark.parametrize("event", ["refused", "in vain"])
def test_a_change_that_may_come_late_is_not_forgotten_when_the_next_try_fails_for_sure(
    monkeypatch: pytest.MonkeyPatch, event: str
) -> None:
    monkeypatch.setattr(module, "RECOVERY_SECONDS", 0)

    with pytest.raises(ClusterStop, match="the change may have been made, or may still be"):
        changed(Cluster("lost before", event), A="2")


@pytest.mark.parametrize(("event", "said"), [("refused", "connection refused"), ("in vain", "nobody answers")])
def test_of_a_change_that_was_not_made_for_sure_no_doubt_is_raised(event: str, said: str) -> None:
    with pytest.raises(ClusterStop, match=f"^{said}$"):
        changed(Cluster(event), A="2")


def test_what_others_write_at_the_same_time_is_kept() -> None:
    cluster = Cluster("others: B=7", "others: C=8")
    changed(cluster, A="2")

    assert cluster.live.data == {"A": "2", "B": "7", "C": "8"}


def test_the_same_key_is_not_taken_from_others() -> None:
    cluster = Cluster("others: A=9")

    with pytest.raises(RefusedStop, match="A is '9': somebody changed it in the meantime"):
        changed(cluster, A="2")
    assert cluster.live.data["A"] == "9"


def test_others_who_say_the_same_are_no_conflict() -> None:
    cluster = Cluster("others: A=2")

    assert changed(cluster, A="2").written == {}


def test_the_verdict_is_asked_again_for_what_others_wrote() -> None:
    cluster, judged = Cluster("others: B=7"), list[LiveMap]()
    change(cast("Api", cluster), cluster.live, {"A": "2"}, SAID, judged.append)

    assert [live.data for live in judged] == [{"A": "1", "B": "7"}]


def test_a_server_that_never_lets_a_change_through_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_SECONDS", 0.2)
    cluster = Cluster(*["others: C=8"] * 1000)

    with pytest.raises(ClusterStop, match="nothing was changed"):
        changed(cluster, A="2")


def test_old_values_come_back_and_what_was_not_there_goes() -> None:
    cluster = Cluster()
    done = changed(cluster, A="2", NEW="3")
    back = put_back(cast("Api", cluster), done, SAID, lambda *_: None)

    assert (cluster.live.data, back.kept) == ({"A": "1", "B": "1"}, ())


def test_what_others_wrote_since_is_not_put_back() -> None:
    cluster = Cluster()
    done = changed(cluster, A="2", B="2")
    cluster.write({"B": "7"}, {})
    back = put_back(cast("Api", cluster), done, SAID, lambda *_: None)

    assert (cluster.live.data, back.kept) == ({"A": "1", "B": "7"}, ("B",))


def test_old_values_are_judged_with_what_others_wrote_until_they_are_back() -> None:
    cluster, judged = Cluster("", "others: C=8"), list[tuple[object, object]]()
    done = changed(cluster, A="2")
    back_said = replace(SAID, id="fedcba9876543210")
    put_back(cast("Api", cluster), done, back_said, lambda live, texts: judged.append(({**live.data}, texts)))

    back = {"A": "1"}
    assert judged == [({"A": "2", "B": "1"}, back), ({"A": "2", "B": "1", "C": "8"}, back)]


def test_old_values_that_are_refused_do_not_come_back() -> None:
    cluster = Cluster()
    done = changed(cluster, A="2")

    def refuse(*_: object) -> None:
        raise RefusedStop("no")

    with pytest.raises(RefusedStop):
        put_back(cast("Api", cluster), done, SAID, refuse)
    assert (cluster.live.data["A"], cluster.patches) == ("2", 1)
