"""The state of a target is read: each part by itself, so that a right that is missing takes that part alone."""

from __future__ import annotations

from chartgen.cluster.connection import Connection
from chartgen.cluster.guards import read_guards
from chartgen.cluster.helm_release import HelmRelease, read_release
from chartgen.cluster.jobs import Jobs, read_jobs
from chartgen.cluster.live import LiveMap, read_map
from chartgen.cluster.logs import Log, read_logs
from chartgen.cluster.page import read_page
from chartgen.cluster.permissions import missing
from chartgen.cluster.pods import LivePod, read_pods, selector_of
from chartgen.cluster.redis import RedisStop, by_address, by_exec
from chartgen.cluster.rights import EXEC, rights_of
from chartgen.cluster.seen import Unseen, look
from chartgen.cluster.target import Target
from chartgen.cluster.workload import Workload, read_workload
from chartgen.records import replace
from chartgen.status.requests import compiled, observed
from chartgen.status.state import Sought, State


def read_state(connection: Connection, target: Target, sought: Sought, command: str = "status") -> State:
    """What is so now. Where anything is refused, all rights are named that the command would need and that are missing.

    Raises:
        UsageStop: what is sought makes no sense.
        ClusterStop: the API server cannot be asked at all.
    """
    pattern = compiled(sought.log_pattern)
    api = connection.api
    namespace = target.namespace or connection.namespace or "default"
    live = look(lambda: read_map(api, namespace, target.config_map))
    workload = look(lambda: read_workload(api, namespace, target.deployment))
    names = workload.maps if isinstance(workload, Workload) else ()
    seen = _logs(connection, namespace, sought)
    logs, unread = (seen, ()) if isinstance(seen, Unseen) else seen
    state = State(
        target=target,
        context=connection.context,
        address=api.server.address,
        namespace=namespace,
        live=live,
        workload=workload,
        maps={name: _data(connection, namespace, name) for name in names if name != target.config_map},
        pods=_pods(connection, namespace, workload),
        release=_release(connection, namespace, live, workload),
        guards=look(lambda: read_guards(api, target.settings, namespace, target.config_map)),
        page=read_page(sought.page_url, target.settings, sought.seconds) if sought.page_url else None,
        observed=logs if isinstance(logs, Unseen) else observed(logs, pattern),
        unread=unread,
        jobs=_jobs(connection, namespace, sought),
    )
    return replace(state, missing=_missing(connection, state, sought, command)) if state.is_refused else state


def _missing(connection: Connection, state: State, sought: Sought, command: str) -> tuple[str, ...]:
    """What is not told of already by what was refused."""
    rights = rights_of(state.target, [command], [EXEC] if sought.redis_exec else [])
    requests = missing(connection.api, state.target, state.namespace, rights)
    told = " ".join(part.why for part in state.unseen())
    return tuple(f"also missing: {request.words}" for request in requests if f"may not {request.words}" not in told)


def _data(connection: Connection, namespace: str, name: str) -> dict[str, str] | Unseen:
    found = look(lambda: read_map(connection.api, namespace, name))
    return found if isinstance(found, Unseen) else dict(found.data)


def _release(
    connection: Connection, namespace: str, live: LiveMap | Unseen, workload: Workload | Unseen
) -> HelmRelease | None:
    """That of the ConfigMap; where it was not seen, that of the Deployment."""
    for part in (live, workload):
        if not isinstance(part, Unseen):
            return read_release(connection.api, namespace, part.annotations, part.labels)
    return None


def _pods(connection: Connection, namespace: str, workload: Workload | Unseen) -> tuple[LivePod, ...] | Unseen:
    """Those of the Deployment. Without it, that is why; whether pods may be listed is asked all the same."""
    labels = workload.selector if isinstance(workload, Workload) else {}
    found = look(lambda: read_pods(connection.api, namespace, selector_of(labels)))
    if isinstance(found, Unseen) or isinstance(workload, Workload):
        return found
    return workload


def _logs(
    connection: Connection, namespace: str, sought: Sought
) -> tuple[tuple[Log, ...], tuple[Unseen, ...]] | Unseen:
    """Those that can be read, and why others cannot; where none can, that alone."""
    api = connection.api
    pods = look(lambda: read_pods(api, namespace, sought.log_selector))
    if isinstance(pods, Unseen):
        return pods
    running = tuple(pod for pod in pods if pod.is_running)
    if not running:
        return Unseen(f"no pod with {sought.log_selector} runs, whose log would show the polling", is_refused=False)
    logs, unread = read_logs(api, running, sought.log_container, sought.window)
    return (logs, unread) if logs else unread[0]


def _jobs(connection: Connection, namespace: str, sought: Sought) -> Jobs | Unseen | None:
    if not (sought.redis_url or sought.redis_exec):
        return None
    try:
        if sought.redis_url:
            with by_address(sought.redis_url, sought.seconds) as ask:
                return read_jobs(ask, sought.job_pattern, sought.job_index, sample=sought.is_deep)
        return look(lambda: _jobs_by_exec(connection, namespace, sought))
    except RedisStop as stop:
        return Unseen(stop.message)


def _jobs_by_exec(connection: Connection, namespace: str, sought: Sought) -> Jobs | Unseen:
    pods = read_pods(connection.api, namespace, sought.redis_selector)
    pod = next((pod for pod in pods if pod.is_running), None)
    if pod is None:
        return Unseen(f"no pod with {sought.redis_selector} runs, in which redis-cli could be asked", is_refused=False)
    ask = by_exec(connection.api, pod, sought.redis_container)
    return replace(read_jobs(ask, sought.job_pattern, sought.job_index, sample=sought.is_deep), pod=pod.name)
