"""The jobs in Redis. A poll is one command.

| key | what |
|---|---|
| `job:ID` | the record, JSON; expires |
| `job-result:ID` | what it returned, JSON; expires with it |
| `order:KEY` | the id of the job that was ordered with an idempotency key; expires with it |
| `jobs:active` | sorted set of the ids that are not final, by the second of their creation |
| `jobs:all` | sorted set of all ids; they sort as their times do |
| `jobs:state:STATE` | sorted set of the ids in a state, by the second in which they expire |
| `jobs:id-key` | what ids are sealed with |

A record changes by compare-and-set on its whole text, so that a worker, a cancellation and a second worker never overwrite each
other. The indices change in the same step.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError

from backend import transitions
from backend.job_ids import JobIds
from backend.models.instants import now
from backend.models.record import JobRecord
from backend.models.schemas import JobResultResponse, JobWork, State
from backend.reading import Reader

ACTIVE: Final = "jobs:active"
ALL: Final = "jobs:all"
_ID_KEY: Final = "jobs:id-key"

# KEYS: the record, the result, active, all, the order, the index of its state, then those of all states.
# ARGV: the record as it was ("" if there was none), as it is, seconds to keep, the id, created, expires, final, the result, and
# whether it has an order. What was ordered already is not made again: the answer is the record that there is.
_CHANGE = """
if ARGV[1] == '' and ARGV[9] == '1' then
  local id = redis.call('GET', KEYS[5])
  local found = id and redis.call('GET', 'job:' .. id)
  if found then return found end
