"""One attempt at a job, with a real Redis and work of the test's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from backend import attempt, store, transitions
from backend.models.instants import now
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


class Lost(store.JobStore):
    """One in which somebody else changes the job just before its first attempt ends it."""

    changes = 0

    async def change(
        self, job_id: str, transition: store.Transition, result: str = ""
    ) -> tuple[JobRecord | None, bool]:
        """As the store does it."""
        self.changes += 1
        if self.changes == 2:
            for each in self.between():
                await super().change(job_id, each)
        return await super().change(job_id, transition, result)

    def between(self) -> list[store.Transition]:
        """What happens meanwhile: nothing, unless another one says so."""
        return []


class Cancelled(Lost):
    """Whoever asked for it does not want it any more."""

    def between(self) -> list[store.Transition]:
        """Cancel it."""
        return [lambda it: transitions.cancelled(it, now())]


class TakenOver(Lost):
    """Another worker takes it over, and is done sooner."""

    def between(self) -> list[store.Transition]:
        """Start and end it."""
        return [
            lambda it: transitions.started(it, now(), timedelta(0), 5, "another"),
            lambda it: transitions.succeeded(it, now(), "another"),
        ]


class GivenUp(Lost):
    """Another worker gives it up."""

    def between(self) -> list[store.Transition]:
        """Start it once too often."""
        return [lambda it: transitions.started(it, now(), timedelta(0), 1, "another")]


class Gone(Lost):
    """Its entry has expired."""

    async def change(
        self, job_id: str, transition: store.Transition, result: str = ""
    ) -> tuple[JobRecord | None, bool]:
        """As the store does it."""
        found = await super().change(job_id, transition, result)
        return (None, False) if self.changes == 2 else found


@pytest.mark.parametrize("kind", [Cancelled, TakenOver, GivenUp, Gone])
def test_an_end_that_comes_too_late_is_logged(
    redis: RedisServer, kind: type[store.JobStore], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "worker")
    attempted(redis, kind)

    why = "the job is not kept any more" if kind is Gone else "cancelled, or taken over"
    assert f"attempt 1 stops: {why}" in caplog.text


class Deaf(store.JobStore):
    """One whose answer to the job's end is lost."""

    changes = 0

    async def change(
        self, job_id: str, transition: store.Transition, result: str = ""
    ) -> tuple[JobRecord | None, bool]:
        """As the store does it."""
        found = await super().change(job_id, transition, result)
        self.changes += 1
        if self.changes == 2:
            raise TimeoutError("Timeout reading from socket")
        return found


@pytest.mark.parametrize("kind", [store.JobStore, Deaf])
def test_an_end_that_counts_is_not_said_to_be_late(
    redis: RedisServer, kind: type[store.JobStore], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "worker")
    status, _ = attempted(redis, kind)

    assert status.state == "succeeded"
    assert "stops" not in caplog.text
