"""A ConfigMap is changed under a lock: what somebody else wrote in between is read again, judged again, and kept."""

from __future__ import annotations

import json
import random
import secrets
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from chartgen.cluster.api import FIELD_MANAGER, Api, formed
from chartgen.cluster.failures import ClusterStop, Request
from chartgen.cluster.last_change import carried, known_since
from chartgen.cluster.live import MAPS, LiveMap, map_of, read_map
from chartgen.cluster.writers import CHANGE_ANNOTATION
from chartgen.finding import OutsideStop, RefusedStop
from chartgen.records import dataclass, field, replace

T = TypeVar("T")

MOST_SECONDS = 60.0
"""For how long a change is tried again that others, or a server that is away, come in between."""

RECOVERY_SECONDS = 15.0
"""For how long a server is asked whether it made a change whose answer was lost."""

_PAUSE = 0.05
_LONGEST_PAUSE = 1.0


@dataclass(frozen=True)
class Record:
    """Who changes something, when and why. `id` tells this change from any other.

    `sum` is that of the ConfigMap in the pods' template by then. Of one that puts another back, `undid` is since when that was in force, and `since` the times of its keys before.
    """

    by: str
    when: str
    why: str
    id: str
    sum: str = ""
    undid: str = ""
    since: Mapping[str, str] = field(default_factory=dict, hash=False)

    def text(self, texts: Mapping[str, str | None], others: Mapping[str, str] | None = None) -> str:
        """The annotation, as JSON; `others` are the times of other keys."""
        since = {**(others or {}), **{key: self.since[key] for key in texts if key in self.since}}
        said = {"by": self.by, "when": self.when, "why": self.why, "set": dict(texts), "id": self.id}
        said |= {"sum": self.sum, "since": since, "undid": self.undid}
        return json.dumps({key: value for key, value in said.items() if value}, ensure_ascii=False)


@dataclass(frozen=True)
class Changed:
    """What was done: the ConfigMap before and after, and the keys that were written; `kept` are keys left to others."""

    before: LiveMap
    after: LiveMap
    written: Mapping[str, str | None]
    kept: tuple[str, ...] = ()


def record(api: Api, why: str, known_sum: str = "") -> Record:
    """The record of a change that is made now, by whom the API server takes the caller for.

    Raises:
        Stop: the cluster fails.
    """
    body = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    request = Request("create", "selfsubjectreviews.authentication.k8s.io")
    try:
        found = api.create("/apis/authentication.k8s.io/v1/selfsubjectreviews", request, body)
        by = formed(api.server, lambda review: str(review["status"]["userInfo"].get("username", "")), found)
    except ClusterStop as stop:
        if stop.status not in {403, 404}:
            raise
        by = ""
    line = " ".join(why.split())  # others show it in a line
    return Record(by, datetime.now(UTC).isoformat(timespec="microseconds"), line, secrets.token_hex(8), known_sum)


def differing(live: LiveMap, texts: Mapping[str, str]) -> dict[str, str | None]:
    """Those of the texts that the ConfigMap does not hold yet."""
    return {key: text for key, text in texts.items() if live.data.get(key) != text}


def patch_of(live: LiveMap, texts: Mapping[str, str | None], said: Record) -> dict[str, Any]:
    """The merge patch, which the server takes for this version of the ConfigMap alone; for any, where it is empty."""
    version = {"resourceVersion": live.version} if live.version else {}
    annotations = {CHANGE_ANNOTATION: said.text(texts, carried(live, texts))}
    return {"metadata": {**version, "annotations": annotations}, "data": dict(texts)}


def change(
    api: Api, seen: LiveMap, texts: Mapping[str, str], said: Record, judge: Callable[[LiveMap], None]
) -> Changed:
    """Give some keys new texts. `seen` is the ConfigMap as it was shown; `judge` raises where a later one may not change.

    Raises:
        Stop: the cluster refuses or fails, with word of whether the change was made; somebody else changed the same keys.
    """

    def next_texts(live: LiveMap) -> dict[str, str | None]:
        for key in differing(seen, texts):
            if live.data.get(key) not in {seen.data.get(key), texts[key]}:
                now = f"is {live.data[key]!r}" if key in live.data else "is gone"
                message = f"{key} {now}: somebody changed it in the meantime; nothing was changed"
                raise RefusedStop(message, "look at it, and run the command again")
        if live.version != seen.version:
            judge(live)
        return differing(live, texts)

    return _locked(api, seen, next_texts, said)


