"""What Redis keeps of a job: its status, what it is to do, which attempt is at work on it, and what it was ordered with."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from backend.models.schemas import JobStatusResponse, JobWork, Message


class JobRecord(Message):
    """One entry. `attempt` counts the starts; `holder` is whose the last one is: only what that one says is written.

    `order` is the order's idempotency key, if it had one.
    """

    status: JobStatusResponse
    work: JobWork
    attempt: Annotated[int, Field(ge=0)] = 0
    holder: str | None = None
    order: str | None = None
