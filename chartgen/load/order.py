"""What the process that makes the load is told: plain values, which travel as JSON."""

from __future__ import annotations

import json
import math
from typing import Any

from chartgen.planning.load import Polls
from chartgen.records import dataclass

SECONDS_IN_BODY = "$seconds"
"""What stands for the job's length in the body of its request."""

LONGEST_JOB = 3600.0
"""What is asked for where a job is to outlast the run (seconds)."""

SETTLING = 2
"""After so many intervals the polls are what the settings say, from the start or from a change on."""

SYNCHRONISED = 10
"""The same, of users who began together: until the pages' own chance has spread them."""


def settling(interval: float, *, together: bool = False) -> int:
    """After how many seconds polls are counted."""
    return math.ceil((SYNCHRONISED if together else SETTLING) * interval)


@dataclass(frozen=True)
class Order:
    """So many users at an address, for how long, and how they behave; times in seconds.

    `rate` is that of an open model, jobs a second; None: each user has a job, and the next one when that ends. `job` is how
    long a job takes, None for one that outlasts the run. `watched` has, for each role, the environment name of its setting and
    what its unit is in seconds.
    """

    url: str
    users: int
    polls: Polls
    lasts: float
    seed: int
    job: float | None = None
    rate: float | None = None
    sync_start: bool = False
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    settings_url: str = ""
    watched: tuple[tuple[str, str, float], ...] = ()

    def text(self) -> str:
        """As one line."""
        fields = {name: getattr(self, name) for name in self.__match_args__}
        return json.dumps(fields | {"polls": [self.polls.interval, self.polls.attempts, self.polls.timeout]})

    @classmethod
    def read(cls, text: str) -> Order:
        """What `text` wrote."""
        fields: dict[str, Any] = json.loads(text)
        interval, attempts, timeout = fields.pop("polls")
        headers, watched = (tuple(map(tuple, fields.pop(name))) for name in ("headers", "watched"))
        return cls(polls=Polls(interval, attempts, timeout), headers=headers, watched=watched, **fields)

    def job_body(self, seconds: float | None) -> str:
        """The body that asks for a job of this length."""
        length = round(LONGEST_JOB if seconds is None else seconds, 3)
        return self.body.replace(json.dumps(SECONDS_IN_BODY), json.dumps(length))


@dataclass(frozen=True)
class Place:
    """Where an order is carried out: in one process, by workers that join it at `bind`, or, there, at the master's `join`."""

    order: str = ""
    workers: int = 0
    bind: tuple[str, int] = ("127.0.0.1", 5557)
    join: tuple[str, int] | None = None
    url: str = ""
    settings_url: str = ""

    def text(self) -> str:
        """As one line."""
        return json.dumps({name: getattr(self, name) for name in self.__match_args__})

    @classmethod
    def read(cls, text: str) -> Place:
        """What `text` wrote."""
        return cls(**json.loads(text))
