"""What Redis keeps of a job: its status, what it is to do, and which attempt is at work on it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from backend.models.schemas import JobStatusResponse, JobWork, Message


class JobRecord(Message):
    """One entry. `attempt` counts the starts: only what the last one says is written."""

    status: JobStatusResponse
    work: JobWork
    attempt: Annotated[int, Field(ge=0)] = 0
