"""The process that makes the load: `python -m chartgen.load.engine`, an order on its input, what was counted on its output.

It ends when its time is over, when its input says so or ends: whoever started it is gone then.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from typing import Any

import gevent
from locust.log import setup_logging

from chartgen.load.crew import Crew, Local
from chartgen.load.distributed import Joined, Master
from chartgen.load.order import Order, Place

LONGEST_START = 120.0
"""Users who are not all there by then poll all the same (seconds)."""


def tell(**message: Any) -> None:  # noqa: ANN401 - what JSON holds
    """Send a line to whoever started this; if that one is gone, the input says so."""
    with contextlib.suppress(OSError):
        sys.stdout.write(f"{json.dumps(message)}\n")
        sys.stdout.flush()


def main() -> None:
    """Do as told, and end: threads that still read, and what Locust leaves, do not hold it up."""
    place = Place.read(sys.stdin.readline())
    setup_logging("WARNING")
    _allow_connections()
    stopped = gevent.get_hub().threadpool.spawn(sys.stdin.readline)
    if place.join:
        tell(**Joined(place).work(stopped))
    else:
        _lead(place, stopped)
    os._exit(0)


def _allow_connections() -> None:
    """Each user has one; many systems let a process have 1024 files, unless it asks for more."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _lead(place: Place, stopped: Any) -> None:  # noqa: ANN401 - gevent's, which has no types
    order = Order.read(place.order)
    crew: Crew = Master(order, place) if place.workers else Local(order)
    crew.start(stopped)
    limit = time.monotonic() + LONGEST_START
    while not crew.is_ready and time.monotonic() < limit and not stopped.ready():
        gevent.sleep(0.05)
        tell(preparing=crew.preparing)
    began, origin = time.time(), time.monotonic()
    crew.begin()
    while (now := time.monotonic() - origin) < order.lasts and not stopped.ready():
        gevent.sleep(min(1.0, order.lasts - now))
        tell(second=int(now), polls=crew.polls_of(int(now)))
    lasted = time.monotonic() - origin
    tally = crew.end()
    tell(result=tally.plain(), lasted=lasted, began=began)
    crew.clear()


if __name__ == "__main__":
    main()
