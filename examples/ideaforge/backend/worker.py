"""The worker's process: it takes jobs from the queue, and ends in good order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from typing import Any, ClassVar

from saq import Worker
from saq.types import PartialTimersDict

from backend import queueing, store
from backend.attempt import Attempts
from backend.configuration import Configuration
from backend.ending import end
from backend.keeper import Keeper

_log = logging.getLogger("worker")
_DEADLINE_S = 8


async def run(configuration: Configuration, concurrency: int) -> None:
    """Work until SIGTERM or SIGINT; what is at work then goes back into the queue at once."""
    heartbeat_s = configuration.heartbeat_s
    redis = store.connect(configuration.redis_url, most=concurrency + 10)
    jobs = store.JobStore(redis, configuration.result_ttl_s)
    queue_redis = queueing.connect(configuration.redis_url)
    queue = queueing.queue_of(queue_redis)
    attempts = Attempts(jobs, heartbeat_s, configuration.attempts)

    async def do_job(context: dict[str, Any], *, job_id: str) -> None:
        await attempts.do(job_id, context["job"].update)

    sweep_s = max(round(heartbeat_s / 3), 1)
    timers: PartialTimersDict = {"schedule": 1, "worker_info": 10, "sweep": sweep_s, "abort": 1}
    worker = _Worker(
        queue,
        [(queueing.FUNCTION, do_job)],
        concurrency=concurrency,
        timers=timers,
        dequeue_timeout=2,
        cancellation_hard_deadline_s=3,
    )
    _log.info("the worker takes %d jobs at a time", concurrency)
    keeper = asyncio.create_task(Keeper(jobs, queue, heartbeat_s).run())
    try:
        await _until_told(worker)
    finally:
        await end(keeper)
        await queue_redis.aclose()
        await redis.aclose()
    _log.info("the worker has stopped")


class _Worker(Worker[Any]):
    """One whose signals are handled here."""

    SIGNALS: ClassVar = []  # type: ignore[misc]


async def _until_told(worker: _Worker) -> None:
    """Work until a signal comes, and not much longer: where Redis is away, SAQ would wait for it to give its jobs back."""
    loop = asyncio.get_running_loop()
    working = asyncio.create_task(worker.start())
    await asyncio.sleep(0)  # it has its event now

    def stop() -> None:
        worker.event.set()
        loop.call_later(_DEADLINE_S, working.cancel)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    with contextlib.suppress(asyncio.CancelledError):
        await working
