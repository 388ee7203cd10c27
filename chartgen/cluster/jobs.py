"""The jobs that Redis knows of: counted by a sorted set, or by a bounded SCAN. KEYS, which stops the server, is never sent."""

from __future__ import annotations

from collections.abc import Iterator

from chartgen.cluster.redis import Ask
from chartgen.records import dataclass

ROUNDS = 50
COUNT = 1000
"""A SCAN is asked so many times, for about so many keys each."""

SAMPLE = 20
"""Of how many jobs the time is asked for which they are kept."""


@dataclass(frozen=True)
class Job:
    """A job's key; for how many seconds it is kept from now on (None: for ever), and how old it is, if an index tells."""

    key: str
    kept: float | None = None
    age: float | None = None


@dataclass(frozen=True)
class Jobs:
    """How many there are, at least where `is_all` is not so, by which command; some of them; and the pod in which Redis was asked, if it was."""

    count: int
    command: str
    is_all: bool = True
    sample: tuple[Job, ...] = ()
    pod: str = ""


def read_jobs(ask: Ask, pattern: str, index: str, *, sample: bool = False) -> Jobs:
    """The active jobs: the members of the sorted set `index`, else the keys that match `pattern`.

    Raises:
        RedisStop: Redis cannot be reached, or refuses.
        ClusterStop: as of the pod that it is asked in.
    """
    return _by_index(ask, pattern, index, sample=sample) if index else _by_scan(ask, pattern, sample=sample)


def _by_index(ask: Ask, pattern: str, index: str, *, sample: bool) -> Jobs:
    count = int(ask(["ZCARD", index])[0])
    jobs: tuple[Job, ...] = ()
    if sample and count:
        lines = ask(["ZRANGE", index, "0", str(SAMPLE - 1), "WITHSCORES"])
        now = float(ask(["TIME"])[0])
        pairs = zip(lines[::2], lines[1::2], strict=False)
        jobs = tuple(_job(ask, _key(pattern, member), _age(score, now)) for member, score in pairs)
    return Jobs(count, f"ZCARD {index}", sample=jobs)


def _by_scan(ask: Ask, pattern: str, *, sample: bool) -> Jobs:
    seen: dict[str, None] = {}
    cursor = "0"
    for _ in range(ROUNDS):
        cursor, *keys = ask(["SCAN", cursor, "MATCH", pattern, "COUNT", str(COUNT)])
        seen |= dict.fromkeys(filter(None, keys))
        if cursor == "0":
            break
    jobs = tuple(_job(ask, key, None) for key in list(seen)[:SAMPLE]) if sample else ()
    return Jobs(len(seen), f"SCAN 0 MATCH {pattern} COUNT {COUNT}", cursor == "0", jobs)


def _job(ask: Ask, key: str, age: float | None) -> Job:
    left = float(ask(["TTL", key])[0])
    return Job(key, None if left == -1 else max(left, 0.0), age) if left != -2 else Job(key, 0.0, age)


def _key(pattern: str, member: str) -> str:
    before = pattern.partition("*")[0]
    return member if member.startswith(before) else f"{before}{member}"


def _age(score: str, now: float) -> float | None:
    """By a score that is a time, in seconds or milliseconds since 1970."""
    try:
        at = float(score)
    except ValueError:
        return None
    at = at / 1000 if at > 1e11 else at
    return max(now - at, 0.0) if 1e9 < at <= now + 60 else None


def oldest_first(jobs: Jobs) -> Iterator[Job]:
    """Those whose age is known."""
    yield from sorted((job for job in jobs.sample if job.age is not None), key=lambda job: -(job.age or 0))
