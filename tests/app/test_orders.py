"""An order with a key is one job, however often it is sent."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.app.backend import JOBS, Answer, Backend
from tests.cluster.waiting import wait_for

ORDER = {"prompt": "an idea", "seconds": 0, "outcome": "succeed"}


def ordered(backend: Backend, key: str, body: object = None) -> Answer:
    return backend.ask("POST", JOBS, ORDER if body is None else body, {"Idempotency-Key": key})


def test_the_same_key_is_the_same_job_as_it_is_by_then(backend: Backend) -> None:
    first = ordered(backend, "again")
    backend.until(first.body["id"], "succeeded")
    second = ordered(backend, "again")

    assert (first.status, second.status) == (202, 202)
    assert second.headers["location"] == first.headers["location"]
    assert second.body == backend.poll(first.body["id"])


def test_other_keys_and_none_are_other_jobs(backend: Backend) -> None:
    found = [ordered(backend, "one"), ordered(backend, "two"), *(backend.ask("POST", JOBS, ORDER) for _ in range(2))]

    assert len({each.body["id"] for each in found}) == 4


def test_a_key_of_another_order_is_refused(backend: Backend) -> None:
    first = ordered(backend, "taken")
    other = ordered(backend, "taken", ORDER | {"seconds": 1})

    assert (other.status, other.code) == (422, "key_used")
    assert (
        ordered(backend, "taken", {"outcome": "succeed", "seconds": 0.0, "prompt": "an idea"}).body["id"]
        == first.body["id"]
    )


@pytest.mark.parametrize("key", ["", "a b", "x" * 129, "\u00e9", "a\tb"])
def test_what_is_no_key_is_refused(backend: Backend, key: str) -> None:
    assert ordered(backend, key).status == 422


def test_the_longest_key_is_taken(backend: Backend) -> None:
    assert ordered(backend, "~" * 128).status == 202


def test_many_at_once_are_one_job(backend: Backend) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: ordered(backend, "at-once"), range(64)))

    assert {each.status for each in found} == {202}
    assert len({each.body["id"] for each in found}) == 1


def test_a_key_is_kept_as_long_as_its_job(backend: Backend) -> None:
    job_id = ordered(backend, "kept").body["id"]
    backend.until(job_id, "succeeded")
    job, key = (int(backend.in_redis("PEXPIRETIME", name)) for name in (f"job:{job_id}", "order:kept"))

    assert abs(job - key) < 50
    backend.in_redis("DEL", f"job:{job_id}")
    assert ordered(backend, "kept").body["id"] != job_id


def test_an_order_that_redis_took_without_a_word_is_not_done_twice(own_backend: Backend) -> None:
    own_backend.serve()
    own_backend.submit()
    with own_backend.redis.stalled():
        lost = ordered(own_backend, "lost")
    wait_for("Redis has done what it was sent", lambda: own_backend.in_redis("EXISTS", "order:lost").strip() == "1", 5)
    again = ordered(own_backend, "lost")
    own_backend.work()

    assert (lost.status, again.status) == (503, 202)
    assert own_backend.in_redis("ZCARD", "jobs:all").strip() == "2"
    assert own_backend.until(again.body["id"], "succeeded")
