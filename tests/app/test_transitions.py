"""How a job becomes another one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from backend import transitions
from backend.models.record import JobRecord
from backend.models.schemas import JobError, JobWork, State

T0 = datetime(2026, 1, 1, tzinfo=UTC)
LEASE = timedelta(seconds=15)


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def new() -> JobRecord:
    return transitions.queued("j1", JobWork(prompt="x"), T0)


def running() -> JobRecord:
    record = transitions.started(new(), at(1), LEASE, 3, "first")
    assert record is not None
    return record


def test_a_queued_job_is_started_once() -> None:
    record = running()

    assert (record.status.state, record.attempt, record.status.started_at) == (State.RUNNING, 1, at(1))
    assert transitions.started(record, at(15.9), LEASE, 3, "second") is None


def test_a_job_without_a_sign_of_life_is_started_again_and_the_first_attempt_has_no_say() -> None:
    again = transitions.started(running(), at(16), LEASE, 3, "second")

    assert again is not None
    assert (again.attempt, again.status.started_at) == (2, at(1))
    assert transitions.progressed(again, at(17), "first", 0.5) is None
    assert transitions.succeeded(again, at(17), "first") is None
    assert transitions.failed(again, at(17), "first", JobError(code="x", message="x")) is None
    assert transitions.requeued(again, at(17), "first") is None


def test_a_sign_of_life_prolongs_the_lease() -> None:
    record = transitions.progressed(running(), at(10), "first", 0.5)

    assert record is not None
    assert (record.status.progress, transitions.started(record, at(24), LEASE, 3, "second")) == (0.5, None)


def test_a_job_is_given_up_after_so_many_lost_workers() -> None:
    record = running()
    for attempt in (2, 3):
        found = transitions.started(record, record.status.updated_at + LEASE, LEASE, 3, f"attempt {attempt}")
        assert found is not None
        assert found.attempt == attempt
        record = found
    given_up = transitions.started(record, at(100), LEASE, 3, "second")

    assert given_up is not None
    assert (given_up.status.state, given_up.status.finished_at) == (State.FAILED, at(100))
    assert given_up.status.error is not None
    assert given_up.status.error.code == "worker_lost"


def test_a_worker_that_stops_costs_no_attempt() -> None:
    record = transitions.requeued(running(), at(2), "first")

    assert record is not None
    assert (record.status.state, record.attempt, record.holder, record.status.progress) == (State.QUEUED, 0, None, 0)


def test_what_is_over_stays_as_it_is() -> None:
    for over in (transitions.succeeded(running(), at(2), "first"), transitions.cancelled(running(), at(2))):
        assert over is not None
        assert over.status.finished_at == at(2)
        assert transitions.cancelled(over, at(3)) is None
        assert transitions.started(over, at(300), LEASE, 3, "second") is None
        assert transitions.progressed(over, at(3), "first", 1) is None


def test_a_clock_that_is_behind_does_not_turn_a_job_back() -> None:
    record = transitions.progressed(running(), at(-50), "first", 0.5)

    assert record is not None
    assert record.status.updated_at == at(1)


def test_an_attempt_knows_its_own_start_however_long_ago() -> None:
    record = running()

    assert transitions.holds(record, "first")
    assert transitions.started(record, at(100), LEASE, 1, "first") is None
