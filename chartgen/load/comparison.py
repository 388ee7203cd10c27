"""What was planned beside what was measured: for each stretch of a run in which the interval was one and the same."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property

from chartgen.load.expected import Expected, expected
from chartgen.load.order import Order, settling
from chartgen.load.tally import Second, Tally, middle, quantile
from chartgen.planning.load import Polls
from chartgen.records import dataclass

SHORTEST = 10
"""A stretch of fewer seconds is not judged."""

LATE = 0.1
"""Where pages woke by so much later than they were to (seconds, the 95th percentile), it was the load's own machine that was slow."""


@dataclass(frozen=True)
class Stretch:
    """The seconds from `begin` to before `end`, in which pages polled by `polls`."""

    begin: int
    end: int
    polls: Polls
    seconds: Sequence[Second]
    expected: Expected
    tolerance: float

    @cached_property
    def counts(self) -> list[int]:
        """The polls of each second."""
        return [second.polls for second in self.seconds]

    @property
    def mean(self) -> float:
        """Polls a second."""
        return sum(self.counts) / len(self.counts) if self.counts else 0.0

    @property
    def busy(self) -> int:
        """The 99th percentile of the seconds; of fewer than a hundred the busiest."""
        return _ranked(self.counts, 0.99)

    @property
    def busier(self) -> int:
        """How many seconds had more than the planned busy one."""
        return sum(count > self.expected.busy for count in self.counts)

    @property
    def peak(self) -> int:
        """The busiest second."""
        return max(self.counts, default=0)

    def latency(self, share: float) -> float | None:
        """The time (seconds) within which this share of the answers came."""
        return quantile((second.times for second in self.seconds), share)

    @property
    def in_flight(self) -> float:
        """Requests that were being answered, on average."""
        busy = sum(_sum_of(second.times) for second in self.seconds)
        return busy / len(self.seconds) if self.seconds else 0.0

    @property
    def lateness(self) -> float:
        """By how much pages woke late, as 95 of 100 did at most."""
        return quantile((second.lateness for second in self.seconds), 0.95) or 0.0

    @cached_property
    def replies(self) -> Counter[str]:
        """What the polls brought."""
        return _summed(second.replies for second in self.seconds)

    @cached_property
    def others(self) -> Counter[str]:
        """What else was counted."""
        return _summed(second.others for second in self.seconds)

    @property
    def polls_of_a_job(self) -> float | None:
        """How many a job took, of those that began and ended in the run."""
        jobs = self.others["whole jobs"]
        return self.others["their polls"] / jobs if jobs else None

    @property
    def difference(self) -> float:
        """By what part of it the mean is off the planned one."""
        return self.mean / self.expected.mean - 1

    @property
    def is_off(self) -> bool:
        """Whether that is more than the tolerance. Rounded: 84 of 80 is five percent more, which binary fractions are not."""
        return round(abs(self.difference), 9) > self.tolerance

    @property
    def unanswered(self) -> float:
        """The part of the polls that did not tell how the job is."""
        total = self.replies.total()
        return 1 - (self.replies["pending"] + self.replies["done"]) / total if total else 1.0

    @property
    def is_judged(self) -> bool:
        """Whether it is long enough to tell."""
        return len(self.seconds) >= SHORTEST

    @property
    def is_as_planned(self) -> bool:
        """Whether the mean is, within the tolerance, and the server answered."""
        return not self.is_off and self.unanswered <= self.tolerance

    @property
    def is_late(self) -> bool:
        """Whether the machine that made the load was too slow for it."""
        return self.lateness > LATE


@dataclass(frozen=True)
class Comparison:
    """A whole run."""

    order: Order
    rtt: float
    tolerance: float
    tally: Tally
    began: float
    lasted: float
    interrupted: bool = False

    @property
    def settling(self) -> int:
        """How many seconds from the start on are left out."""
        return settling(self.order.polls.interval, together=self.order.sync_start)

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """Those of the run; none where it ended too soon."""
        return tuple(self._stretches())

    @property
    def first_second(self) -> int:
        """The polls of the very first one."""
        return self.tally.at(0).polls

    @property
    def is_as_planned(self) -> bool:
        """Whether each stretch that can be judged is, and there is one."""
        judged = [stretch for stretch in self.stretches if stretch.is_judged]
        return bool(judged) and all(stretch.is_as_planned for stretch in judged)

    @property
    def is_answered(self) -> bool:
        """Whether the server told of a job at all."""
        return any(second.replies.keys() & {"pending", "done"} for second in self.tally.seconds.values())

    def _stretches(self) -> Iterator[Stretch]:
        order, whole = self.order, int(self.lasted)
        begin, polls = self.settling, order.polls
        for interval, moment in [*sorted(self.tally.intervals.items(), key=lambda each: each[1]), (0.0, math.inf)]:
            end = math.floor(min(moment, whole))
            if end > begin:
                told = expected(order.users, polls, self.rtt, order.job, order.rate)
                yield Stretch(begin, end, polls, self.tally.between(begin, end), told, self.tolerance)
            if end == whole:
                return
            # The last page reads it when its own watch comes round, and polls by it after the wait that it is in.
            begin = max(begin, end) + settling(max(interval, polls.interval))
            polls = Polls(interval, polls.attempts, polls.timeout)


def _ranked(counts: Sequence[int], share: float) -> int:
    return sorted(counts)[min(int(len(counts) * share), len(counts) - 1)] if counts else 0


def _sum_of(times: Counter[int]) -> float:
    return sum(middle(place) * count for place, count in times.items())


def _summed(counts: Iterator[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return total
