"""Every case is looked for; what could not be looked at is told, with the reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias

from chartgen.cluster.api import Api
from chartgen.cluster.connection import Connection
from chartgen.cluster.failures import Request
from chartgen.cluster.jobs import Jobs
from chartgen.cluster.live import LiveMap, map_of
from chartgen.cluster.pods import maps_in_use
from chartgen.cluster.seen import Unseen, look
from chartgen.cluster.target import Target
from chartgen.doctor import load_cases, settings_cases, wiring_cases
from chartgen.doctor.examined import Examined, Limits
from chartgen.doctor.other_maps import other_maps
from chartgen.finding import Finding
from chartgen.records import dataclass
from chartgen.status.load import polling_of
from chartgen.status.reading import read_state
from chartgen.status.requests import Observed
from chartgen.status.state import Sought, State

Part: TypeAlias = Literal[
    "live", "workload", "pods", "page", "observed", "jobs", "polling", "polls", "ages", "others", "in_use"
]


@dataclass(frozen=True)
class Case:
    """A case: its code, how it is found, and the parts of the state that it is found in."""

    code: str
    find: Callable[[Examined], Iterator[Finding]]
    parts: tuple[Part, ...]


CASES = (
    Case("CG501", settings_cases.old_pods, ("live", "workload", "pods")),
    Case("CG502", settings_cases.missing_keys, ("live", "workload")),
    Case("CG503", settings_cases.broken_texts, ("live",)),
    Case("CG504", settings_cases.literals, ("workload",)),
    Case("CG505", settings_cases.two_maps, ("workload", "others", "in_use")),
    Case("CG506", settings_cases.bare_page, ("page",)),
    Case("CG507", load_cases.too_frequent, ("polling", "polls")),
    Case("CG508", load_cases.faster_clients, ("polling", "polls")),
    Case("CG509", load_cases.timed_out, ("observed",)),
    Case("CG510", load_cases.short_lived, ("polling", "ages")),
    Case("CG511", load_cases.busy, ("polling", "polls")),
    Case("CG512", load_cases.datetimes, ("observed",)),
    Case("CG513", wiring_cases.not_taken, ("live", "workload")),
)
"""All cases, in the order of their codes."""

_NOT_ASKED = {
    "page": "without --page-url",
    "jobs": "without --redis-url or --redis-exec",
    "ages": "without --job-index whose scores are times, only the time is known for which jobs are kept from now on",
    "polling": "no setting has the role of a poll interval",
}


@dataclass(frozen=True)
class Examination:
    """What was found; `skipped` are the codes that were not looked for, by the reason.

    `unseen` is what should have been seen: what failed or may not be read, what every release has, and what was asked for.
    """

    findings: tuple[Finding, ...]
    skipped: tuple[tuple[str, tuple[str, ...]], ...]
    unseen: tuple[str, ...]

    @property
    def looked(self) -> tuple[str, ...]:
        """The codes that were looked for."""
        skipped = {code for _, codes in self.skipped for code in codes}
        return tuple(case.code for case in CASES if case.code not in skipped)


def examine(connection: Connection, target: Target, sought: Sought, limits: Limits) -> Examination:
    """Look for every case.

    Raises:
        UsageStop: what is sought makes no sense.
        ClusterStop: the API server cannot be asked at all.
    """
    state = read_state(connection, target, sought, "doctor")
    others = look(lambda: other_maps(_maps(connection.api, state.namespace), state))
    in_use = look(lambda: maps_in_use(connection.api, state.namespace)) if others else frozenset[str]()
    seen = Examined(state, others, in_use, limits, sought)
    findings = [found for case in CASES for found in case.find(seen)]
    skipped: dict[str, list[str]] = {}
    for case in CASES:
        if reason := next(filter(None, (_why_not(seen, part) for part in case.parts)), ""):
            skipped.setdefault(reason, []).append(case.code)
    parts = [*state.unseen(), *(part for part in (others, in_use) if isinstance(part, Unseen))]
    needed = _needed(state, sought)
    unseen = dict.fromkeys(part.why for part in parts if part.is_refused or part in needed)
    told = tuple((reason, tuple(codes)) for reason, codes in skipped.items())
    missing = (each for each in state.missing if not any(each.partition(": ")[2] in why for why in unseen))
    return Examination(tuple(findings), told, (*unseen, *missing))


def _needed(state: State, sought: Sought) -> list[object]:
    """The parts without which nothing can be called well: that none is there is no excuse."""
    has_asked_logs = (sought.log_selector, sought.log_container) != (Sought.log_selector, Sought.log_container)
    return [state.live, state.workload, state.page, state.jobs, *([state.observed] if has_asked_logs else [])]


def _maps(api: Api, namespace: str) -> Iterator[LiveMap]:
    request = Request("list", "configmaps", "", namespace)
    found = api.get(f"/api/v1/namespaces/{namespace}/configmaps", request)
    return map(map_of, found.get("items") or [])


def _why_not(seen: Examined, part: Part) -> str:
    """Why a part was not seen; empty where it was."""
    observed = seen.state.observed
    if part == "polling":
        return "" if polling_of(seen.state) is not None else _NOT_ASKED[part]
    if part == "polls" and isinstance(observed, Observed):
        return observed.unmatched
    if part == "ages" and isinstance(seen.state.jobs, Jobs):
        is_undated = any(job.kept and job.age is None for job in seen.state.jobs.sample)
        return _NOT_ASKED[part] if is_undated and not seen.dated else ""
    place = {"polls": "observed", "ages": "jobs"}.get(part, part)
    found = getattr(seen if part in {"others", "in_use"} else seen.state, place)
    if found is None:
        return _NOT_ASKED[place]
    return found.why if isinstance(found, Unseen) else ""
