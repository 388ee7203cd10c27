"""The messages of the API. Each is the same text through a `JSONResponse`, a websocket and Redis.

`json.dumps` of a dump of a model with a datetime in it says `Object of type datetime is not JSON serializable`. A dump of these, and a
dictionary of them, is made of JSON's own kinds, whatever was put into them past validation, or it raises ValueError. Instants are aware and in UTC: a naive one is refused when a message is
made, by a value, an assignment or a default; a text without a zone that was stored before that was so is read as UTC
(`read_stored`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, JsonValue, field_serializer

from backend.models.instants import STORED, Instant, written
from backend.models.plain import plain

LONGEST = 3600
"""For how many seconds a job works at most."""


class State(StrEnum):
    """How a job is. The last three are final."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        """Whether it stays so."""
        return self not in {State.QUEUED, State.RUNNING}


class Outcome(StrEnum):
    """How a job is to end."""

    SUCCEED = "succeed"
    FAIL = "fail"


class Message(BaseModel):
    """What all messages have in common: frozen, and defaults are validated as values are.

    Fields that are not known are left out: what a newer version stored can be read.
    """

    model_config = ConfigDict(frozen=True, validate_default=True, allow_inf_nan=False)

    def model_dump(self, **options: Any) -> dict[str, Any]:  # noqa: ANN401 - they are Pydantic's
        """As Pydantic does it, in JSON's own kinds (`plain`).

        Raises:
            ValueError: something in it has no form in JSON, which only comes about past validation.
        """
        return {name: plain(value, name) for name, value in super().model_dump(**options).items()}

    def model_dump_json(self, *, indent: int | None = None, ensure_ascii: bool = False, **options: Any) -> str:  # noqa: ANN401
        """The text of `model_dump`, as a `JSONResponse` writes it. Raises likewise."""
        separators = (",", ":") if indent is None else None
        found = self.model_dump(**options)
        return json.dumps(found, indent=indent, ensure_ascii=ensure_ascii, allow_nan=False, separators=separators)

    def __iter__(self) -> Iterator[tuple[str, Any]]:  # type: ignore[override]
        """So that a dictionary of it is a dump of it."""
        yield from self.model_dump().items()

    @classmethod
    def read_stored(cls, text: str | bytes) -> Self:
        """A message from Redis; a datetime without a zone, of an old entry, is UTC.

        Raises:
            pydantic.ValidationError: it is no such message.
        """
        return cls.model_validate_json(text, context=STORED)


class JobWork(Message):
    """What a job is to do."""

    prompt: Annotated[str, Field(strict=True, min_length=1, max_length=4000)]
    seconds: Annotated[float, Field(strict=True, ge=0, le=LONGEST)] = 5
    outcome: Outcome = Outcome.SUCCEED


class JobRequest(JobWork):
    """A job that is asked for; a field too many is refused."""

    model_config = ConfigDict(extra="forbid")


class JobError(Message):
    """Why a job failed."""

    code: str
    message: str


class JobStatusResponse(Message):
    """How a job is. `created_at` to `expires_at` are aware, and UTC; naive ones are refused."""

    id: str
    state: State
    progress: Annotated[float, Field(ge=0, le=1)] = 0
    message: str | None = None
    created_at: Instant
    started_at: Instant | None = None
    updated_at: Instant
    finished_at: Instant | None = None
    expires_at: Instant
    error: JobError | None = None

    @field_serializer("created_at", "started_at", "updated_at", "finished_at", "expires_at")
    def _written(self, instant: datetime | None) -> str | None:
        return None if instant is None else written(instant)


class JobResultResponse(Message):
    """What a job has returned. `result` is made of JSON's own kinds when the message is made (`plain`), or refused then."""

    id: str
    state: State
    finished_at: Instant
    result: Annotated[dict[str, JsonValue], BeforeValidator(plain)]

    @field_serializer("finished_at")
    def _written(self, instant: datetime) -> str:
        return written(instant)

    @field_serializer("result")
    def _plain(self, result: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """Once more: a dictionary can be changed."""
        return {name: plain(value, f"result.{name}") for name, value in result.items()}


class JobList(Message):
    """Some jobs, the newest first; `next` is the cursor of those behind them."""

    jobs: list[JobStatusResponse]
    next: str | None = None


class Problem(Message):
    """What FastAPI calls `detail`: why a request was not answered as wished."""

    code: str
    message: str
