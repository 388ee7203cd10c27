"""What a job does: it takes its time, tells how far it is, and returns dates, amounts and the like, or fails."""

from __future__ import annotations

import hashlib
import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from backend.models.schemas import JobWork


class Stage(StrEnum):
    """How far an idea is."""

    DRAFT = "draft"
    REVIEWED = "reviewed"


class WorkError(Exception):
    """The job fails; what it says is for whoever asked."""

    code = "refused"


def result_of(job_id: str, work: JobWork, started: datetime, now: datetime) -> dict[str, object]:
    """What the agents made of a prompt. Of one job it is the same however often it runs, but for the times.

    Raises:
        WorkError: the job was to fail.
    """
    if work.outcome == "fail":
        raise WorkError("the agents could not agree: the job was asked to fail")
    digest = hashlib.sha256(work.prompt.encode()).digest()
    due = now.date() + timedelta(days=14)
    return {
        "title": work.prompt.splitlines()[0][:80],
        "reference": uuid.uuid5(uuid.NAMESPACE_OID, job_id),
        "stage": Stage.REVIEWED,
        "budget": Decimal(int.from_bytes(digest[:3], "big")) / 100,
        "score": round(digest[3] / 255, 3),
        "digest": digest,
        "due": due,
        "took": now - started,
        "tags": {"idea", "multi-agent"},
        "rounds": [
            {"agent": agent, "at": started + (now - started) * share, "note": note, "review": _review(due, at)}
            for at, (agent, share, note) in enumerate(_ROUNDS)
        ],
    }


_ROUNDS = (("planner", 0.25, "split the prompt"), ("writer", 0.75, "wrote a draft"), ("critic", 1.0, "agreed"))


def _review(due: date, weeks: int) -> dict[str, object]:
    return {"on": due + timedelta(weeks=weeks), "approved": None}
