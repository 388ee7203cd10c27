"""What lies in Redis, read; what cannot be read is said once, and stays as it is: a newer version may know better."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Mapping
from typing import TypeVar

from pydantic import ValidationError

from backend.models.record import JobRecord
from backend.models.schemas import Message

M = TypeVar("M", bound=Message)
_log = logging.getLogger("backend")


class UnreadableError(Exception):
    """What lies in Redis is no record of this version's."""


class Reader:
    """Reads, and logs the first time that something of a job cannot be read."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def read(self, kind: type[M], text: str | bytes, job_id: str) -> M:
        """A message of a job.

        Raises:
            UnreadableError: it is none.
        """
        try:
            return kind.read_stored(text)
        except ValidationError as error:
            raise self.unreadable(job_id, error) from None

    def readable(self, texts: Mapping[str, bytes | None]) -> list[JobRecord]:
        """Those of the jobs that can be read."""
        found = []
        for job_id, text in texts.items():
            with contextlib.suppress(UnreadableError):
                if text is not None:
                    found.append(self.read(JobRecord, text, job_id))
        return found

    def unreadable(self, job_id: str, error: Exception) -> UnreadableError:
        """Say so, once."""
        if job_id not in self._told:
            self._told.add(job_id)
            _log.error("job %s: what is kept of it cannot be read, and stays as it is: %s", job_id, _why(error))
        return UnreadableError(job_id)


def _why(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in found[:3])
