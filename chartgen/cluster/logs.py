"""The last lines of pods' logs, bounded in time and size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from chartgen.cluster.api import Api
from chartgen.cluster.failures import Request
from chartgen.cluster.pods import LivePod
from chartgen.cluster.seen import Unseen, look
from chartgen.finding import UsageStop
from chartgen.records import dataclass

MOST_BYTES = 8 * 2**20
"""How much of one pod's log is read."""

MOST_PODS = 50
"""Of how many pods the logs are read."""

_RIGHT = " may not "
_STAMPED = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d) ?(.*)", re.DOTALL)


@dataclass(frozen=True)
class LogLine:
    """One line: which pod said it, when (seconds since 1970), and its text."""

    pod: str
    at: float
    text: str


@dataclass(frozen=True)
class Log:
    """The lines of one pod, the oldest first, and how many seconds they are of."""

    pod: str
    seconds: float
    lines: tuple[LogLine, ...]


def read_logs(
    api: Api, pods: tuple[LivePod, ...], container: str, seconds: int
) -> tuple[tuple[Log, ...], tuple[Unseen, ...]]:
    """What the pods said in the last seconds, and which could not be read; `container` is that of the name, else each one's first.

    Raises:
        UsageStop: a pod has no such container.
        ClusterStop: the server cannot be asked at all, or does not know the caller.
    """
    logs, unread = list[Log](), list[Unseen]()
    for pod in pods[:MOST_PODS]:
        found = look(partial(_log, api, pod, container, seconds))
        if isinstance(found, Log):
            logs.append(found)
            continue
        unread.append(
            found if _RIGHT in found.why else Unseen(f"the log of pod {pod.name}: {found.why}", found.is_refused)
        )
        if _RIGHT in found.why:
            break  # nor may those of the others be read
    if len(pods) > MOST_PODS:
        unread.append(Unseen(f"the logs of {len(pods) - MOST_PODS} more pods are left out", is_refused=False))
    return tuple(logs), tuple(unread)


def _log(api: Api, pod: LivePod, container: str, seconds: int) -> Log:
    if container and container not in pod.containers:
        raise UsageStop(f"pod {pod.name} has no container {container}", f"it has {', '.join(pod.containers)}")
    asked = f"container={container or pod.containers[0]}&sinceSeconds={seconds}&timestamps=true"
    request = Request("get", "pods/log", "", pod.namespace)
    text = api.text(f"{pod.path}/log?{asked}&limitBytes={MOST_BYTES}", request)
    lines = tuple(_lines(pod.name, text))
    if len(text.encode()) >= MOST_BYTES and len(lines) > 1:
        return Log(pod.name, max(lines[-1].at - lines[0].at, 1.0), lines[:-1])
    spanned = lines[-1].at - lines[0].at if lines else 0.0
    return Log(pod.name, min(float(seconds), max(_age(pod), spanned) or float(seconds)), lines)


def _lines(pod: str, text: str) -> Iterator[LogLine]:
    for line in text.split("\n"):
        found = _STAMPED.match(line)
        if found:
            whole = datetime.fromisoformat(found[1] + found[3].replace("Z", "+00:00")).timestamp()
            yield LogLine(pod, whole + float(f"0.{found[2] or 0}"), found[4].rstrip("\r"))


def _age(pod: LivePod) -> float:
    """For how long it has run, by this machine's clock; 0 where that is not known."""
    since = pod.since()
    if not since:
        return 0.0
    return max(datetime.now(UTC).timestamp() - datetime.fromisoformat(since).timestamp(), 1.0)
