"""One attempt at a job, with a real Redis and work of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from backend import attempt, store
from backend.models.record import JobRecord
from backend.models.schemas import JobResultResponse, JobStatusResponse, JobWork
from tests.app.coroutines import outcome
from tests.redis_server import RedisServer

Made = tuple[JobStatusResponse, JobResultResponse | None]


async def beat() -> None:
    """A sign of life that nobody hears."""


def attempted(redis: RedisServer, kind: type[store.JobStore] = store.JobStore) -> Made:
    """What becomes of a job."""

    async def run() -> Made:
        client = store.connect(redis.url, most=5)
        jobs = kind(client, 60)
        record, _ = await jobs.create(JobWork(prompt="x", seconds=0))
        await attempt.Attempts(jobs, 15, 5).do(record.status.id, beat)
        found, result = await jobs.read_with_result(record.status.id)
        await client.aclose()
        assert found is not None
        return found.status, result

    return outcome(run())


def returning(value: object) -> Callable[..., dict[str, object]]:
    return lambda *_: {"it": value}


def raising(*_: object) -> Any:
    raise KeyError("a secret")


def test_a_result_that_json_cannot_have_fails_the_job_and_no_poll(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempt, "result_of", returning([float("nan")]))
    status, result = attempted(redis)

    assert result is None
    assert status.error is not None
    assert (status.state, status.error.code) == ("failed", "unwritable_result")
    assert status.error.message == "Value error, result.it[0]: JSON has no nan"


def test_a_fault_of_the_code_ends_the_job_without_its_details(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(attempt, "result_of", raising)
    status, result = attempted(redis)

    assert result is None
    assert status.error is not None
    assert (status.state, status.error.code) == ("failed", "internal")
    assert status.error.message == "a fault of the worker: KeyError"
    assert "a secret" in caplog.text


def test_a_result_is_stored_as_it_is_sent(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempt, "result_of", returning({"b", "a"}))
    status, result = attempted(redis)

    assert status.state == "succeeded"
    assert result is not None
    assert result.result == {"it": ["a", "b"]}


class Mute(store.JobStore):
    """One whose first change is made, and the answer to it lost."""

    is_lost = False

    async def change(
        self, job_id: str, transition: store.Transition, result: str = ""
    ) -> tuple[JobRecord | None, bool]:
        """As the store does it."""
        found = await super().change(job_id, transition, result)
        if not self.is_lost:
            self.is_lost = True
            raise TimeoutError("Timeout reading from socket")
        return found


def test_an_attempt_whose_start_was_not_answered_goes_on(redis: RedisServer) -> None:
    status, result = attempted(redis, Mute)

    assert result is not None
    assert (status.state, status.error) == ("succeeded", None)
