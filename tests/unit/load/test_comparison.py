"""What is planned and what was counted, side by side: stretches, verdicts, words."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from typing import Any

import pytest

from chartgen.load.as_json import document
from chartgen.load.comparison import Comparison
from chartgen.load.expected import expected
from chartgen.load.order import Order, Place
from chartgen.load.page import page
from chartgen.load.tally import Tally, bucket, quantile
from chartgen.load.text import text, verdict
from chartgen.planning.load import Load, Polls, Situation

POLLS = Polls(5, 120, 600)
URL = "http://127.0.0.1:8080/jobs"


def order(**fields: Any) -> Order:
    """One of 400 users; with other fields where they are given."""
    return Order(**{"url": URL, "users": 400, "polls": POLLS, "lasts": 130.0, "seed": 1, **fields})


def tally(counts: list[int], kind: str = "pending", took: float = 0.02) -> Tally:
    """So many polls in each second, all of one kind."""
    made = Tally()
    for at, count in enumerate(counts):
        made.at(at).replies[kind] += count
        made.at(at).times[bucket(took)] += count
        made.at(at).lateness[bucket(0.001)] += count
    return made


def compared(counted: Tally, lasted: float = 130, **fields: Any) -> Comparison:
    """A run with a tolerance of 5 %."""
    return Comparison(order(**fields), 0.05, 0.05, counted, 0.0, lasted)


def test_the_closed_model_is_the_plan() -> None:
    load, told = Load(Situation(400, 0.05, 120), POLLS), expected(400, POLLS, 0.05, 120, None)

    assert (told.mean, told.busy, told.polls_of_a_job) == (load.mean, load.jittered_peak, load.polls_of_a_job)


def test_the_open_model_is_a_poisson_number_of_polls() -> None:
    told = expected(1000, POLLS, 0.05, 120, 400 / 122.5)

    # As many pages as in the closed model of 400 users, and as many polls.
    assert told.pages == pytest.approx(400, rel=0.002)
    assert told.mean == pytest.approx(Load(Situation(400, 0.05, 120), POLLS).mean, rel=0.002)
    assert told.busy == pytest.approx(_percentile_of_poisson(told.mean), abs=1)


def _percentile_of_poisson(mean: float) -> int:

    below, count = 0.0, -1
    while below < 0.99:
        count += 1
        below += math.exp(count * math.log(mean) - mean - math.lgamma(count + 1))
    return count


def test_the_start_is_not_judged() -> None:
    run = compared(tally([0] * 10 + [80] * 120))

    assert [(each.begin, each.end) for each in run.stretches] == [(10, 130)]
    assert run.is_as_planned
    assert verdict(run) == "as planned, within 5 %"


@pytest.mark.parametrize(("count", "is_as_planned"), [(76, True), (84, True), (75, False), (85, False)])
def test_a_mean_beyond_the_tolerance_is_not_as_planned(count: int, is_as_planned: bool) -> None:
    assert compared(tally([count] * 130)).is_as_planned is is_as_planned


def test_a_server_that_does_not_tell_of_jobs_is_not_as_planned() -> None:
    run = compared(tally([80] * 130, "gone"))

    assert not run.is_answered
    assert verdict(run) == "not as planned: 100.0% of the polls did not tell how the job is, 5 % are allowed"
    assert "9,600 of 9,600 polls found no such job" in text(run)


def test_each_interval_is_compared_by_itself_once_its_change_has_settled() -> None:
    counted = tally([80] * 62 + [60] * 18 + [40] * 100)
    counted.change(60.2, 10.0)
    counted.change(63.0, 10.0)
    run = compared(counted, 180)

    found = [(each.begin, each.end, each.polls.interval, each.mean) for each in run.stretches]
    assert found == [(10, 60, 5, 80), (80, 180, 10, 40)]
    assert run.is_as_planned


def test_a_run_that_ends_at_once_is_not_judged() -> None:
    for run in (compared(Tally(), 0), compared(tally([80] * 12), 12.5), compared(tally([80] * 19), 19)):
        assert not run.is_as_planned
        assert "too short to be judged" in text(run)
        assert "<svg" in page(run)
        assert json.dumps(document(run))


def test_the_busy_second_is_told_with_how_many_were_busier() -> None:
    counts = [80] * 130
    counts[50:53] = [120, 110, 100]
    (stretch,) = compared(tally(counts)).stretches

    assert (stretch.busy, stretch.busier, stretch.peak) == (110, 3, 120)


def test_a_slow_machine_is_told() -> None:
    counted = tally([80] * 130)
    counted.at(20).lateness[bucket(0.3)] += 9600

    assert "this machine is too slow" in text(compared(counted))


def test_words_of_a_report_are_at_most_eighty_wide() -> None:
    counted = tally([80] * 130)
    counted.at(20).others.update(
        {"asked to wait": 30_000, "not submitted": 3, "ended: unreachable": 2, "whole jobs": 1}
    )
    run = compared(counted, sync_start=True)

    assert max(map(len, text(run).splitlines())) <= 80


def test_a_tally_travels_and_adds_up() -> None:
    chance = random.Random(3)  # noqa: S311 - a case
    one, other = (tally([chance.randrange(90) for _ in range(20)], kind) for kind in ("pending", "busy"))
    one.change(3.5, 10.0)
    again = Tally.read(json.loads(json.dumps(one.plain())))
    assert again.plain() == one.plain()

    again.add(other)
    assert again.at(7).replies == Counter(one.at(7).replies) + Counter(other.at(7).replies)
    assert again.intervals == {10.0: 3.5}


@pytest.mark.parametrize("seconds", [0.0004, 0.02, 0.9, 30])
def test_a_time_is_kept_to_two_percent(seconds: float) -> None:
    assert quantile([Counter({bucket(seconds): 5})], 0.95) == pytest.approx(seconds, rel=0.011)


def test_an_order_travels() -> None:
    sent = order(headers=(("A", "b"),), watched=(("interval", "EVERY", 0.001),), job=3.0)

    assert Order.read(sent.text()) == sent
    assert Order.read(Place.read(Place(sent.text(), 2).text()).order) == sent


def test_the_length_of_a_job_stands_in_its_body() -> None:
    assert json.loads(order(body='{"seconds": "$seconds", "a": "x"}').job_body(2.5)) == {"seconds": 2.5, "a": "x"}
    assert json.loads(order(body='{"seconds": "$seconds"}').job_body(None)) == {"seconds": 3600}
