"""The state on one screen, for people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from chartgen.cluster.helm_release import Revision
from chartgen.cluster.jobs import COUNT, ROUNDS, Jobs
from chartgen.cluster.last_change import last_change
from chartgen.cluster.owner import owner_of
from chartgen.cluster.seen import Unseen
from chartgen.cluster.workload import Workload
from chartgen.report.printable import printable
from chartgen.status.load import by_jobs, polling_of
from chartgen.status.requests import Observed
from chartgen.status.rows import Row, rows
from chartgen.status.state import Sought, State

_HEAD = ("setting", "", "schema", "values", "live", "env", "pods", "page")
_WIDTH = 9
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def screen(state: State, sought: Sought) -> str:
    """The lines, with a line break each."""
    table = rows(state)
    lines = [*_where(state), "", *_table(table, has_page=state.page is not None)]
    drift = [f"! {row.env}: {sentence}" for row in table for sentence in row.drift]
    doubts = [f"? {row.env}: {sentence}" for row in table for sentence in row.doubts]
    unseen = [*dict.fromkeys(part.why for part in state.unseen()), *state.missing]
    lines += ["", *drift, *doubts] if drift or doubts else []
    lines += ["", *_load(state, sought)]
    lines += ["", *_listed("not seen", unseen)] if unseen else []
    return "".join(f"{_line(line)}\n" for line in lines)


def _line(text: str) -> str:
    """One line, whatever those wrote whose texts are in it."""
    return printable(text.replace("\n", "\\n").replace("\t", "\\t")).rstrip()


def _where(state: State) -> Iterator[str]:
    target = state.target
    environment = f", environment {target.environment}" if target.environment else ""
    yield f"context {state.context} ({state.address}), namespace {state.namespace}{environment}"
    yield from _listed("settings", [*_map(state)])
    yield from _listed("release", [*_release(state)])
    yield from _listed("pods", [*_pods(state)])
    yield from _listed("policy", [*_guards(state)])


def _map(state: State) -> Iterator[str]:
    live = state.live
    if isinstance(live, Unseen):
        yield f"ConfigMap {state.target.config_map}: not seen"
        return
    owner = owner_of(live)
    yield f"ConfigMap {live.name}{f', of {owner.words}' if owner is not None else ''}"
    if (said := last_change(live)) is not None:
        when = f" {said.when[:19]}Z" if _TIME.match(said.when) else ""
        yield f"changed with chartgen{when} by {said.by or 'somebody'}{f': {said.why}' if said.why else ''}"


def _release(state: State) -> Iterator[str]:
    release = state.release
    if release is None:
        return
    chart = f" (chart {release.chart})" if release.chart else ""
    yield f"{release.name}{chart}, revision {_revision(release.revision)}"


def _revision(found: Revision | Unseen) -> str:
    """`3: failed; revision 2 is deployed`."""
    if isinstance(found, Unseen):
        return f"not seen: {found.why}"
    also = f"; revision {found.deployed} is deployed" if found.deployed not in {0, found.number} else ""
    return f"{found.number}: {found.status}{also}"


def _pods(state: State) -> Iterator[str]:
    if not isinstance(state.workload, Workload):
        yield f"Deployment {state.target.deployment}: not seen"
        return
    deployment = state.workload.deployment
    revision = f", revision {state.workload.revision}" if state.workload.revision else ""
    failure = f"; {deployment.failure}" if deployment.failure else ""
    yield f"Deployment {deployment.name}{revision}: {deployment.progress}{failure}"


def _guards(state: State) -> Iterator[str]:
    if isinstance(state.guards, Unseen):
        yield "not seen"
    elif not any(guard.is_there for guard in state.guards):
        yield "none: the API server itself takes any settings"
    else:
        yield "; ".join(f"{guard.kind}: {guard.fault or 'in force'}" for guard in state.guards)


def _table(table: Sequence[Row], *, has_page: bool) -> Iterator[str]:
    head = _HEAD if has_page else _HEAD[:-1]
    cells = [_cells(row)[: len(head)] for row in table]
    widths = [max(len(line[column]) for line in [head, *cells]) for column in range(len(head))]
    for line in [head, *cells]:
        yield "  ".join(f"{text:{width}}" for text, width in zip(line, widths, strict=True))


def _cells(row: Row) -> tuple[str, ...]:
    mark = "!" if row.drift else "?" if row.doubts else ""
    return (row.env, mark, *map(_cell, (row.schema, row.values, row.live, row.deployment, row.pods, row.page)))


def _cell(text: str) -> str:
    """One that is empty is seen as that; of a long one, the beginning."""
    return '""' if not text else text if len(text) <= 24 else f"{text[:21]}..."


def _load(state: State, sought: Sought) -> Iterator[str]:
    polling = polling_of(state)
    lines: list[str] = []
    if polling is None:
        lines.append("no setting has the role of a poll interval")
    else:
        users = sought.users or 400
        ends = f"; a page gives up after {polling.lasts:g} s" if polling.lasts is not None else ""
        lines.append(f"predicted {polling.requests_per_second(users):.4g} requests a second for {users} users{ends}")
    if isinstance(state.observed, Observed):
        seen = state.observed
        lines.append(f"observed {seen.per_second:.4g} a second: {seen.requests} in {seen.seconds:.0f} s, {_logs(seen)}")
        lines += [seen.unmatched] if seen.unmatched else []
    yield from _listed("polling", lines)
    if isinstance(state.jobs, Jobs):
        rate = by_jobs(state)
        made = f": {rate:.4g} requests a second, where each is polled for by one page" if rate is not None else ""
        least, bound = "", ""
        if not state.jobs.is_all:
            least, bound = "at least ", f", {ROUNDS} times: about {ROUNDS * COUNT} keys were looked at, not all"
        yield from _listed("jobs", [f"{least}{state.jobs.count} in Redis ({state.jobs.command}{bound}){made}"])


def _logs(seen: Observed) -> str:
    return f"in the log{'s' if len(seen.logs) != 1 else ''} of {len(seen.logs)} pod{'s' if len(seen.logs) != 1 else ''}"


def _listed(word: str, lines: Sequence[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"{word if not number else '':{_WIDTH}} {line}"
