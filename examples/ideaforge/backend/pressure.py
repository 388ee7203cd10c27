"""How much is too much, by measurement, and what pollers are told then.

Three things are measured: the polls of the last seconds, how many wait for Redis now, and by how much the event loop is late.
Over one of the limits a poll is answered with 429 at once, without asking Redis. From four fifths of the rate on, every answer
tells when to ask again: 200 as well as 429 have a `Retry-After`, as long as the interval would have to be for all of these
pollers to fit. It is drawn from a range above that, so that those who were told in the same second do not come back in the same
second. The pages' poller heeds it in both.
"""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Callable

from backend.configuration import Pressure

SECONDS = 5
"""The rate of polls is that of so many seconds at least."""

LONGEST_S = 120
_TICK_S = 0.1
_SPREAD = 0.5
_FULL = 0.8


class Bucket:
    """Lets in so many a second, and those of one second at once after a pause."""

    def __init__(self, per_second: float, clock: Callable[[], float]) -> None:
        self._per_second = per_second
        self._most = max(per_second, 1)
        self._clock = clock
        self._left = self._most
        self._at = clock()

    def take(self) -> bool:
        """Whether one more may go in."""
        moment = self._clock()
        self._left = min(self._left + (moment - self._at) * self._per_second, self._most)
        self._at = moment
        if self._left < 1:
            return False
        self._left -= 1
        return True


class Stretch:
    """By how much the interval has to be longer for the polls to fit; 1 where they fit as they are.

    What pollers are told shows in their rate only once they have waited. So the polls are counted from then on, for half as long
    again, and the factor is computed from what it was: pollers = rate * interval, whatever interval they have been told.
    """

    def __init__(self, interval_s: float, target: float, clock: Callable[[], float]) -> None:
        self.by = 1.0
        self._interval_s = interval_s
        self._target = target
        self._clock = clock
        self._start(clock())

    def count(self) -> None:
        """A poll has come."""
        moment = self._clock()
        if moment >= self._until:
            per_second = self._counted / (moment - self._since)
            self.by = min(max(self.by * per_second / self._target, 1), max(LONGEST_S / self._interval_s, 1))
            self._start(moment)
        if moment >= self._since:
            self._counted += 1

    def _start(self, moment: float) -> None:
        wait_s = self._interval_s * self.by * (1 + _SPREAD) if self.by > 1 else 0
        self._since = moment + wait_s
        self._until = self._since + max(wait_s / 2, SECONDS)
        self._counted = 0


class Gate:
    """Lets polls in, or says why not, and for how long pollers are to wait."""

    def __init__(
        self,
        limits: Pressure,
        interval_ms: int,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.limits = limits
        self.interval_s = interval_ms / 1000
        self.in_flight = 0
        self.lag_s = 0.0
        self._bucket = Bucket(limits.polls_per_second, clock)
        self._stretch = Stretch(self.interval_s, limits.polls_per_second * _FULL, clock)
        self._chance = chance

    def refusal(self) -> str | None:
        """Count a poll that has come; what is too much for it, None where it may go on."""
        self._stretch.count()
        if self.in_flight >= self.limits.polls_in_flight:
            return "in_flight"
        if self.lag_s * 1000 > self.limits.lag_ms:
            return "lag"
        return None if self._bucket.take() else "rate"

    @property
    def stretch(self) -> float:
        """By how much pollers are to wait longer than the settings say; 1: not at all."""
        return self._stretch.by

    def advice_s(self) -> int | None:
        """When a poller that was answered is to ask again, in whole seconds; None where the settings' interval will do."""
        return self._spread(self._stretch.by) if self._stretch.by > 1 else None

    def retry_after_s(self) -> int:
        """When one that was refused is to ask again: not before twice the interval, since it is measurably too much now."""
        return self._spread(max(self._stretch.by, 2))

    def _spread(self, stretch: float) -> int:
        return max(min(math.ceil(self.interval_s * stretch * (1 + _SPREAD * self._chance())), LONGEST_S), 1)

    async def watch(self) -> None:
        """Measure by how much the event loop is late, for ever; a peak counts for about a second."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _TICK_S
            await asyncio.sleep(_TICK_S)
            late = max(loop.time() - due, 0)
            self.lag_s = max(late, self.lag_s * 0.8)
