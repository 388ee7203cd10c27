"""Pods that are older than the setting that they were to have: surely, or perhaps.

What a running container has cannot be read. Its start can, and, of the ConfigMap, when each of those who wrote into it changed it last, which may be
another key; and what chartgen's annotation says of its own last change.
"""

from __future__ import annotations

from collections.abc import Iterator

from chartgen.cluster.api import FIELD_MANAGER
from chartgen.cluster.last_change import LastChange, last_change, writer_of
from chartgen.cluster.live import LiveDeployment, LiveMap
from chartgen.cluster.pods import LivePod
from chartgen.cluster.seen import Unseen
from chartgen.cluster.wires import Wire
from chartgen.cluster.workload import Workload
from chartgen.records import dataclass
from chartgen.status.state import State

_SECOND = 19
"""Times are compared by the whole second, as the API server has them."""


@dataclass(frozen=True)
class Age:
    """Pods that are older than a change: when that was, and why it is not sure that it was one of this setting; empty where it is."""

    pods: tuple[LivePod, ...]
    at: str
    doubt: str = ""


def age_of(state: State, env: str, wire: Wire, read: frozenset[str]) -> Age | None:
    """The pods that are older than a setting; None where none is. `read` are the keys of all settings that are read as this one is."""
    if state.target.is_live or wire.kind not in {"key", "whole"} or wire.map != state.target.config_map:
        return None
    if not isinstance(state.live, LiveMap) or isinstance(state.pods, Unseen):
        return None
    for at, until, doubt in _changes(state, state.live, wire.key or env, read):
        pods = tuple(pod for pod in state.pods if _is_older(pod, wire, at, until))
        if pods:
            return Age(pods, at, doubt)
    return _without_trace(state.live, state.pods, wire, env)


def _is_older(pod: LivePod, wire: Wire, at: str, until: str) -> bool:
    """Whether it was started before `at`, and not before `until`, from when on the text was another one."""
    since = pod.since({wire.container})[:_SECOND]
    return bool(since) and until[:_SECOND] <= since < at[:_SECOND]


def _changes(state: State, live: LiveMap, key: str, read: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    """When a key was changed; from when on pods are older than that; and the doubt."""
    said, writer = last_change(live), writer_of(live, key)
    deployment = state.workload.deployment if isinstance(state.workload, Workload) else None
    if said is not None and said.undid and key in said.texts and live.data.get(key) == said.texts[key]:
        ours = max((each.at for each in live.writers if each.manager == FIELD_MANAGER), default="")
        yield ours or said.when, said.undid, ""
        yield said.since.get(key, ""), "", "of another key, perhaps"
    elif key not in live.data:
        others = [each for each in live.writers if each.manager != FIELD_MANAGER or said is None]
        latest = max(others, key=lambda each: each.at, default=None)
        if latest is not None and latest.at != live.created:
            yield latest.at, "", f"by {latest.manager}, of another key, perhaps"
    elif writer is not None and writer.manager == FIELD_MANAGER and said is not None:
        yield _by_chartgen(live, said, key, writer.at)
    elif writer is not None and (deployment is None or not deployment.is_renewed_by(writer.manager)):
        is_sure = not writer.has_more and writer.keys <= read and writer.at != live.created
        yield writer.at, "", "" if is_sure else f"by {writer.manager}, of something else, perhaps"
    elif (
        writer is not None
        and deployment is not None
        and said is not None
        and _is_taken_back(live, said, key, deployment)
    ):
        yield writer.at, said.when, f"by {writer.manager}, which took back a change by chartgen, perhaps"


def _is_taken_back(live: LiveMap, said: LastChange, key: str, deployment: LiveDeployment) -> bool:
    """Whether somebody else wrote a key after chartgen did, and the chart's sum is as it was: it is of the values, and starts nothing then."""
    if said.sum not in {"", deployment.sum}:
        return False
    return live.data.get(key) != said.texts[key] if key in said.texts else key in said.since


def _by_chartgen(live: LiveMap, said: LastChange, key: str, at: str) -> tuple[str, str, str]:
    if said.texts.get(key) == live.data[key]:
        return at, "", ""
    return said.since.get(key, at), "", "with chartgen, of another key, perhaps"


def _without_trace(live: LiveMap, pods: tuple[LivePod, ...], wire: Wire, env: str) -> Age | None:
    """A key that is not there, and a ConfigMap that was changed since the pods were seen last, at no time that is told: somebody took something away."""
    if (wire.key or env) in live.data or not live.version.isdecimal():
        return None
    latest = live.touched[:_SECOND]
    since = (pod for pod in pods if pod.version.isdecimal() and int(pod.version) < int(live.version))
    older = tuple(
        pod for pod in since if pod.since({wire.container})[:_SECOND] > latest or latest == live.created[:_SECOND]
    )
    return Age(older, "", "something was taken away that is not named; this key, perhaps") if older else None
