"""The queue: SAQ on Redis. It carries ids; what a job is, the store knows.

A job that is in the queue is not put there twice (`enqueue` goes by the key, which is the id), so whoever doubts may put it there
again: so does the worker with every active job that the queue does not know.
"""

from __future__ import annotations

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from saq import Job
from saq.queue.redis import RedisQueue

FUNCTION = "do_job"
_MOST_SAQ = 1000  # how often SAQ may start a job; the store counts the attempts, and ends them earlier


def queue_of(redis: Redis) -> RedisQueue:
    """The queue, on a client of its own."""
    return RedisQueue(redis, name="jobs")


def connect(url: str) -> Redis:
    """A client that waits for Redis to come back: SAQ's loops would ask again at once, and for ever."""
    client: Redis = Redis.from_url(
        url,
        socket_timeout=10,
        socket_connect_timeout=2,
        retry=Retry(ExponentialBackoff(cap=1, base=0.1), 60),
    )
    return client


async def enqueue(queue: RedisQueue, job_id: str, heartbeat_s: float) -> bool:
    """Have a job done; False where it is in the queue already."""
    job = Job(
        FUNCTION,
        key=job_id,
        kwargs={"job_id": job_id},
        timeout=0,
        heartbeat=max(round(heartbeat_s), 1),
        retries=_MOST_SAQ,
        ttl=-1,
    )
    return await queue.enqueue(job) is not None


async def unknown_to(queue: RedisQueue, job_ids: list[str]) -> list[str]:
    """Those of the jobs that are not in the queue."""
    if not job_ids:
        return []
    scores = await queue.redis.zmscore(queue.namespace("incomplete"), [queue.job_id(each) for each in job_ids])
    return [each for each, score in zip(job_ids, scores, strict=True) if score is None]