def put_back(
    api: Api,
    done: Changed,
    said: Record,
    judge: Callable[[LiveMap, Mapping[str, str | None]], None],
    keys: Collection[str] | None = None,
) -> Changed:
    """Give the keys that were written what they held before, but for those that somebody else has changed since.

    `judge` raises where that may not be, in the ConfigMap as it is by then. `keys` are those of which it counts since when they held it, of all without.

    Raises:
        Stop: the cluster refuses or fails.
    """
    live = read_map(api, done.after.namespace, done.after.name)
    since = {key: at for key in (done.written if keys is None else keys) if (at := known_since(done.before, key))}
    undid = max((each.at for each in done.after.writers if each.manager == FIELD_MANAGER), default="")
    said = replace(said, since=since, undid=undid)
    kept: list[str] = []

    def next_texts(live: LiveMap) -> dict[str, str | None]:
        own = {key for key, text in done.written.items() if live.data.get(key) == text}
        kept[:] = sorted(set(done.written) - own)
        texts = {key: done.before.data.get(key) for key in sorted(own)}
        judge(live, texts)
        return texts

    back = _locked(api, live, next_texts, said)
    return Changed(back.before, back.after, back.written, tuple(kept))


def _locked(api: Api, live: LiveMap, next_texts: Callable[[LiveMap], dict[str, str | None]], said: Record) -> Changed:
    """Patch until the server takes it.

    Where the answer is lost, another patch for the same version is safe: only one of them can be made.
    """
    end, pause = time.monotonic() + MOST_SECONDS, _PAUSE
    lost: Changed | None = None
    while True:
        texts = next_texts(live)
        if not texts:
            return lost or Changed(live, live, {})
        try:
            found = api.patch(live.place.path, live.place.request("patch"), patch_of(live, texts, said))
            after = formed(api.server, map_of, found)
        except ClusterStop as stop:
            is_unsure = stop.is_unsure or lost is not None
            if stop.status != 409 and not stop.is_unsure:
                if is_unsure:
                    raise in_doubt(api, live, stop) from stop
                raise
            if time.monotonic() > end:
                raise given_up(stop) from stop
            time.sleep(random.uniform(0, pause))  # noqa: S311 - so that those who met do not meet again
            pause = min(2 * pause, _LONGEST_PAUSE)
            read = partial(read_map, api, live.namespace, live.name)
            now = read_again(api, live, stop, read, is_unsure=is_unsure)
            if stop.is_unsure:
                lost = Changed(live, now, texts)
            if said.id in now.annotations.get(CHANGE_ANNOTATION, ""):
                return lost or Changed(live, now, texts)
            live = now
            continue
        return Changed(live, after, texts)


def read_again(api: Api, live: LiveMap, stop: ClusterStop, read: Callable[[], T], *, is_unsure: bool) -> T:
    """What is read of the ConfigMap as it is now, after a change of it that was stopped; `is_unsure`: it may have been made.

    A server that went away in the middle may come back: it is then asked for a while.

    Raises:
        ClusterStop: it cannot be read. Of a change that may have been made, that is said.
    """
    end = time.monotonic() + RECOVERY_SECONDS
    while True:
        try:
            return read()
        except OutsideStop:
            if not is_unsure:
                raise
            if time.monotonic() > end:
                raise in_doubt(api, live, stop) from stop
            time.sleep(_LONGEST_PAUSE)


def in_doubt(api: Api, live: LiveMap, stop: ClusterStop) -> ClusterStop:
    """The stop for a change of which nobody knows: an answer to it was lost, this time or before."""
    message = f"{stop.message}; the change may have been made, or may still be"
    look = f"look: kubectl get {MAPS} {live.name} --namespace {live.namespace} --context {api.server.context} -o yaml"
    return ClusterStop(message, look, stop.status, is_unsure=True)


def given_up(stop: ClusterStop) -> ClusterStop:
    """The stop for a change that was tried for long enough."""
    if stop.status == 409:
        message = f"others change the ConfigMap all the time: no change of it came through in {MOST_SECONDS:g} s"
        return ClusterStop(f"{message}; nothing was changed", "run the command again", 409)
    message = f"{stop.message}; the change is not made so far, and may still be"
    return ClusterStop(message, stop.next_step, stop.status, is_unsure=True)
