"""What was counted: of each second of a run its polls, what they brought and how long that took. It travels as JSON, and adds up."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import Any

_RATIO = math.log(1.02)


def bucket(seconds: float) -> int:
    """A time's place in a histogram whose bars are 2 % wide."""
    return round(math.log(max(seconds, 1e-6)) / _RATIO)


def middle(place: int) -> float:
    """The time in the middle of a bar."""
    return math.exp(place * _RATIO)


class Second:
    """One second: polls by what they brought, their times, by how much pages woke late, and what became of jobs."""

    def __init__(self) -> None:
        self.replies: Counter[str] = Counter()
        self.times: Counter[int] = Counter()
        self.lateness: Counter[int] = Counter()
        self.others: Counter[str] = Counter()

    @property
    def polls(self) -> int:
        """How many there were."""
        return self.replies.total()

    def add(self, other: Second) -> None:
        """Count what another one has counted, too."""
        for name in _PARTS:
            getattr(self, name).update(getattr(other, name))


_PARTS = ("replies", "times", "lateness", "others")
_BY_PLACE = {"times", "lateness"}


class Tally:
    """All seconds, from the moment on in which the users began; and the intervals that they read of live settings."""

    def __init__(self) -> None:
        self.seconds: dict[int, Second] = {}
        self.intervals: dict[float, float] = {}

    def at(self, moment: float) -> Second:
        """The second that a moment lies in."""
        return self.seconds.setdefault(math.floor(moment), Second())

    def change(self, moment: float, interval: float) -> None:
        """A page read this interval."""
        self.intervals[interval] = min(moment, self.intervals.get(interval, moment))

    def add(self, other: Tally) -> None:
        """Count what another one has counted, too."""
        for at, second in other.seconds.items():
            self.seconds.setdefault(at, Second()).add(second)
        for interval, moment in other.intervals.items():
            self.change(moment, interval)

    def between(self, begin: int, end: int) -> list[Second]:
        """The seconds from one to before another; one without polls is there, too."""
        return [self.seconds.get(at, Second()) for at in range(begin, end)]

    def plain(self) -> dict[str, Any]:
        """As JSON's kinds."""
        seconds = {
            str(at): {name: dict(getattr(second, name)) for name in _PARTS if getattr(second, name)}
            for at, second in sorted(self.seconds.items())
        }
        return {"seconds": seconds, "intervals": [[key, value] for key, value in self.intervals.items()]}

    @classmethod
    def read(cls, plain: dict[str, Any]) -> Tally:
        """What `plain` wrote."""
        tally = cls()
        for at, parts in plain["seconds"].items():
            second = tally.seconds[int(at)] = Second()
            for name, counts in parts.items():
                kind = int if name in _BY_PLACE else str
                getattr(second, name).update({kind(key): count for key, count in counts.items()})
        tally.intervals = dict(plain["intervals"])
        return tally


def quantile(counts: Iterable[Counter[int]], share: float) -> float | None:
    """The time that this share of all does not go beyond; None of none."""
    total: Counter[int] = Counter()
    for each in counts:
        total.update(each)
    left = share * total.total()
    for place in sorted(total):
        left -= total[place]
        if left <= 0:
            return middle(place)
    return None
