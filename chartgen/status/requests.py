"""The polling that the backend's logs show: how often, and how fast each job is asked for."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from chartgen.cluster.logs import Log, LogLine
from chartgen.finding import UsageStop
from chartgen.records import dataclass

PATTERN = r"GET /api/multi-agent/jobs(?:/(?P<job>[^\s/?\"]*\d[^\s/?\"]*)(?=[\s?\"]|$))?"
"""What a line has that tells of a poll; the group `job` is the job that is asked for.

What is behind the job, such as its result, is fetched and not polled for; a name without a digit, such as `active`, is that of a list.
"""

_COPIES = 4
"""So many lines of one request are believed: what logs it, and what stands before that."""

_NEAR = 0.2
"""Lines of one request are not further apart, in seconds, and in parts of the interval."""


@dataclass(frozen=True)
class Polls:
    """The polls of one job, in order."""

    job: str
    lines: tuple[LogLine, ...]

    def times(self, interval: float) -> tuple[float, ...]:
        """When each was; lines that are close together are of one request, unless they are more than would be logged of it."""
        times = [line.at for line in self.lines]
        apart = times[:1]
        for at in times[1:]:
            if at - apart[-1] >= min(_NEAR, _NEAR * interval):
                apart.append(at)
        return tuple(apart if len(times) <= _COPIES * len(apart) else times)

    def gap(self, interval: float) -> float:
        """The seconds between two of them; a quarter of the gaps may be longer, where a request is logged at its beginning and its end."""
        times = self.times(interval)
        gaps = sorted(later - earlier for earlier, later in pairwise(times))
        return gaps[math.ceil(0.75 * len(gaps)) - 1]


@dataclass(frozen=True)
class Observed:
    """What logs show: how many polls there were in how many seconds of how many pods, and those of each job."""

    requests: int
    per_second: float
    seconds: float
    logs: tuple[Log, ...]
    polled: tuple[LogLine, ...] = ()
    by_job: tuple[Polls, ...] = ()

    def lines(self) -> Iterator[LogLine]:
        """All lines of all pods."""
        return (line for log in self.logs for line in log.lines)

    @property
    def unmatched(self) -> str:
        """Word of logs that have lines, and none that tells of a poll; empty where that is not so."""
        count = sum(len(log.lines) for log in self.logs)
        lines = f"the {count} lines" if count > 1 else "the one line"
        return f"none of {lines} of the logs tells of a poll, by --log-pattern" if count and not self.requests else ""


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern of a poll.

    Raises:
        UsageStop: it is none.
    """
    try:
        return re.compile(pattern)
    except re.error as error:
        raise UsageStop(f"--log-pattern is no regular expression: {error}", "correct it") from error


def observed(logs: Sequence[Log], pattern: re.Pattern[str]) -> Observed:
    """What the logs show of polling."""
    per_second, polled = 0.0, list[LogLine]()
    by_job: dict[str, list[LogLine]] = {}
    for log in logs:
        before = len(polled)
        for line in log.lines:
            if (found := pattern.search(line.text)) is None:
                continue
            polled.append(line)
            if job := found.groupdict().get("job"):
                by_job.setdefault(job, []).append(line)
        per_second += (len(polled) - before) / log.seconds
    jobs = (Polls(job, tuple(sorted(lines, key=lambda line: line.at))) for job, lines in by_job.items())
    several = tuple(polls for polls in jobs if len(polls.lines) > 1)
    seconds = max((log.seconds for log in logs), default=0.0)
    return Observed(len(polled), per_second, seconds, tuple(logs), tuple(polled), several)
