"""What Redis keeps of a job: its status, what was asked for, and which attempt is at work on it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from backend.models.schemas import JobRequest, JobStatusResponse, Message


class JobRecord(Message):
    """One entry. `attempt` counts the starts: only what the last one says is written."""

    status: JobStatusResponse
    request: JobRequest
    attempt: Annotated[int, Field(ge=0)] = 0
