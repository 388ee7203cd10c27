"""The state as JSON, for programs."""

from __future__ import annotations

from typing import Any

from chartgen.cluster.helm_release import Revision
from chartgen.cluster.jobs import Jobs
from chartgen.cluster.last_change import last_change
from chartgen.cluster.live import LiveMap
from chartgen.cluster.owner import owner_of
from chartgen.cluster.seen import Unseen
from chartgen.cluster.workload import Workload
from chartgen.status.load import by_jobs, polling_of
from chartgen.status.requests import Observed
from chartgen.status.rows import UNKNOWN, Row, rows
from chartgen.status.state import Sought, State


def document(state: State, sought: Sought) -> dict[str, Any]:
    """The whole. What was not seen is null, and `notSeen` says why."""
    return {
        "version": 1,
        "kind": "status",
        "context": state.context,
        "server": state.address,
        "namespace": state.namespace,
        "environment": state.target.environment or None,
        "configMap": _map(state),
        "release": _release(state),
        "deployment": _deployment(state),
        "policies": _guards(state),
        "settings": [_row(row, has_page=state.page is not None) for row in rows(state)],
        "polling": _polling(state, sought),
        "jobs": _jobs(state),
        "notSeen": [{"reason": part.why, "refused": part.is_refused} for part in state.unseen()],
        "missingRights": list(state.missing),
    }


def _map(state: State) -> dict[str, Any] | None:
    live = state.live
    if not isinstance(live, LiveMap):
        return None
    owner = owner_of(live)
    return {
        "name": live.name,
        "resourceVersion": live.version,
        "owner": None if owner is None else {"tool": owner.tool, "kind": owner.kind, "name": owner.name},
        "chart": live.labels.get("helm.sh/chart"),
        "lastChange": _last_change(live),
    }


def _last_change(live: LiveMap) -> dict[str, Any] | None:
    said = last_change(live)
    if said is None:
        return None
    texts = {"by": said.by, "when": said.when, "why": said.why, "id": said.id}
    return {**{name: text or None for name, text in texts.items()}, "set": dict(said.texts)}


def _release(state: State) -> dict[str, Any] | None:
    release = state.release
    if release is None:
        return None
    found, why = (release.revision, None) if isinstance(release.revision, Revision) else (None, release.revision.why)
    return {
        "name": release.name,
        "namespace": release.namespace,
        "chart": release.chart or None,
        "revision": None if found is None else found.number,
        "status": None if found is None else found.status,
        "deployed": (found.deployed or None) if found is not None else None,
        "notSeen": why,
    }


def _deployment(state: State) -> dict[str, Any] | None:
    if not isinstance(state.workload, Workload):
        return None
    live = state.workload.deployment
    return {
        "name": live.name,
        "revision": state.workload.revision or None,
        "replicas": live.replicas,
        "updated": live.updated,
        "available": live.available,
        "rolledOut": live.is_rolled_out,
    }


def _guards(state: State) -> list[dict[str, Any]] | None:
    if isinstance(state.guards, Unseen):
        return None
    return [{"name": each.name, "kind": each.kind, "fault": each.fault or None} for each in state.guards]


def _row(row: Row, *, has_page: bool) -> dict[str, Any]:
    cells = {
        "schema": row.schema,
        "values": row.values,
        "live": row.live,
        "deployment": row.deployment,
        "pods": row.pods,
        **({"page": row.page} if has_page else {}),
    }
    known = {place: None if text == UNKNOWN else text for place, text in cells.items()}
    return {"env": row.env, "name": row.name, **known, "drift": list(row.drift), "doubts": list(row.doubts)}


def _polling(state: State, sought: Sought) -> dict[str, Any] | None:
    polling, users = polling_of(state), sought.users or 400
    if polling is None:
        return None
    seen = state.observed if isinstance(state.observed, Observed) else None
    return {
        "intervalSeconds": polling.interval,
        "givesUpAfterSeconds": polling.lasts,
        "users": users,
        "predictedPerSecond": polling.requests_per_second(users),
        "observedPerSecond": None if seen is None else seen.per_second,
        "observedRequests": None if seen is None else seen.requests,
        "observedSeconds": None if seen is None else seen.seconds,
    }


def _jobs(state: State) -> dict[str, Any] | None:
    if not isinstance(state.jobs, Jobs):
        return None
    return {
        "count": state.jobs.count,
        "complete": state.jobs.is_all,
        "command": state.jobs.command,
        "predictedPerSecond": by_jobs(state),
    }
