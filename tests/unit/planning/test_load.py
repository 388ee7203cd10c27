"""The model of the load: figures that are known from elsewhere, and the client's own numbers."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from chartgen.planning.load import Load, Polls, Situation
from chartgen.planning.pace import FLOOR, JITTER, Pace, shortest_kept
from chartgen.planning.polls import CLIENT_DEFAULTS

REFERENCE = Polls(5, 120, 600)


def test_the_model_has_the_clients_numbers(repository: Path) -> None:
    poller = (repository / "client/src/poll-job.ts").read_text(encoding="utf-8")
    settings = (repository / "client/src/settings.ts").read_text(encoding="utf-8")

    assert f"usable(floorMs, {FLOOR * 1000:g})" in poller
    assert f"usable(jitter, {JITTER:g})" in poller
    numbers = re.search(r"intervalMs: (\S+), attempts: (\S+), timeoutMs: (\S+) }", settings)
    assert numbers is not None
    interval, attempts, timeout = (int(text.replace("_", "")) for text in numbers.groups())
    assert Polls(interval / 1000, attempts, timeout / 1000) == CLIENT_DEFAULTS


@pytest.mark.parametrize(("rtt", "seconds"), [(0, 595), (0.05, 601), (0.25, 625), (1, 714)])
def test_a_sequential_poller_drifts_by_every_answer(rtt: float, seconds: int) -> None:
    assert round(Load(Situation(400), REFERENCE).run_out(rtt).sequential) == seconds


def test_the_client_does_not_drift_while_answers_are_in_time() -> None:
    load = Load(Situation(400), REFERENCE)

    assert {rtt: load.run_out(rtt).paced for rtt in (0, 0.05, 0.25, 1, 3)} == dict.fromkeys(
        (0, 0.05, 0.25, 1, 3), pytest.approx(597.5)
    )
    assert load.run_out(6).paced > 119 * 6


@pytest.mark.parametrize(("rtt", "in_flight"), [(0.05, 4), (0.25, 20), (1, 80)])
def test_in_flight_is_littles_law(rtt: float, in_flight: float) -> None:
    assert Load(Situation(400, rtt), REFERENCE).in_flight == pytest.approx(in_flight)


@pytest.mark.parametrize(("users", "interval"), [(400, 2), (400, 5), (400, 10), (5000, 5), (50, 3), (20, 60)])
def test_the_peak_is_the_percentile_of_the_binomial_distribution(users: int, interval: int) -> None:
    below, most = 0.0, -1
    while below < 0.99:
        most += 1
        ways = math.lgamma(users + 1) - math.lgamma(most + 1) - math.lgamma(users - most + 1)
        below += math.exp(ways - most * math.log(interval) + (users - most) * math.log(1 - 1 / interval))

    peak = Load(Situation(users, 0.05), Polls(interval, 120, 600)).jittered_peak

    assert most - 0.5 <= peak <= most + 1


def test_a_job_takes_a_poll_more_than_it_has_intervals() -> None:
    load = Load(Situation(400, 0.05, 120), REFERENCE)

    assert load.polls_of_a_job == pytest.approx(25, rel=0.001)
    # Whose next job begins at once waits half an interval for its first poll, not a whole one.
    assert load.mean == pytest.approx(400 * 25 / 122.5, rel=0.002)


def test_a_page_that_gives_up_before_its_job_ends_is_told() -> None:
    load = Load(Situation(400, 0.05, 900), REFERENCE)

    assert not load.sees_the_end
    assert load.gives_up == pytest.approx(597.55)
    assert load.mean == pytest.approx(80)
    assert Load(Situation(400, 0.05, 900), Polls(5, 1000, 600)).polls_of_a_job == pytest.approx(121)


def test_the_next_poll_after_any_moment() -> None:
    pace = Pace(10, 0.05)

    assert pace.residual_mean == pytest.approx(10 / 2 * (1 + JITTER**2 / 3))
    assert pace.residual_quantile(0.5) == pytest.approx(5)
    assert pace.residual_quantile(0.95) == pytest.approx(10)
    assert pace.residual_quantile(1) == pytest.approx(12)


def test_an_interval_is_kept_while_the_shortest_wait_has_room_for_the_answer() -> None:
    assert shortest_kept(0.15) == pytest.approx(0.5)
    assert Pace(0.5, 0.15).mean == pytest.approx(0.5)
    assert Pace(0.5, 0.16).mean > 0.5
    assert (Pace(0.51, 0.15).keeps, Pace(0.49, 0.15).keeps) == (True, False)


def test_an_interval_below_the_floor_is_stretched() -> None:
    assert Pace(0.001).mean == Pace(FLOOR / (1 - JITTER)).mean == pytest.approx(0.3125)
