"""The recommendation of a plan, against every choice there is; its figures, against the client's own pacing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chartgen.planning.load import Load, Polls, Situation
from chartgen.planning.recommend import recommend
from chartgen.settings.model import Settings
from tests.counts import examples
from tests.pacing import quantile, simulated
from tests.polling_schemas import Grid, Point, paced, points, polling_schemas, questions


@settings(max_examples=examples(1250))
@given(data=st.data(), schema=polling_schemas())
def test_no_allowed_settings_do_better_than_the_recommended_ones(data: st.DataObject, schema: Settings) -> None:
    choices = {with_warnings: Grid(schema).choices(with_warnings=with_warnings) for with_warnings in (True, False)}
    for _ in range(8):  # with 1,250 schemas, 10,000 questions
        question = data.draw(questions(schema))
        found, capacity = recommend(question), question.capacity
        every = {key: points(question, each) for key, each in choices.items()}
        fitting = {key: [point for point in each if fits(point, capacity)] for key, each in every.items()}

        if found.values is None:
            assert found.binding.kind != "search"
            assert fitting == {True: [], False: []}
            continue
        kept = not found.broken_warnings
        own = next(point for point in every[kept] if point.values == found.values)
        assert kept or not fitting[True]
        assert own in fitting[kept]
        assert [point.values for point in fitting[kept] if point.load.delay < own.load.delay] == []
        assert [point.values for point in every[kept] if is_better(point, own)] == []


def fits(point: Point, capacity: float) -> bool:
    """What a recommendation has to keep beside the rules: capacity, pace, and the wait for the job."""
    load = point.load
    return load.jittered_peak <= capacity and paced(load.polls, load.situation.rtt) and point.waits()


def is_better(point: Point, own: Point) -> bool:
    """Whether it sees a job's end sooner, at no more load."""
    sooner = point.load.delay < own.load.delay - 1e-9
    return (
        sooner
        and point.waits()
        and point.load.mean <= own.load.mean
        and point.load.jittered_peak <= own.load.jittered_peak
    )


PACED: list[tuple[int, int, int, int | None]] = [
    (400, 2000, 50, None),
    (400, 5000, 50, None),
    (400, 10000, 50, None),
    (400, 5000, 250, 120_000),
    (400, 5000, 50, 3000),
    (100, 1000, 50, None),
    (1000, 400, 50, 30_000),
    (50, 3000, 50, 20_000),
    (200, 1000, 1000, None),
    (400, 10_000, 9000, None),
]
SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def seen(seconds: int) -> dict[tuple[Any, ...], list[Any]]:
    asked = [
        {"seed": seed, "users": users, "interval": interval, "rtt": rtt, "job": job, "seconds": seconds,
         "after": 2 * (job or 0) + 40 * interval}
        for users, interval, rtt, job in PACED for seed in SEEDS
    ]  # fmt: skip
    found = simulated(asked)
    return {case: found[len(SEEDS) * place :][: len(SEEDS)] for place, case in enumerate(PACED)}


@pytest.fixture(scope="module")
def seconds() -> int:
    """How many seconds of each situation are simulated."""
    return examples(20_000)


@pytest.mark.parametrize("case", PACED, ids=str)
def test_the_load_is_that_of_the_clients_pacing(case: Any, seen: dict[Any, Any], record_property: Any) -> None:
    users, interval, rtt, job = case
    load = Load(Situation(users, rtt / 1000, job and job / 1000), Polls(interval / 1000, 10**6, 1e9))

    for of_seed in seen[case]:
        assert of_seed.mean == pytest.approx(load.mean, rel=0.01)
        # Below two seconds the plan's is a bound from above.
        assert 0.97 * of_seed.busy - 1 <= load.jittered_peak <= (1.03 if interval >= 2000 else 1.07) * of_seed.busy + 1
        if job is not None:
            assert sum(of_seed.delays) / len(of_seed.delays) == pytest.approx(load.delay, rel=0.03)
            assert quantile(of_seed.delays, 0.95) == pytest.approx(load.delay_p95, rel=0.03)
            assert sum(of_seed.polls) / len(of_seed.polls) == pytest.approx(load.polls_of_a_job, rel=0.01)
    busy = ", ".join(f"{of_seed.busy:g}" for of_seed in seen[case])
    record_property(f"busy second of {users} users at {interval} ms", f"plan {load.jittered_peak:.1f}, seen {busy}")
