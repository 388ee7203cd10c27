"""What the routes share: the store, the queue, the gate, the metrics."""

from __future__ import annotations

import logging
import math
import random
from dataclasses import dataclass

from fastapi import HTTPException, Request, WebSocket
from redis.exceptions import RedisError
from saq.queue.redis import RedisQueue

from backend import queueing
from backend.configuration import Configuration
from backend.metrics import Metrics
from backend.models.record import JobRecord
from backend.models.schemas import JobRequest, Problem, State
from backend.pressure import Gate
from backend.store import JobStore

_log = logging.getLogger("backend")


@dataclass
class Service:
    """All that answers a request. `is_stopping` from SIGTERM on."""

    configuration: Configuration
    store: JobStore
    queue: RedisQueue
    gate: Gate
    metrics: Metrics
    is_stopping: bool = False

    @property
    def interval_s(self) -> int:
        """The settings' interval between polls, in whole seconds."""
        return max(math.ceil(self.configuration.poll_interval_ms / 1000), 1)

    async def submit(self, request: JobRequest, order: str | None) -> JobRecord:
        """Take a job. Once it is in the store it is not lost: the worker queues what the queue does not know.

        With a key, an order that is sent again is the job that it was, also where nobody heard the first answer.
        """
        record, is_new = await self.store.create(request, order)
        if is_new:
            self.metrics.submitted.inc()
        if record.work.model_dump() != request.model_dump():
            raise problem(422, "key_used", "the Idempotency-Key is that of another order")
        if record.status.state is not State.QUEUED:
            return record
        try:
            await queueing.enqueue(self.queue, record.status.id, self.configuration.heartbeat_s)
        except (RedisError, OSError) as error:
            _log.warning("job %s is kept, but not in the queue yet: %s", record.status.id, type(error).__name__)
        return record

    async def absent(self, job_id: str) -> HTTPException:
        """404 for an id that was not made here, 410 for one whose job is not kept any more."""
        if (await self.store.ids()).made_at_ms(job_id) is None:
            return problem(404, "unknown", "there is no job of this id")
        return problem(410, "expired", "the job was here, and is not kept any more")


# FastAPI runs what is not `async` in a thread, which costs more than a poll does.
async def service_of(connection: Request) -> Service:
    """The service of the app that serves a request."""
    service: Service = connection.app.state.service
    return service


async def service_of_socket(connection: WebSocket) -> Service:
    """The same of a websocket."""
    service: Service = connection.app.state.service
    return service


def problem(status: int, code: str, message: str, retry_after_s: int | None = None) -> HTTPException:
    """An answer that is no job."""
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": str(retry_after_s)} if retry_after_s else {})
    return HTTPException(status, Problem(code=code, message=message).model_dump(), headers)


def soon_s() -> int:
    """When to ask again while Redis is away; not all at once."""
    return random.randint(2, 5)  # noqa: S311 - spreads pollers, guards nothing
