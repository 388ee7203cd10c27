"""The users of one process: they come, begin together, and leave nothing behind on the server."""

from __future__ import annotations

import urllib.request
from http.client import HTTPException
from typing import Any, Protocol

import gevent
from gevent.pool import Pool
from locust.env import Environment

from chartgen.load.order import Order
from chartgen.load.tally import Tally
from chartgen.load.users import Page, Run

SPAWNED_PER_SECOND = 100
"""How many users come in a second, each of whom asks for a job; they poll once all are there."""

_CLEARED_AT_A_TIME, _CLEARED_IN = 20, 15.0


class Crew(Protocol):
    """All users, in this process or in others."""

    def start(self, stopped: Any) -> None:
        """Let them come; less of them once `stopped` is ready."""

    @property
    def is_ready(self) -> bool:
        """Whether all are there, each with its job."""

    @property
    def preparing(self) -> str:
        """How far they are, in words."""

    def begin(self) -> None:
        """Let them poll."""

    def polls_of(self, second: int) -> int | None:
        """How many polls a second had; None where that is not known yet."""

    def end(self) -> Tally:
        """Let them leave; what was counted."""

    def clear(self) -> None:
        """Have the server drop the jobs that nobody waits for any more."""


class Local:
    """Those of this process, by Locust's runner for one."""

    def __init__(self, order: Order) -> None:
        self.run = Run(order, order.seed)
        self._runner = Environment(user_classes=[page_class(self.run)]).create_local_runner()

    def start(self, stopped: Any) -> None:  # noqa: ARG002 - it takes no time
        """As the crew's."""
        if self.run.order.rate is not None:
            gevent.spawn(self.run.arrive, 1.0)
        self._runner.start(self.run.order.users, spawn_rate=SPAWNED_PER_SECOND)

    @property
    def is_ready(self) -> bool:
        """As the crew's."""
        return self._runner.user_count == self.run.order.users and has_jobs(self.run, self.run.order.users)

    @property
    def preparing(self) -> str:
        """As the crew's."""
        return f"{self._runner.user_count} users, {len(self.run.jobs)} jobs"

    def begin(self) -> None:
        """As the crew's."""
        self.run.begin()

    def polls_of(self, second: int) -> int | None:
        """As the crew's."""
        found = self.run.tally.seconds.get(second)
        return found.polls if found else 0

    def end(self) -> Tally:
        """As the crew's."""
        self._runner.stop()
        return self.run.tally

    def clear(self) -> None:
        """As the crew's."""
        clear(self.run)


def page_class(run: Run | None) -> type[Page]:
    """The class of the users of a run; Locust knows it by its name, in every process."""
    return type("User", (Page,), {"run_of": run, "abstract": False, "host": "http://localhost"})


def has_jobs(run: Run, users: int) -> bool:
    """Whether so many users have their job; in the open model, those whose job has come already."""
    return len(run.jobs) == users if run.order.rate is None else run.arrivals.empty() or not run.waiting


def clear(run: Run) -> None:
    """Have the server drop the jobs of a run; in a while, not at once, and not for long."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    pool = Pool(_CLEARED_AT_A_TIME)

    def drop(address: str) -> None:
        request = urllib.request.Request(address, method="DELETE", headers=dict(run.order.headers))  # noqa: S310 - the run's own address
        try:
            opener.open(request, timeout=5).close()
        except (OSError, ValueError, HTTPException):  # one answer that is none leaves the others' jobs to be dropped
            return

    gevent.spawn(pool.map, drop, sorted(run.jobs)).join(_CLEARED_IN)