end
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
if ARGV[8] ~= '' then redis.call('SET', KEYS[2], ARGV[8], 'EX', ARGV[3]) end
if ARGV[7] == '1' then redis.call('ZREM', KEYS[3], ARGV[4]) else redis.call('ZADD', KEYS[3], ARGV[5], ARGV[4]) end
redis.call('ZADD', KEYS[4], 0, ARGV[4])
if ARGV[9] == '1' then redis.call('SET', KEYS[5], ARGV[4], 'EX', ARGV[3]) end
for at = 7, #KEYS do redis.call('ZREM', KEYS[at], ARGV[4]) end
redis.call('ZADD', KEYS[6], ARGV[6], ARGV[4])
return 1
"""

Transition = Callable[[JobRecord], JobRecord | None]


class BusyError(RedisError):
    """A record changed again and again while it was to be changed."""


def connect(url: str, most: int, seconds: float = 2) -> Redis:
    """A client with bounded waits: a command is sent a second time, on a new connection, where the first was cut."""
    client: Redis = Redis.from_url(
        url,
        max_connections=most,
        socket_timeout=seconds,
        socket_connect_timeout=seconds,
        retry=Retry(NoBackoff(), 1),
    )
    return client


class JobStore:
    """The jobs, which are kept for so many seconds after their last change.

    Every method raises `redis.exceptions.RedisError` (or `OSError`) where Redis does not answer. Those for one job raise
    `UnreadableError` where its record is none, which is logged once; those for many leave it out.
    """

    def __init__(self, redis: Redis, ttl_s: int) -> None:
        self.redis = redis
        self.ttl = timedelta(seconds=ttl_s)
        self._change = redis.register_script(_CHANGE)
        self._ids: JobIds | None = None
        self._reader = Reader()

    async def ids(self) -> JobIds:
        """What makes ids and knows them; its key is made by whoever comes first, and lies in Redis."""
        if self._ids is None:
            key = await self.redis.get(_ID_KEY)
            if key is None:
                await self.redis.set(_ID_KEY, secrets.token_bytes(32), nx=True)
                key = await self.redis.get(_ID_KEY)
            self._ids = JobIds(key)
        return self._ids

    async def create(self, work: JobWork, order: str | None = None) -> tuple[JobRecord, bool]:
        """A new job in the state queued; with the key of an earlier order, the job that it made, however it is by now.

        To have it done, it has to be put into the queue as well.

        Returns:
            The job, and whether it was made now.
        """
        moment = now()
        job_id = (await self.ids()).new()
        record = self._kept(transitions.queued(job_id, work, moment, order), moment)
        found = await self._write(b"", record, "")
        # 0: the command was sent twice, and this is the second answer.
        record = self._reader.read(JobRecord, found, "an order's") if isinstance(found, bytes) else record
        return record, record.status.id == job_id

    async def read(self, job_id: str) -> JobRecord | None:
        """A job; None where there is no entry."""
        text = await self._text(job_id)
        return None if text is None else self._reader.read(JobRecord, text, job_id)

    async def read_with_result(self, job_id: str) -> tuple[JobRecord | None, JobResultResponse | None]:
        """A job and what it returned."""
        text, result = await self.redis.mget(f"job:{job_id}", f"job-result:{job_id}")
        record = None if text is None else self._reader.read(JobRecord, text, job_id)
        found = None if result is None else self._reader.read(JobResultResponse, result, job_id)
        return record, found

    async def change(self, job_id: str, transition: Transition, result: str = "") -> tuple[JobRecord | None, bool]:
        """Let a job become what a function makes of it.

        Returns:
            The job as it is then (None where there is no entry), and whether it was changed.
        """
        for _ in range(20):
            text = await self._text(job_id)
            if text is None:
                return None, False
            record = self._reader.read(JobRecord, text, job_id)
            changed = transition(record)
            if changed is None:
                return record, False
            kept = self._kept(changed, now())
            if await self._write(text, kept, result) == 1:
                return kept, True
        raise BusyError(f"the record of {job_id} changes all the time")

    async def page(self, limit: int, cursor: str | None) -> tuple[list[JobRecord], str | None]:
        """Jobs behind a cursor, the newest first, and the next cursor."""
        last = "+" if cursor is None else f"({cursor}"
        found = await self.redis.zrange(ALL, last, "-", desc=True, bylex=True, offset=0, num=limit + 1)
        ids = [each.decode() for each in found]
        records = self._reader.readable(await self._texts(ids[:limit]))
        return records, (ids[limit - 1] if len(ids) > limit else None)

    async def active(self, first: int, most: int) -> list[str]:
        """The ids of so many jobs that are not final, the oldest first."""
        return [each.decode() for each in await self.redis.zrange(ACTIVE, first, first + most - 1)]

    async def read_active(self, job_ids: list[str]) -> list[JobRecord]:
        """Those of these jobs that there are; the others are active no more."""
        texts = await self._texts(job_ids)
        gone = [job_id for job_id, text in texts.items() if text is None]
        if gone:
            await self.redis.zrem(ACTIVE, *gone)
        return self._reader.readable(texts)

    async def counts(self) -> dict[State, int]:
        """How many jobs there are in each state."""
        pipeline = self.redis.pipeline(transaction=False)
        for state in State:
            pipeline.zcount(_index(state), now().timestamp(), "+inf")
        return dict(zip(State, await pipeline.execute(), strict=True))

    async def trim(self) -> None:
        """Take what has expired out of the indices."""
        second = now().timestamp()
        for state in State:
            expired = await self.redis.zrange(_index(state), "-inf", second, byscore=True, offset=0, num=1000)
            if expired:
                pipeline = self.redis.pipeline()
                for index in (ACTIVE, ALL, _index(state)):
                    pipeline.zrem(index, *expired)
                await pipeline.execute()

    async def ping(self) -> None:
        """See that Redis answers."""
        await self.redis.execute_command("PING")

    async def _text(self, job_id: str) -> bytes | None:
        try:
            text: bytes | None = await self.redis.get(f"job:{job_id}")
        except ResponseError as error:
            if not str(error).startswith("WRONGTYPE"):
                raise
            raise self._reader.unreadable(job_id, error) from None
        return text

    async def _texts(self, job_ids: list[str]) -> dict[str, bytes | None]:
        if not job_ids:
            return {}
        return dict(zip(job_ids, await self.redis.mget([f"job:{each}" for each in job_ids]), strict=True))

    async def _write(self, before: bytes, record: JobRecord, result: str) -> int | bytes:
        status, order = record.status, f"order:{record.order or ''}"
        indices = (_index(status.state), *map(_index, State))
        keys = [f"job:{status.id}", f"job-result:{status.id}", ACTIVE, ALL, order, *indices]
        values: list[bytes | str | int] = [
            before,
            record.model_dump_json(),
            int(self.ttl.total_seconds()),
            status.id,
            int(status.created_at.timestamp()),
            int(status.expires_at.timestamp()),
            int(status.state.is_final),
            result,
            int(record.order is not None),
        ]
        answer: int | bytes = await self._change(keys=keys, args=values)
        return answer

    def _kept(self, record: JobRecord, moment: datetime) -> JobRecord:
        fields = {name: getattr(record.status, name) for name in type(record.status).model_fields}
        status = type(record.status).model_validate(fields | {"expires_at": moment + self.ttl})
        return transitions.with_status(record, status)


def _index(state: State) -> str:
    return f"jobs:state:{state}"
