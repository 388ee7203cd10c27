"""Locust's users, each of whom is a page that waits for a job: in a process of their own, which gevent has patched."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

import gevent
from gevent.event import Event
from gevent.queue import Queue
from locust import FastHttpUser, task

from chartgen.load.order import Order
from chartgen.load.pacing import (
    REQUEST_TIMEOUT,
    WATCH_FLOOR,
    WATCH_JITTER,
    Bounds,
    Poller,
    apart,
    first_phase,
    reply_of,
)
from chartgen.load.tally import Tally, bucket
from chartgen.planning.load import Polls
from chartgen.records import replace


class Run:
    """What the users of a process share."""

    def __init__(self, order: Order, seed: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.order = order
        self.clock = clock
        self.random = random.Random(seed)  # noqa: S311 - chance, not a secret
        self.tally = Tally()
        self.begun = Event()
        self.origin = clock()
        self.began = time.time()
        self.arrivals: Queue[float | None] = Queue()
        self.jobs: set[str] = set()
        self.waiting = 0

    @property
    def now(self) -> float:
        """Seconds since the users began."""
        return self.clock() - self.origin

    def begin(self) -> None:
        """Let the users poll."""
        self.origin, self.began = self.clock(), time.time()
        self.begun.set()

    def arrive(self, share: float) -> None:
        """The open model: jobs come at moments by chance, as many as planned, for this share of the users.

        The first are those that are there already. By number they are what is expected: of a short run's chance the mean would
        not tell much else.
        """
        order, rate = self.order, (self.order.rate or 0) * share
        assert order.job is not None
        for _ in range(round(rate * order.job)):
            self.arrivals.put(order.job * self.random.random())
        moments = sorted(self.random.uniform(0, order.lasts) for _ in range(round(rate * order.lasts)))
        self.begun.wait()
        for moment in moments:
            gevent.sleep(max(moment - self.now, 0))
            is_taken = self.waiting > self.arrivals.qsize()
            self.tally.at(self.now).others["arrived" if is_taken else "turned away"] += 1
            if is_taken:
                self.arrivals.put(order.job)


class Page(FastHttpUser):
    """One user, who has one page."""

    abstract = True
    run_of: Run
    is_broken = False
    insecure = False
    network_timeout = connection_timeout = REQUEST_TIMEOUT
    max_redirects = 0

    def on_start(self) -> None:
        """Nothing is polled until all are there."""
        shared = self.run_of
        self.chance = random.Random(shared.random.random())  # noqa: S311 - chance, not a secret
        self.bounds = Bounds(self.chance.random)
        self.polls = shared.order.polls
        self.is_first = True
        if shared.order.settings_url:
            gevent.spawn(self.follow)

    def wait_time(self) -> float:
        """No time between jobs; an interval after one that broke off: nothing unforeseen becomes a storm of requests."""
        return self.polls.interval if self.is_broken else 0

    @task
    def job(self) -> None:
        """One job, from its request to the poll that sees its end."""
        self.is_broken = True
        shared, is_first = self.run_of, self.is_first
        length = self.length()
        address = self.submit(length)
        while address is None:
            gevent.sleep(self.polls.interval * self.chance.uniform(1, 1.5))
            address = self.submit(length)
        shared.jobs.add(address)
        shared.begun.wait()
        self.wait_for(address, at_once=is_first and shared.order.sync_start, is_whole=not is_first)
        shared.jobs.discard(address)
        self.is_broken = False

    def length(self) -> float | None:
        """How long the next job is; in the open model, once one has come. Of the first ones a part is over."""
        shared, order = self.run_of, self.run_of.order
        was_first, self.is_first = self.is_first, False
        if order.rate is not None:
            shared.waiting += 1
            try:
                arrived: float = shared.arrivals.get()
                return arrived
            finally:
                shared.waiting -= 1
        return order.job * self.chance.random() if order.job is not None and was_first else order.job

    def submit(self, length: float | None) -> str | None:
        """Ask for a job; where its status is, None where there is no answer to that effect."""
        order = self.run_of.order
        headers = {"Content-Type": "application/json", **dict(order.headers)}
        with self.send("POST", order.url, headers, order.job_body(length)) as response:
            place = response.headers.get("Location", "") if response.headers else ""
            if not place:
                found = _json(response.content)
                place = f"{order.url.rstrip('/')}/{found['id']}" if isinstance(found.get("id"), str) else ""
            address = _joined(order.url, place)
            is_there = 200 <= response.status_code < 300 and place and _origin(address) == _origin(order.url)
            (response.success if is_there else response.failure)(
                *([] if is_there else [f"no job: {response.status_code}"])
            )
        self.run_of.tally.at(self.run_of.now).others["submitted" if is_there else "not submitted"] += 1
        return address if is_there else None

    def wait_for(self, address: str, *, at_once: bool, is_whole: bool) -> None:
        """Poll as the client does, until that ends."""
        shared = self.run_of
        poller = Poller(lambda: self.polls, self.bounds)
        begun, wait = shared.now, 0.0 if at_once else poller.first()
        while True:
            due = shared.now + wait
            gevent.sleep(wait)
            start = shared.now
            kind, after = self.ask(address, start, start - due)
            found = poller.next(kind, after, shared.now - begun)
            if isinstance(found, str):
                return self.ended(found, poller.count, is_whole=is_whole)
            wait = found

    def ask(self, address: str, start: float, late: float) -> tuple[Any, float]:
        """One poll, and how long it took."""
        shared = self.run_of
        with self.send("GET", address, dict(shared.order.headers)) as response:
            headers = response.headers or {}
            reply = reply_of(
                response.status_code,
                _json(response.content).get("state"),
                headers.get("Retry-After", "") or "",
                headers.get("Date", "") or "",
            )
            response.success()
        took = shared.now - start
        second = shared.tally.at(start)
        second.replies[reply.kind] += 1
        second.others["asked to wait"] += reply.retry_after is not None
        for counts, seconds in ((second.times, took), (second.lateness, late)):
            counts[bucket(seconds)] += 1
        return reply, took

    def ended(self, why: str, polls: int, *, is_whole: bool) -> None:
        """Count a job that is over; of those that were half over when the run began, the polls are not told."""
        others = self.run_of.tally.at(self.run_of.now).others
        others[f"ended: {why}"] += 1
        if is_whole:
            others["whole jobs"] += 1
            others["their polls"] += polls

    def follow(self) -> None:
        """Follow live settings, as the client's `watchSettings` does."""
        shared, bounds = self.run_of, replace(self.bounds, floor=WATCH_FLOOR, jitter=WATCH_JITTER)
        shared.begun.wait()
        gevent.sleep(first_phase(self.polls.interval, bounds))
        while True:
            start = shared.now
            with self.send("GET", shared.order.settings_url, {}) as response:
                self.adopt(_json(response.content).get("settings"))
                response.success()
            gevent.sleep(apart(self.polls.interval, shared.now - start, bounds))

    def adopt(self, settings: object) -> None:
        """Take over what a document of settings says."""
        if not isinstance(settings, dict):
            return
        now = {"interval": self.polls.interval, "attempts": self.polls.attempts, "timeout": self.polls.timeout}
        for role, env, seconds in self.run_of.order.watched:
            value = settings.get(env)
            if isinstance(value, int | float) and value > 0:
                now[role] = value * seconds
        polls = Polls(float(now["interval"]), int(now["attempts"]), float(now["timeout"]))
        if polls.interval != self.polls.interval:
            self.run_of.tally.change(self.run_of.now, polls.interval)
        self.polls = polls

    def send(self, method: str, address: str, headers: dict[str, str], body: str | None = None) -> Any:
        """A request of Locust's client, which follows no redirect: it might lead to a server that nobody named."""
        return self.client.request(
            method, address, name=method, data=body, headers=headers, catch_response=True, allow_redirects=False
        )


def _json(content: bytes | None) -> dict[str, Any]:
    """The object that a body is, in the encoding that JSON has, whatever its headers say; empty for all else."""
    try:
        found = json.loads(content or b"")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _joined(url: str, place: str) -> str:
    """The address of a place; that of no server where it is none."""
    try:
        return urljoin(url, place)
    except ValueError:
        return ""


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc
