"""How the client spaces its polls, as a distribution: what `client/src/pace.ts` does with an interval and a round trip.

From the start of one poll to that of the next is the interval I, give or take `JITTER` of it, evenly: uniform between
(1 - j) I and (1 + j) I. An answer that leaves less than `FLOOR` until then begins a new phase instead: the next poll comes
a uniform time between the floor and I after the answer. So a period is one of two uniform times, each with its weight.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from chartgen.records import dataclass

JITTER = 0.2
"""By what part of it a wait varies, up and down; the default of the client's `jitter`."""

FLOOR = 0.25
"""No poll begins sooner after an answer (seconds); the default of the client's `floorMs`."""

_STEPS = 60


@dataclass(frozen=True)
class Pace:
    """The periods of one page, from the start of one poll to that of the next. All times are seconds."""

    interval: float
    rtt: float = 0.0

    @property
    def keeps(self) -> bool:
        """Whether every answer is there in time for the next poll, so that the mean period is the interval."""
        return self.interval >= shortest_kept(self.rtt)

    @cached_property
    def parts(self) -> tuple[tuple[float, float, float], ...]:
        """The weight, the least and the greatest time of each of the uniform times that a period can be."""
        interval = max(self.interval, FLOOR / (1 - JITTER))
        low, high, late = (1 - JITTER) * interval, (1 + JITTER) * interval, self.rtt + FLOOR
        kept = min(max((high - late) / (high - low), 0.0), 1.0)
        parts = ((kept, max(low, late), high), (1 - kept, late, self.rtt + interval))
        return tuple(part for part in parts if part[0] > 0)

    @cached_property
    def mean(self) -> float:
        """The mean period: the interval, where answers are in time."""
        return sum(weight * (low + high) / 2 for weight, low, high in self.parts)

    @property
    def shortest(self) -> float:
        """The shortest period."""
        return min(low for _, low, _ in self.parts)

    @property
    def residual_mean(self) -> float:
        """From a moment that knows nothing of the polls, a job's end, to the next poll: E[X²] / 2 E[X]."""
        squares = sum(weight * (low * low + low * high + high * high) / 3 for weight, low, high in self.parts)
        return squares / (2 * self.mean)

    def residual_quantile(self, share: float) -> float:
        """The time within which the next poll comes in this share of cases."""
        low, high = 0.0, max(part[2] for part in self.parts)
        for _ in range(_STEPS):
            middle = (low + high) / 2
            low, high = (low, middle) if sum(self._beyond(middle)) / self.mean <= 1 - share else (middle, high)
        return high

    def _beyond(self, time: float) -> Iterator[float]:
        """The integral of 1 - F from a time on, for each part by its weight."""
        for weight, low, high in self.parts:
            if time < low:
                yield weight * ((low + high) / 2 - time)
            elif time < high:
                yield weight * (high - time) ** 2 / (2 * (high - low))


def shortest_kept(rtt: float) -> float:
    """The shortest interval at which an answer that takes so long is always in time for the next poll."""
    return (rtt + FLOOR) / (1 - JITTER)
