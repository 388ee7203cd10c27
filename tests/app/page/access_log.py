"""What the server of the page was asked for, by its own log and its own clock."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from pathlib import Path

from tests.app.page.application import Application

_POLL = re.compile(r"/api/multi-agent/jobs/(?P<id>[^/?]+)")


@dataclass(frozen=True)
class Answer:
    """A request that was answered, when it came (s since 1970), and how."""

    at: float
    status: int
    method: str
    uri: str
    key: str
    """Its Idempotency-Key; "-" where it has none."""


def answers(app: Application) -> list[Answer]:
    """All of them, in their order."""
    lines = Path(app.folder / "access.log").read_text(encoding="utf-8").splitlines()
    found = [line.split(" ") for line in lines]
    return [
        Answer(float(at) - float(took), int(status), method, uri, key) for at, took, status, method, uri, key in found
    ]


def polls(app: Application, job: str) -> list[Answer]:
    """Each time that the job's status was asked for."""
    return [each for each in answers(app) if each.method == "GET" and _is_poll(each.uri, job)]


def orders(app: Application) -> list[Answer]:
    """Each time that a job was submitted."""
    return [each for each in answers(app) if each.method == "POST"]


def gaps(found: list[Answer]) -> list[float]:
    """The seconds from one to the next."""
    return [later.at - earlier.at for earlier, later in itertools.pairwise(found)]


def _is_poll(uri: str, job: str) -> bool:
    match = _POLL.fullmatch(uri)
    return match is not None and match["id"] == job
