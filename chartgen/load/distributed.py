"""Users in several processes, on several machines: Locust's master and workers, with an order and a tally among their messages.

Moments are counted from the go that the master sends, on each machine's own clock: the clocks need not agree.
"""

from __future__ import annotations

import json
import time
from typing import Any

import gevent
from locust.env import Environment

from chartgen.load.crew import SPAWNED_PER_SECOND, clear, has_jobs, page_class
from chartgen.load.order import Order, Place
from chartgen.load.tally import Tally
from chartgen.load.users import Run

_LONGEST_WAIT, _ENDING = 600.0, 60.0
_ORDER, _READY, _GO, _END, _TALLY, _REFUSED = "chartgen-order", "chartgen-ready", "chartgen-go", "chartgen-end", "chartgen-tally", "chartgen-refused"  # fmt: skip


class Master:
    """The users of the workers that join."""

    def __init__(self, order: Order, place: Place) -> None:
        self.order, self.count = order, place.workers
        self._runner = Environment(user_classes=[page_class(None)]).create_master_runner(*place.bind)
        self._ready: set[str] = set()
        self._tallies: dict[str, Tally] = {}
        self._refusals: set[str] = set()
        self._runner.register_message(_READY, self._is_ready)
        self._runner.register_message(_REFUSED, self._is_refused)
        self._runner.register_message(_TALLY, self._has_tally)

    def start(self, stopped: Any) -> None:
        """Wait for the workers, and send them their parts."""
        limit = time.monotonic() + _LONGEST_WAIT
        while len(self._joined) < self.count and time.monotonic() < limit and not stopped.ready():
            gevent.sleep(0.1)
        if len(self._joined) < self.count:
            raise SystemExit(f"{len(self._joined)} of {self.count} workers joined")
        for index, worker in enumerate(self._joined):
            self._runner.send_message(_ORDER, {"order": self.order.text(), "index": index, "of": self.count}, worker)
        self._runner.start(self.order.users, spawn_rate=SPAWNED_PER_SECOND)

    @property
    def is_ready(self) -> bool:
        """Whether all workers' users are."""
        if self._refusals:
            raise SystemExit(f"a worker serves another address than {self.order.url}: {', '.join(self._refusals)}")
        return len(self._ready) >= self.count

    @property
    def preparing(self) -> str:
        """How far they are."""
        return f"{len(self._joined)} workers, {self._runner.user_count} users, {len(self._ready)} workers ready"

    def begin(self) -> None:
        """Send the go."""
        self._runner.send_message(_GO)

    def polls_of(self, second: int) -> int | None:  # noqa: ARG002 - workers tell at the end
        """It is not known before the end."""
        return None

    def end(self) -> Tally:
        """End the workers, and add up what they counted."""
        self._runner.send_message(_END)
        limit = time.monotonic() + _ENDING
        while len(self._tallies) < self.count and time.monotonic() < limit:
            gevent.sleep(0.1)
        if len(self._tallies) < self.count:
            raise SystemExit(f"{self.count - len(self._tallies)} of {self.count} workers are gone")
        total = Tally()
        for tally in self._tallies.values():
            total.add(tally)
        return total

    def clear(self) -> None:
        """The workers have done so."""
        self._runner.quit()

    @property
    def _joined(self) -> list[str]:
        return list(self._runner.clients)

    def _is_ready(self, msg: Any, **_: Any) -> None:
        self._ready.add(msg.node_id)

    def _is_refused(self, msg: Any, **_: Any) -> None:
        self._refusals.add(str(msg.data))

    def _has_tally(self, msg: Any, **_: Any) -> None:
        self._tallies[msg.node_id] = Tally.read(json.loads(msg.data))


class Joined:
    """The users that a master gives to this process: for the address that whoever started it named, and no other."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.run: Run | None = None
        self._share, self._is_over, self._why = 0.0, False, ""
        self._pages = page_class(None)
        self._runner = Environment(user_classes=[self._pages]).create_worker_runner(*(place.join or place.bind))
        for name, heard in ((_ORDER, self._ordered), (_GO, self._go), (_END, self._end)):
            self._runner.register_message(name, heard)

    def work(self, stopped: Any) -> dict[str, Any]:
        """Do the part that comes, and tell how it ended."""
        limit, is_told = time.monotonic() + _LONGEST_WAIT, False
        while not self._is_over and not self._why and not stopped.ready() and time.monotonic() < limit:
            gevent.sleep(0.1)
            if self.run is None:
                continue
            users = self._runner.target_user_count
            if not is_told and users and self._runner.user_count == users and has_jobs(self.run, users):
                self._runner.send_message(_READY)
                is_told, limit = True, time.monotonic() + self.run.order.lasts + _LONGEST_WAIT
        self._runner.stop()
        if self.run is not None:
            clear(self.run)
            self._runner.send_message(_TALLY, json.dumps(self.run.tally.plain()))  # type: ignore[arg-type] # any value travels
        gevent.sleep(1)  # until the last message is sent
        return {"joined": "" if self.run is not None else self._why or "no master gave an order"}

    def _ordered(self, msg: Any, **_: Any) -> None:
        order = Order.read(msg.data["order"])
        if (order.url, order.settings_url) != (self.place.url, self.place.settings_url):
            self._runner.send_message(_REFUSED, self.place.url)  # type: ignore[arg-type] # as above
            self._why = f"the master's address is another one: {order.url}"
            return
        self._share = 1 / msg.data["of"]
        self.run = Run(order, order.seed + msg.data["index"])
        self._pages.run_of = self.run
        if order.rate is not None:
            gevent.spawn(self.run.arrive, self._share)

    def _go(self, **_: Any) -> None:
        if self.run is not None:
            self.run.begin()

    def _end(self, **_: Any) -> None:
        self._is_over = True
