"""What a worker does beside its jobs: it puts back what the queue has lost, and keeps what waits."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from datetime import timedelta

from redis.exceptions import RedisError
from saq.queue.redis import RedisQueue

from backend import queueing, transitions
from backend.models.instants import now
from backend.reading import UnreadableError
from backend.store import JobStore

_AT_A_TIME = 1000
_log = logging.getLogger("worker")


class Keeper:
    """Looks after the jobs that are not over, so many at a time, thrice in a lease."""

    def __init__(self, store: JobStore, queue: RedisQueue, lease_s: float) -> None:
        self.store = store
        self.queue = queue
        self.lease_s = lease_s
        self._first = 0

    async def run(self) -> None:
        """For ever, whatever happens to Redis."""
        while True:
            try:
                await self.look()
                await self.store.trim()
            except (RedisError, OSError) as error:
                _log.warning("Redis does not answer: %s", type(error).__name__)
            await asyncio.sleep(self.lease_s / 3)

    async def look(self) -> None:
        """Queue what nobody is at work on and the queue does not know; prolong what waits for a worker."""
        found = await self.store.active(self._first, _AT_A_TIME)
        self._first = self._first + _AT_A_TIME if len(found) == _AT_A_TIME else 0
        moment, lease = now(), timedelta(seconds=self.lease_s)
        records = await self.store.read_active(found)
        free = [record for record in records if transitions.is_free(record, moment, lease)]
        for job_id in await queueing.unknown_to(self.queue, [each.status.id for each in free]):
            if await queueing.enqueue(self.queue, job_id, self.lease_s):
                _log.warning("job %s was not in the queue, and is now", job_id)
        for each in free:
            if each.status.expires_at - moment < self.store.ttl / 2:
                with contextlib.suppress(UnreadableError):  # since it was read; the store has said so
                    await self.store.change(each.status.id, transitions.waiting)
