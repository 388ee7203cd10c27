"""Everything dies, again and again, while jobs come in: each job that was taken is done."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable

import pytest

from tests.app.backend import JOBS, QUICK, Backend
from tests.cluster.waiting import wait_for
from tests.counts import examples


def submitted(backend: Backend, seconds: float) -> str | None:
    """A job's id, None where it was not taken."""
    try:
        answer = backend.ask("POST", JOBS, {"prompt": "an idea", "seconds": seconds})
    except OSError:
        return None
    return str(answer.body["id"]) if answer.status == 202 else None


def state(backend: Backend, job_id: str) -> str | None:
    """How a job is; None while nobody can tell."""
    try:
        answer = backend.get(f"{JOBS}/{job_id}")
    except OSError:
        return None
    assert answer.status in {200, 503}, answer
    return str(answer.body["state"]) if answer.status == 200 else None


def done(backend: Backend, job_id: str) -> None:
    """Wait until a job is done."""
    wait_for(f"{job_id} is done", lambda: state(backend, job_id) == "succeeded", 90)


@pytest.mark.parametrize("number", range(examples(10)))
def test_each_job_that_was_taken_is_done_whatever_dies(own_backend: Backend, number: int) -> None:
    chance = random.Random(number)  # noqa: S311 - repeatable
    # Each death of Redis may cost an attempt, and all of them die more often here than five times.
    own_backend.environment |= QUICK | {"JOB_ATTEMPTS": "100"}
    own_backend.serve()
    workers = ["first", "second"]
    for name in workers:
        own_backend.work(name)

    def kill_a_worker() -> None:
        name = chance.choice(workers)
        own_backend.end(name, chance.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGTERM]))
        own_backend.start(name, "worker")

    def kill_redis() -> None:
        own_backend.redis.kill()
        time.sleep(chance.random())
        own_backend.redis.start()

    def kill_the_api() -> None:
        own_backend.end("api", signal.SIGKILL)
        own_backend.serve()

    deaths: list[Callable[[], None]] = [kill_a_worker, kill_redis, kill_the_api]
    jobs = []
    for death in [*deaths, chance.choice(deaths)]:
        jobs += [found for _ in range(8) if (found := submitted(own_backend, 1.5 * chance.random()))]
        time.sleep(chance.random())
        death()
    for each in jobs:
        done(own_backend, each)

    assert len(jobs) >= 24
    assert own_backend.in_redis("ZCARD", "jobs:active").strip() == "0"
