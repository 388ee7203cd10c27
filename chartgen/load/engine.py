"""The process that makes the load: `python -m chartgen.load.engine`, an order on its input, what was counted on its output.

It ends when its time is over, when its input says so or ends: whoever started it is gone then.
"""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.request
from typing import Any

import gevent
from gevent.pool import Pool
from locust.env import Environment
from locust.log import setup_logging

from chartgen.load.order import Order
from chartgen.load.users import Page, Run

SPAWNED_PER_SECOND = 100
"""How many users come in a second, each of whom asks for a job; they poll once all are there."""

LONGEST_START = 120.0
_CLEARED_AT_A_TIME, _CLEARED_IN = 20, 15.0


def tell(**message: Any) -> None:  # noqa: ANN401 - what JSON holds
    """Send a line to whoever started this."""
    sys.stdout.write(f"{json.dumps(message)}\n")
    sys.stdout.flush()


def main() -> None:
    """Do as told, and end: threads that still read, and what Locust leaves, do not hold it up."""
    order = Order.read(sys.stdin.readline())
    setup_logging("WARNING")
    stopped = gevent.get_hub().threadpool.spawn(sys.stdin.readline)
    run = Run(order, order.seed)
    _load(run, stopped)
    tell(result=run.tally.plain(), lasted=run.now if run.begun.is_set() else 0, began=run.began)
    _clear(run)
    os._exit(0)


def _load(run: Run, stopped: Any) -> None:  # noqa: ANN401 - gevent's, which has no types
    order = run.order
    pages = type("ThePage", (Page,), {"run_of": run, "abstract": False, "host": order.url})
    runner = Environment(user_classes=[pages], catch_exceptions=False).create_local_runner()
    if order.rate is not None:
        gevent.spawn(run.arrive, 1.0)
    runner.start(order.users, spawn_rate=SPAWNED_PER_SECOND)
    limit = time.monotonic() + LONGEST_START
    while not _are_ready(run, runner) and time.monotonic() < limit and not stopped.ready():
        gevent.sleep(0.05)
        tell(users=runner.user_count, jobs=len(run.jobs))
    run.begin()
    while run.now < order.lasts and not stopped.ready():
        gevent.sleep(min(1.0, max(order.lasts - run.now, 0)))
        second = run.tally.seconds.get(int(run.now) - 1)
        tell(second=int(run.now) - 1, polls=second.polls if second else 0)
    runner.stop()


def _are_ready(run: Run, runner: Any) -> bool:  # noqa: ANN401 - Locust's
    """Whether all users are there, each with its job; in the open model, those whose job has come already."""
    if runner.user_count < run.order.users:
        return False
    return len(run.jobs) == run.order.users if run.order.rate is None else run.arrivals.empty() or not run.waiting


def _clear(run: Run) -> None:
    """Have the server drop the jobs that nobody waits for any more."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    pool = Pool(_CLEARED_AT_A_TIME)

    def drop(address: str) -> None:
        request = urllib.request.Request(address, method="DELETE", headers=dict(run.order.headers))  # noqa: S310 - the run's own address
        try:
            opener.open(request, timeout=5).close()
        except OSError:
            return

    clearing = gevent.spawn(lambda: pool.map(drop, sorted(run.jobs)))
    clearing.join(_CLEARED_IN)


if __name__ == "__main__":
    main()
