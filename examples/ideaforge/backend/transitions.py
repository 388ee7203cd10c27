"""How a job becomes another one: pure functions of its record and the time. None: it stays as it is.

An attempt holds a job for as long as `updated_at` is fresh. One whose worker is gone can be started again; what the earlier
attempt says from then on, if it lives after all, is not taken. Each attempt has a name of its own, by which it knows the job for
its own even where the answer to its start was lost.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from backend.models.record import JobRecord
from backend.models.schemas import JobError, JobStatusResponse, JobWork, State


def queued(job_id: str, work: JobWork, now: datetime, order: str | None = None) -> JobRecord:
    """A new job."""
    status = JobStatusResponse(id=job_id, state=State.QUEUED, created_at=now, updated_at=now, expires_at=now)
    return JobRecord(status=status, work=work, order=order)


def is_free(record: JobRecord, now: datetime, lease: timedelta) -> bool:
    """Whether nobody is at work on a job that is not over."""
    status = record.status
    return status.state is State.QUEUED or (status.state is State.RUNNING and now - status.updated_at >= lease)


def started(record: JobRecord, now: datetime, lease: timedelta, most: int, holder: str) -> JobRecord | None:
    """By an attempt that takes it; failed, where it was started often enough. None: it is done, or somebody is at work."""
    status = record.status
    if holds(record, holder) or not is_free(record, now, lease):
        return None
    if record.attempt >= most:
        attempts = "1 attempt" if record.attempt == 1 else f"{record.attempt} attempts"
        why = f"given up: the worker was lost in the middle of {attempts}"
        ended = _ended(record, now, State.FAILED, error=JobError(code="worker_lost", message=why))
        return with_status(ended, ended.status, holder=holder)
    again = None if record.attempt == 0 else f"attempt {record.attempt + 1}: the worker of the last one was lost"
    changed = _changed(status, now, state=State.RUNNING, started_at=status.started_at or now, message=again, progress=0)
    return with_status(record, changed, attempt=record.attempt + 1, holder=holder)


def waiting(record: JobRecord) -> JobRecord | None:
    """The same, kept from now on: what waits for a worker, its first or the next one, does not expire while there is one."""
    return None if record.status.state.is_final else record


def progressed(record: JobRecord, now: datetime, holder: str, progress: float) -> JobRecord | None:
    """Further on; as a sign of life it counts even where `progress` is the same."""
    if not holds(record, holder):
        return None
    return with_status(record, _changed(record.status, now, progress=progress))


def requeued(record: JobRecord, now: datetime, holder: str) -> JobRecord | None:
    """Given back by a worker that stops; the attempt does not count."""
    if not holds(record, holder):
        return None
    changed = _changed(
        record.status, now, state=State.QUEUED, progress=0, message="the worker stopped; another takes over"
    )
    return with_status(record, changed, attempt=record.attempt - 1, holder=None)


def succeeded(record: JobRecord, now: datetime, holder: str) -> JobRecord | None:
    """Done."""
    return _ended(record, now, State.SUCCEEDED, progress=1) if holds(record, holder) else None


def failed(record: JobRecord, now: datetime, holder: str, error: JobError) -> JobRecord | None:
    """Done, in vain."""
    return _ended(record, now, State.FAILED, error=error) if holds(record, holder) else None


def cancelled(record: JobRecord, now: datetime) -> JobRecord | None:
    """By whoever asked for it; the worker sees that at its next sign of life."""
    if record.status.state.is_final:
        return None
    return _ended(record, now, State.CANCELLED)


def holds(record: JobRecord, holder: str) -> bool:
    """Whether the job is that attempt's."""
    return record.status.state is State.RUNNING and record.holder == holder


def is_ended_by(record: JobRecord, holder: str) -> bool:
    """Whether it was that attempt that ended it."""
    return record.status.state in (State.SUCCEEDED, State.FAILED) and record.holder == holder


def with_status(record: JobRecord, status: JobStatusResponse, **changes: object) -> JobRecord:
    """A record with another status, and other fields of its own."""
    fields = {name: getattr(record, name) for name in JobRecord.model_fields}
    return JobRecord.model_validate(fields | {"status": status} | changes)


def _ended(record: JobRecord, now: datetime, state: State, **more: object) -> JobRecord:
    return with_status(record, _changed(record.status, now, state=state, finished_at=now, message=None, **more))


def _changed(status: JobStatusResponse, now: datetime, **changes: object) -> JobStatusResponse:
    """Validated anew, which a copy with an update would not be; no clock goes back for those who watch."""
    fields = {name: getattr(status, name) for name in JobStatusResponse.model_fields}
    later = {"updated_at": max(now, status.updated_at)}
    return JobStatusResponse.model_validate(fields | later | changes)
