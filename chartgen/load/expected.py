"""What the plan says of a run: of the closed model the plan itself, of the open one the same pages that come by chance."""

from __future__ import annotations

import math

from chartgen.planning.load import Z99, Load, Polls, Situation
from chartgen.records import dataclass

_SKEW = (Z99**2 - 1) / 6


@dataclass(frozen=True)
class Expected:
    """The figures that are compared; see `Load`. `pages` is how many wait for a job, on average."""

    pages: float
    mean: float
    busy: float
    in_flight: float
    polls_of_a_job: float | None
    synchronised: float


def expected(users: int, polls: Polls, rtt: float, job: float | None, rate: float | None) -> Expected:
    """What the plan says of so many users, or of jobs that come at a rate (a second)."""
    load = Load(Situation(users, rtt, job), polls)
    if rate is None:
        return Expected(
            users, load.mean, load.jittered_peak, load.in_flight, load.polls_of_a_job, load.synchronised_peak
        )
    asked = load.polls_of_a_job
    assert asked is not None
    assert job is not None
    # Pages that come by chance, independent of each other: the requests of a second are as good as a Poisson number.
    mean, stays = rate * asked, min(job + load.delay, load.gives_up)
    return Expected(rate * stays, mean, mean + Z99 * math.sqrt(mean) + _SKEW, mean * rtt, asked, load.synchronised_peak)
