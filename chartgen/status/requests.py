"""The polling that the backend's logs show: how often, and how fast each job is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from chartgen.cluster.logs import Log, LogLine
from chartgen.finding import UsageStop
from chartgen.records import dataclass

PATTERN = r"GET /api/multi-agent/jobs(?:/(?P<job>[^\s/?\"]+))?"
"""What a line has that tells of a poll; the group `job` is the job that is asked for."""


@dataclass(frozen=True)
class Polls:
    """The polls of one job, in order."""

    job: str
    lines: tuple[LogLine, ...]

    @property
    def gap(self) -> float:
        """The seconds between two of them: the median."""
        times = [line.at for line in self.lines]
        return median(later - earlier for earlier, later in pairwise(times))


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
