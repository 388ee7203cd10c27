"""When a page polls again: what `client/src/pace.ts`, `retry-after.ts` and `poll-job.ts` say, line by line. Times are seconds.

`planning/pace.py` has the same as a distribution; the numbers that it knows are its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from chartgen.planning.load import Polls
from chartgen.planning.pace import FLOOR, JITTER
from chartgen.records import dataclass

MAX_DELAY = 60.0
"""The longest back-off of a page's own; the default of the client's `maxDelayMs`."""

MAX_RETRY_AFTER = 300.0
"""The longest that a server may send a page away; the default of the client's `maxRetryAfterMs`."""

BLIPS = 5
"""How many polls in a row may bring no answer; the default of the client's `blips`."""

REQUEST_TIMEOUT = 30.0
"""How long an answer may take; the default of the client's `requestTimeoutMs`."""

WATCH_FLOOR, WATCH_JITTER = 1.0, 0.1
"""How the client follows its settings (`watch-settings.ts`): once in a second at most, spread a little."""

_LARGEST = 9_007_199_254_740_991
Chance = Callable[[], float]


@dataclass(frozen=True)
class Bounds:
    """What a developer sets: see the client's `Bounds`."""

    random: Chance
    floor: float = FLOOR
    max_delay: float = MAX_DELAY
    max_retry_after: float = MAX_RETRY_AFTER
    jitter: float = JITTER


def first_phase(interval: float, bounds: Bounds) -> float:
    """The wait before the first poll."""
    return bounds.random() * interval


def step(interval: float, bounds: Bounds) -> float:
    """From the start of one poll to that of the next."""
    return _spread(_at_least(interval, bounds), bounds)


def new_phase(interval: float, bounds: Bounds) -> float:
    """The wait after an answer that came too late for the next poll's own time."""
    return bounds.floor + bounds.random() * max(0.0, _at_least(interval, bounds) - bounds.floor)


def apart(interval: float, took: float, bounds: Bounds) -> float:
    """The wait where no request may come sooner after the last than the interval."""
    rest = interval * (1 + 2 * bounds.jitter * bounds.random()) - took
    return rest if rest >= bounds.floor else new_phase(interval, bounds)


def back_off(interval: float, failures: int, bounds: Bounds, retry_after: float | None = None) -> float:
    """The wait after so many polls in a row (from 0) that brought nothing."""
    shortest = _at_least(interval, bounds)
    longest = max(shortest, bounds.max_delay)
    wait = _spread(min(shortest * 2 ** min(failures, 30), longest), bounds)
    return wait if retry_after is None else max(wait, asked(retry_after, bounds))


def asked(retry_after: float, bounds: Bounds) -> float:
    """The wait that a server asks for, clamped."""
    clamped = max(bounds.floor, min(retry_after, bounds.max_retry_after))
    return clamped * (1 + 2 * bounds.jitter * bounds.random())


def _at_least(interval: float, bounds: Bounds) -> float:
    return max(interval, bounds.floor / (1 - bounds.jitter))


def _spread(wait: float, bounds: Bounds) -> float:
    return wait * (1 + bounds.jitter * (2 * bounds.random() - 1))


@dataclass(frozen=True)
class Reply:
    """What a poll brought: the client's `Reply`. `kind` is pending, done, gone, busy, unavailable or refused."""

    kind: str
    retry_after: float | None = None


def reply_of(status: int, state: object, header: str, date: str) -> Reply:
    """The reply that an HTTP response is; `state` is what its body says of the job, None where that says nothing."""
    wait = retry_after(header, date)
    if 200 <= status < 300:
        if not isinstance(state, str):
            return Reply("pending" if status == 202 else "unavailable", wait)
        return Reply("done") if state.lower() in DONE else Reply("pending", wait)
    if status in {404, 410}:
        return Reply("gone")
    if status in {429, 503}:
        return Reply("busy", wait)
    is_passing = status >= 500 or status in {408, 425} or status < 400
    return Reply("unavailable", wait) if is_passing else Reply("refused")


DONE = frozenset({"succeeded", "failed", "cancelled", "canceled", "completed", "done", "error", "success"})
"""The states that a job does not leave, as servers call them."""


class Poller:
    """One page that waits for one job: the client's `Poller`, of a page that never sleeps."""

    def __init__(self, polls: Callable[[], Polls], bounds: Bounds) -> None:
        self._polls = polls
        self._bounds = bounds
        self._blips = 0
        self._busy = 0
        self.count = 0

    def first(self) -> float:
        """The wait before the first poll."""
        polls = self._polls()
        return min(first_phase(polls.interval, self._bounds), polls.timeout)

    def next(self, reply: Reply, took: float, elapsed: float) -> float | str:
        """The wait before the next poll, or why there is none: `done`, `gone`, `refused`, `unreachable`, `attempts`, `timeout`."""
        self.count += 1
        polls = self._polls()
        self._blips = self._blips + 1 if reply.kind == "unavailable" else 0
        self._busy = self._busy + 1 if reply.kind == "busy" else 0
        if reply.kind in {"done", "gone", "refused"}:
            return reply.kind
        if self._blips > BLIPS:
            return "unreachable"
        if self.count >= polls.attempts:
            return "attempts"
        wait, remaining = self._pause(reply, polls.interval, took), polls.timeout - elapsed
        return "timeout" if remaining < self._bounds.floor else min(wait, remaining)

    def _pause(self, reply: Reply, interval: float, took: float) -> float:
        bounds = self._bounds
        if reply.kind == "unavailable":
            return back_off(interval, self._blips - 1, bounds, reply.retry_after)
        if reply.kind == "busy":
            return back_off(interval, self._busy, bounds, reply.retry_after)
        if reply.retry_after is not None:
            return asked(reply.retry_after, bounds)
        rest = step(interval, bounds) - took
        return rest if rest >= bounds.floor else new_phase(interval, bounds)


def retry_after(header: str, date: str = "") -> float | None:
    """What the header `Retry-After` asks for; None where it is absent or says nothing."""
    text = header.strip()
    if re.fullmatch("[0-9]+", text):
        return min(int(text[:400]) * 1000, _LARGEST) / 1000
    until = _instant(text)
    if until is None:
        return None
    now = _instant(date.strip())
    return max(0.0, until - (datetime.now(UTC).timestamp() if now is None else now))


_FORMS = ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y")


def _instant(text: str) -> float | None:
    """HTTP's date in its three forms."""
    for form in _FORMS:
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            continue
    return None
