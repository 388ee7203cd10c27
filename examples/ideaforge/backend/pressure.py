"""How much is too much, by measurement, and for how long pollers are sent away then.

Three things are measured: the polls of the last seconds, how many wait for Redis now, and by how much the event loop is late.
Over one of the limits a poll is answered with 429 at once, without asking Redis. Its `Retry-After` is as long as the interval
would have to be for all of these pollers to fit, drawn from a range above that: those who are refused in the same second do not
come back in the same second.
"""

from __future__ import annotations

import asyncio
import math
import random
import time
from collections.abc import Callable

from backend.configuration import Pressure

SECONDS = 5
"""The rate of polls is that of so many seconds."""

LONGEST_S = 60
_TICK_S = 0.1
_SPREAD = 0.5


class Rate:
    """Events a second, over the last whole seconds and the one that runs."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._counts = [0] * (SECONDS + 1)
        self._second = int(clock())

    def add(self) -> None:
        """Count one."""
        self._move()
        self._counts[self._second % len(self._counts)] += 1

    def per_second(self) -> float:
        """The mean over the last five seconds."""
        self._move()
        into = self._clock() - self._second
        oldest = self._counts[(self._second + 1) % len(self._counts)]
        return (sum(self._counts) - oldest * into) / SECONDS

    def this_second(self) -> int:
        """How many in the second that runs."""
        self._move()
        return self._counts[self._second % len(self._counts)]

    def _move(self) -> None:
        second = int(self._clock())
        for each in range(self._second + 1, min(second, self._second + len(self._counts)) + 1):
            self._counts[each % len(self._counts)] = 0
        if second > self._second + len(self._counts):
            self._counts = [0] * len(self._counts)
        self._second = max(second, self._second)


class Gate:
    """Lets polls in, or says why not."""

    def __init__(
        self,
        limits: Pressure,
        interval_ms: int,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.limits = limits
        self.interval_s = interval_ms / 1000
        self.asked = Rate(clock)
        self.answered = Rate(clock)
        self.in_flight = 0
        self.lag_s = 0.0
        self._chance = chance

    def refusal(self) -> str | None:
        """Count a poll that has come; what is too much for it, None where it may go on."""
        self.asked.add()
        if self.in_flight >= self.limits.polls_in_flight:
            return "in_flight"
        if self.lag_s * 1000 > self.limits.lag_ms:
            return "lag"
        # A second may take in a burst, as far as the five seconds around it do not.
        if self.answered.per_second() >= self.limits.polls_per_second:
            return "rate"
        self.answered.add()
        return None

    def retry_after_s(self) -> int:
        """For how many whole seconds a poller is sent away."""
        over = max(self.asked.per_second() / self.limits.polls_per_second, 1)
        least = max(self.interval_s * over, 1)
        return math.ceil(min(least * (1 + _SPREAD * self._chance()), LONGEST_S))

    async def watch(self) -> None:
        """Measure by how much the event loop is late, for ever; a peak counts for about a second."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _TICK_S
            await asyncio.sleep(_TICK_S)
            late = max(loop.time() - due, 0)
            self.lag_s = max(late, self.lag_s * 0.8)
