"""One attempt at a job, from its start to its end in the store, whatever happens to Redis meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta

from pydantic import ValidationError
from redis.exceptions import RedisError

from backend import transitions
from backend.models.instants import now
from backend.models.record import JobRecord
from backend.models.schemas import JobError, JobResultResponse, State
from backend.reading import UnreadableError
from backend.store import JobStore, Transition
from backend.work import WorkError, result_of

TICK_S = 0.5
"""How often a worker looks whether the job was cancelled, which is one command."""

_STEP = 0.01

_log = logging.getLogger("worker")
Beat = Callable[[], Awaitable[None]]


class Attempts:
    """Does jobs; `lease_s` is how long one without a sign of life is taken to be at work, `most` how often it is started."""

    def __init__(self, store: JobStore, lease_s: float, most: int) -> None:
        self.store = store
        self.lease = timedelta(seconds=lease_s)
        self.most = most
        self._at_work: set[str] = set()

    async def do(self, job_id: str, beat: Beat) -> None:
        """Do a job, unless it is done, cancelled, or at work elsewhere. `beat` tells the queue that it goes on.

        A second delivery of the same job does nothing, or takes over from a worker that is gone: nothing is done twice that
        anybody sees, since an earlier attempt's words are not taken any more.
        """
        if job_id in self._at_work:
            return  # the queue took this very worker for lost: Redis was away for longer than the lease
        self._at_work.add(job_id)
        try:
            await self._hold(job_id, beat)
        except UnreadableError:
            return  # the store has said so; SAQ would try it again at once
        except Exception:  # the same: what is not over is queued again when its lease has run out
            _log.exception("job %s: a fault of the worker's code", job_id)
        finally:
            self._at_work.discard(job_id)

    async def _hold(self, job_id: str, beat: Beat) -> None:
        holder = secrets.token_hex(8)
        try:
            record, _ = await self._change(
                job_id, lambda it: transitions.started(it, now(), self.lease, self.most, holder)
            )
            # Not whether it was changed: the answer to the first try may be lost, and the second one finds it done.
            if record is not None and transitions.holds(record, holder):
                await self._do(record, holder, beat)
        except asyncio.CancelledError:
            # The worker stops. Where Redis is away, the lease runs out instead.
            with contextlib.suppress(RedisError, OSError):
                await self.store.change(job_id, lambda it: transitions.requeued(it, now(), holder))
            raise

    async def _do(self, record: JobRecord, holder: str, beat: Beat) -> None:
        try:
            await self._work(record, holder, beat)
        except WorkError as error:
            await self._fail(record, holder, JobError(code=error.code, message=str(error)))
        except ValidationError as error:
            why = "; ".join(each["msg"] for each in error.errors(include_url=False, include_input=False))
            await self._fail(record, holder, JobError(code="unwritable_result", message=why))
        except UnreadableError:
            raise
        except Exception as error:  # whatever it is, the job ends, and says so
            _log.exception("job %s: a fault of the worker's code", record.status.id)
            found = JobError(code="internal", message=f"a fault of the worker: {type(error).__name__}")
            await self._fail(record, holder, found)

    async def _work(self, record: JobRecord, holder: str, beat: Beat) -> None:
        job_id, work = record.status.id, record.work
        if not await self._pass(record, holder, beat):
            await self._end(record, holder, lambda _: None)
            return
        moment = now()
        result = JobResultResponse.model_validate(
            {
                "id": job_id,
                "state": State.SUCCEEDED,
                "finished_at": moment,
                "result": result_of(job_id, work, record.status.started_at or moment, moment),
            }
        )
        text = result.model_dump_json()
        await self._end(record, holder, lambda it: transitions.succeeded(it, moment, holder), text)

    async def _pass(self, record: JobRecord, holder: str, beat: Beat) -> bool:
        """Let the job's time pass; False once the job is no longer this attempt's."""
        clock = asyncio.get_running_loop().time
        begun, seconds = clock(), record.work.seconds
        told, told_at = 0.0, begun
        while (passed := clock() - begun) < seconds:
            await asyncio.sleep(min(TICK_S, seconds - passed))
            progress = min((clock() - begun) / seconds, 1)
            is_due = progress - told >= _STEP or clock() - told_at >= self.lease.total_seconds() / 3
            if not await self._alive(record.status.id, holder, progress if is_due else None, beat):
                return False
            if is_due:
                told, told_at = progress, clock()
        return True

    async def _alive(self, job_id: str, holder: str, progress: float | None, beat: Beat) -> bool:
        """Whether the job is still this attempt's, and, now and then, a sign of life. Without Redis, the work goes on."""
        try:
            if progress is None:
                found = await self.store.read(job_id)
                return found is not None and transitions.holds(found, holder)
            share = round(progress, 3)
            _, is_changed = await self.store.change(job_id, lambda it: transitions.progressed(it, now(), holder, share))
            if is_changed:
                await beat()
        except (RedisError, OSError) as error:
            _log.warning("job %s: Redis does not answer, the work goes on: %s", job_id, type(error).__name__)
            return True
        return is_changed

    async def _fail(self, record: JobRecord, holder: str, error: JobError) -> None:
        await self._end(record, holder, lambda it: transitions.failed(it, now(), holder, error))

    async def _end(self, record: JobRecord, holder: str, transition: Transition, result: str = "") -> None:
        """Write how the job ended; where it is not this attempt's any more, nothing is written, and the log says so."""
        found, _ = await self._change(record.status.id, transition, result)
        # Not whether it was changed, as for the start.
        if found is None or not transitions.is_ended_by(found, holder):
            why = "cancelled, or taken over" if found else "the job is not kept any more"
            _log.info("job %s: attempt %d stops: %s", record.status.id, record.attempt, why)

    async def _change(self, job_id: str, transition: Transition, result: str = "") -> tuple[JobRecord | None, bool]:
        """As the store does it, however long Redis is away: what was worked out is not thrown away."""
        while True:
            try:
                return await self.store.change(job_id, transition, result)
            except (RedisError, OSError) as error:
                _log.warning("job %s: waiting for Redis: %s", job_id, type(error).__name__)
                await asyncio.sleep(TICK_S)
