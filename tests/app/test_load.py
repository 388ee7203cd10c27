"""What polls cost, and how too many of them are sent away."""

from __future__ import annotations

import re
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.app.backend import JOBS, Backend
from tests.cluster.waiting import wait_for


def commands(backend: Backend) -> int:
    """How many commands Redis has run, those that ask for that apart."""
    calls = dict(re.findall(r"cmdstat_(\S+?):calls=(\d+)", backend.in_redis("INFO", "commandstats")))
    return sum(int(count) for name, count in calls.items() if name not in {"info", "config|resetstat"})


@pytest.fixture
def alone(own_backend: Backend) -> Backend:
    """An API without a worker, which has commands of its own."""
    own_backend.serve()
    return own_backend


def test_a_poll_is_one_command_of_redis(alone: Backend) -> None:
    job_id = alone.submit()
    alone.poll(job_id)
    before = commands(alone)
    for _ in range(100):
        alone.poll(job_id)

    assert commands(alone) - before == 100


def test_an_id_that_was_not_made_here_costs_one_command_too(alone: Backend) -> None:
    alone.submit()
    before = commands(alone)
    for _ in range(10):
        assert alone.get(f"{JOBS}/nope").status == 404

    assert commands(alone) - before == 10


def test_the_first_one_after_a_start_costs_two(alone: Backend) -> None:
    alone.submit()
    alone.end("api", signal.SIGKILL)
    alone.serve()
    before = commands(alone)
    assert alone.get(f"{JOBS}/nope").status == 404

    assert commands(alone) - before == 2


def test_a_result_and_a_list_are_one_and_two_commands(alone: Backend) -> None:
    job_id = alone.submit()
    before = commands(alone)
    alone.get(f"{JOBS}/{job_id}/result")
    between = commands(alone)
    alone.get(JOBS)

    assert (between - before, commands(alone) - between) == (1, 2)


@pytest.fixture
def slow(own_backend: Backend) -> Backend:
    """An API that takes ten polls a second, and four at a time."""
    own_backend.environment |= {"JOB_MOST_POLLS_PER_SECOND": "10", "JOB_MOST_POLLS_IN_FLIGHT": "4"}
    own_backend.serve()
    return own_backend


def test_polls_over_the_capacity_are_sent_away_for_as_long_as_it_takes_them_all_to_fit(slow: Backend) -> None:
    job_id = slow.submit()
    time.sleep(5)  # the rate is that of five seconds: those begin with the first poll
    answers, end = [], time.monotonic() + 6
    while time.monotonic() < end:
        answers.append(slow.get(f"{JOBS}/{job_id}"))
        time.sleep(0.02)
    refused = [each for each in answers if each.status == 429]
    waits = [int(each.headers["retry-after"]) for each in refused]
    over = len(answers) / 6 / 10

    # Ten a second, and those of one second at once.
    assert 55 <= sum(each.status == 200 for each in answers) <= 80
    assert {each.code for each in refused} == {"busy"}
    # Twice the interval of five seconds at least, then as long as the rate of the first five seconds asks for; not the same for all.
    assert min(waits) >= 10
    assert max(waits) >= 5 * over
    assert len(set(waits)) >= 4

    def advised() -> bool:
        answer = slow.get(f"{JOBS}/{job_id}")
        return answer.status == 200 and "retry-after" in answer.headers

    wait_for("who is let in is asked for a longer wait", advised, 10)


def test_what_is_no_poll_has_redis_for_itself(slow: Backend) -> None:
    with ThreadPoolExecutor(60) as pool:
        answers = list(pool.map(lambda _: slow.get("/readyz"), range(300)))

    assert {each.status for each in answers} == {200}


def test_polls_that_wait_for_a_slow_redis_are_not_let_pile_up(slow: Backend) -> None:
    job_id = slow.submit()
    slow.poll(job_id)
    with ThreadPoolExecutor(9) as pool:
        with slow.redis.stalled():
            asked = [pool.submit(slow.get, f"{JOBS}/{job_id}") for _ in range(9)]
            wait_for("five are sent away", lambda: sum(each.done() for each in asked) == 5)
        statuses = sorted(each.result().status for each in asked)

    assert statuses == [200] * 4 + [429] * 5
    text = slow.get("/metrics").text
    assert 'polls_refused_total{why="in_flight"} 5.0' in text
    assert 'polls_total{status="429"} 5.0' in text
    wait_for("polls go on", lambda: slow.get(f"{JOBS}/{job_id}").status == 200)
