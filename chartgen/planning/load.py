"""The load that users make: a model of the client, in closed form. `docs/explanation/load-model.md` tells it in words.

N users each wait for a job, with one page, all along. Their pages are independent and have polled for a while, so that
each is anywhere in its period. Seconds, requests and bytes; a rate is a second's.
"""

from __future__ import annotations

import math

from chartgen.planning.pace import JITTER, Pace
from chartgen.records import dataclass

Z99 = 2.3263478740408408
"""The 99th percentile of the standard normal distribution."""

_SKEW = (Z99**2 - 1) / 6
"""How far the 99th percentile of a sum of rare events lies above the normal one (Cornish and Fisher)."""

POLL_BYTES = 1200
"""What a poll is taken to weigh, both ways, where nothing is said: about what the headers of a browser and a proxy do."""

ROUND_TRIPS = (0.0, 0.05, 0.25, 1.0)
"""The round trips for which the end of the attempts is told."""


@dataclass(frozen=True)
class Situation:
    """Who polls: so many users, the time that one answer takes, and that a job takes; None for one that outlasts all."""

    users: int
    rtt: float = 0.05
    job: float | None = None
    poll_bytes: int = POLL_BYTES


@dataclass(frozen=True)
class Polls:
    """The three settings, in seconds and polls."""

    interval: float
    attempts: int
    timeout: float


@dataclass(frozen=True)
class RunOut:
    """When the last attempt begins, after the first moment of waiting, with answers that take so long.

    `paced` is the client's, on average: from start to start. `sequential` is that of a poller which waits the interval
    after each answer, its first poll at once: every answer puts off all that follow.
    """

    rtt: float
    paced: float
    sequential: float


@dataclass(frozen=True)
class Load:
    """The figures of one plan; see the properties."""

    situation: Situation
    polls: Polls

    @property
    def pace(self) -> Pace:
        """The periods of a page."""
        return Pace(self.polls.interval, self.situation.rtt)

    @property
    def simple_mean(self) -> float:
        """Users divided by the interval: the arithmetic that is usually done."""
        return self.situation.users / self.polls.interval

    @property
    def sees_the_end(self) -> bool:
        """Whether a page still asks when its job ends."""
        return self.situation.job is None or self.gives_up >= self.situation.job

    @property
    def polls_of_a_job(self) -> float | None:
        """How many polls a job takes on average, the one that brings its result too; None for one that outlasts all.

        By Wald: the polls after the first one are what lies between the two, in periods.
        """
        job, pace = self.situation.job, self.pace
        if job is None:
            return None
        if not self.sees_the_end:
            return min(self.polls.attempts, self.polls.timeout / pace.mean + 1)
        seen = max(job - self.situation.rtt / 2, 0.0)
        return min(1 + max(seen + pace.residual_mean - self.polls.interval / 2, 0.0) / pace.mean, self.polls.attempts)

    @property
    def mean(self) -> float:
        """Requests a second, on average: of users whose next job begins when the last one is seen to end."""
        return self.situation.users * self._rate

    @property
    def _rate(self) -> float:
        """The requests of one page in a second."""
        polls, job = self.polls_of_a_job, self.situation.job
        if polls is None or job is None or not self.sees_the_end:
            return 1 / self.pace.mean
        return polls / (job + self.delay)

    @property
    def jittered_peak(self) -> float:
        """The 99th percentile of the requests of one second: of 100 seconds, one has more.

        A page sends one request in a second or none, where its periods are no shorter: the sum over the pages is binomial,
        and this its normal approximation, with the correction for skewness, not rounded. Where a page can send several, the
        variance of its number is bounded from above, so that the percentile is, too.
        """
        users, rate = self.situation.users, self._rate
        peak = users * rate + Z99 * math.sqrt(users * self._variance) + _SKEW
        return min(peak, float(users * self._most_of_a_page))

    @property
    def _most_of_a_page(self) -> int:
        """The most requests of one page in a second: after a job's last poll, the next one's first may come at once."""
        return math.ceil(1 / self.pace.shortest) + (self.situation.job is not None)

    @property
    def _variance(self) -> float:
        """That of the requests of one page in a second, or a little more."""
        rate, pace, job = self._rate, self.pace, self.situation.job
        if not pace.keeps and pace.shortest < 1:
            return rate
        spread = rate * (1 - rate) if rate <= 0.5 else 0.25 + JITTER**2 / 3 * (rate - 0.5)
        # After a job's last poll the next one's first may come in the same second.
        return spread + (min(1.0, 1 / self.polls.interval) / (job + self.delay) if job is not None else 0.0)

    @property
    def synchronised_peak(self) -> float:
        """The most in one second where all pages ask together: without chance, after a deploy, or a stall."""
        return float(self.situation.users * math.ceil(1 / max(self.polls.interval, 1e-3)))

    @property
    def in_flight(self) -> float:
        """Requests that are being answered, on average, by Little's law: those of a second, times what one takes."""
        return self.mean * self.situation.rtt

    @property
    def delay(self) -> float:
        """From a job's end until its page has the result, on average."""
        return self.pace.residual_mean + self.situation.rtt / 2

    @property
    def delay_p95(self) -> float:
        """The same, as 95 of 100 jobs have it at most."""
        return self.pace.residual_quantile(0.95) + self.situation.rtt / 2

    @property
    def bytes(self) -> float:
        """Bytes a second, on average."""
        return self.mean * self.situation.poll_bytes

    @property
    def gives_up(self) -> float:
        """After what time a page gives up, on average: when its attempts run out, or at its timeout."""
        return min(self.polls.timeout, self.run_out(self.situation.rtt).paced + self.situation.rtt)

    def run_out(self, rtt: float) -> RunOut:
        """When the attempts run out, for a round trip."""
        more, interval = self.polls.attempts - 1, self.polls.interval
        return RunOut(rtt, interval / 2 + more * Pace(interval, rtt).mean, more * (interval + rtt))

    @property
    def run_outs(self) -> tuple[RunOut, ...]:
        """The same for several round trips, and the one of the situation."""
        return tuple(map(self.run_out, sorted({*ROUND_TRIPS, self.situation.rtt})))
