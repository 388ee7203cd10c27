"""What is too much, and what pollers are told, by a clock and a chance of the test's own."""

from __future__ import annotations

import asyncio
import heapq
import random
import time
from collections import Counter

import pytest

from backend.configuration import Pressure
from backend.pressure import Gate
from tests.app.coroutines import outcome


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.25

    def __call__(self) -> float:
        return self.now


def gate(clock: Clock, per_second: float = 10, chance: float = 0) -> Gate:
    return Gate(Pressure(per_second, 4, 250), 5000, clock, lambda: chance)


def polled(made: Gate, clock: Clock, per_second: int, seconds: int) -> list[str | None]:
    """The refusals of evenly spread polls."""
    found = []
    for _ in range(per_second * seconds):
        clock.now += 1 / per_second
        found.append(made.refusal())
    return found


def test_polls_below_the_capacity_are_let_in() -> None:
    clock = Clock()

    assert set(polled(gate(clock), clock, 10, 60)) == {None}


def test_of_polls_over_it_as_many_are_let_in_as_it_takes() -> None:
    clock = Clock()
    made = gate(clock)
    polled(made, clock, 40, 10)
    found = polled(made, clock, 40, 10)

    assert (found.count(None), found.count("rate")) == (100, 300)


def test_a_burst_of_one_second_is_let_in_after_a_pause() -> None:
    clock = Clock()
    made = gate(clock)

    assert [made.refusal() for _ in range(12)] == [None] * 10 + ["rate"] * 2


@pytest.mark.parametrize(
    ("per_second", "chance", "answered", "refused"),
    [(5, 0, None, 10), (20, 0, 13, 13), (20, 0.999, 19, 19), (40, 0, 25, 25), (400, 0, 120, 120)],
)
def test_pollers_are_told_to_wait_as_long_as_all_of_them_need_to_fit(
    per_second: int, chance: float, answered: int | None, refused: int
) -> None:
    clock = Clock()
    made = gate(clock, chance=chance)
    polled(made, clock, per_second, 6)

    told = made.advice_s()
    assert (told is None) == (answered is None)
    assert told is None or abs(told - (answered or 0)) <= 1
    assert abs(made.retry_after_s() - refused) <= 1


@pytest.mark.parametrize("pollers", [40, 100, 300, 600])
def test_pollers_that_heed_it_fit(pollers: int) -> None:
    """Of five seconds each, at a capacity of ten a second: fifty would fill it."""
    clock = Clock()
    made = Gate(Pressure(10, 4, 250), 5000, clock, random.Random(1).random)  # noqa: S311 - repeatable
    chance = random.Random(2)  # noqa: S311 - repeatable
    due = [(clock.now + chance.random() * 5, number) for number in range(pollers)]
    heapq.heapify(due)
    counts = Counter[tuple[bool, bool]]()
    while due[0][0] < 1000:
        clock.now, number = heapq.heappop(due)
        is_refused = made.refusal() is not None
        told = made.retry_after_s() if is_refused else made.advice_s()
        wait = max(told or 5, 5) * (1 + 0.2 * chance.random())  # the pages' poller: at least so long
        heapq.heappush(due, (clock.now + wait, number))
        counts[clock.now > 400, is_refused] += 1
    answered, refused = counts[True, False], counts[True, True]

    assert refused <= answered * 0.05
    assert 0.5 * min(pollers / 5, 10) <= answered / 600 <= 10


def test_pressure_that_is_over_is_forgotten() -> None:
    clock = Clock()
    made = gate(clock)
    polled(made, clock, 40, 50)
    pressed = made.advice_s()
    clock.now += 3600
    made.refusal()

    assert (pressed, made.advice_s()) == (25, None)


def test_polls_that_wait_are_counted() -> None:
    made = gate(Clock())
    made.in_flight = 4

    assert made.refusal() == "in_flight"


def test_a_late_event_loop_is_measured_and_forgotten() -> None:
    async def measured() -> tuple[str | None, str | None]:
        made = Gate(Pressure(1000, 4, 100), 5000)
        watching = asyncio.create_task(made.watch())
        await asyncio.sleep(0.05)
        time.sleep(0.4)  # noqa: ASYNC251 - this is what makes it late
        await asyncio.sleep(0.06)
        late = made.refusal()
        for _ in range(300):  # this machine may be late, too
            if made.refusal() is None:
                break
            await asyncio.sleep(0.1)
        watching.cancel()
        return late, made.refusal()

    assert outcome(measured()) == ("lag", None)
