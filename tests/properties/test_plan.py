"""The recommendation of a plan, against every choice there is; its figures, against the client's own pacing."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chartgen.planning.load import Load, Polls, Situation
from chartgen.planning.polls import roles_of
from chartgen.planning.recommend import Question, recommend
from chartgen.records import replace
from chartgen.settings.expression import Path as Path_
from chartgen.settings.expression import Value
from chartgen.settings.first import Axis
from chartgen.settings.model import Settings
from chartgen.settings.schema import load_settings
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


STOREFRONT = """\
type: object
properties:
  theme: {type: string, default: dark, enum: [dark, light], x-env: SHOP_THEME}
  retries: {type: integer, default: 3, minimum: 0, maximum: 9, x-env: SHOP_RETRIES}
  orders:
    type: object
    properties:
      patience: {type: integer, default: 90, minimum: 1, maximum: 1440, x-env: SHOP_PATIENCE, x-unit: min, x-role: poll-timeout}
      every: {type: integer, default: 13, minimum: 2, maximum: 900, x-env: SHOP_EVERY, x-unit: s, x-role: poll-interval}
      tries: {type: integer, default: 400, minimum: 5, maximum: 10000, multipleOf: 5, x-env: SHOP_TRIES, x-role: poll-attempts}
    x-kubernetes-validations:
      - {rule: self.patience * 60 >= self.every * self.tries, message: patience ends before the tries do}
x-kubernetes-validations:
  - {rule: "self.theme != 'dark' || self.orders.every != 11", message: the dark theme is never at eleven}
  - {rule: self.retries * 4 <= self.orders.every, message: retries run into each other}
  - {rule: self.orders.every % 3 == 1, message: every is one more than a multiple of three, x-severity: warning}
"""


@pytest.fixture(scope="module")
def large(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Settings]:
    """Schemas whose settings have as many values as people give them."""
    file = tmp_path_factory.mktemp("schemas") / "storefront.yaml"
    file.write_text(STOREFRONT, encoding="utf-8")
    return [load_settings(str(repository / "schemas/async-job.schema.json")), load_settings(str(file))]


@settings(max_examples=examples(200))
@given(
    data=st.data(),
    which=st.integers(0, 1),
    users=st.integers(1, 5000),
    rtt=st.sampled_from([0.0, 0.05, 0.4, 2.0, 10.0]),
)
def test_nor_where_settings_have_many_values(
    large: list[Settings], data: st.DataObject, which: int, users: int, rtt: float
) -> None:
    schema, job = large[which], data.draw(st.one_of(st.none(), st.floats(1, 4000)))
    question = Question(schema, roles_of(schema), schema.defaults, Situation(users, rtt, job), 1.0)
    interval = data.draw(st.integers(2, 60)) * (1000 if which == 0 else 1)
    question = replace(question, capacity=question.peak(interval) * data.draw(st.floats(0.9, 1.4)))

    found = recommend(question)

    assert found.binding.kind != "search"
    chosen = [data.draw(st.lists(st.integers(0, 10**9), min_size=7, max_size=7)) for _ in range(3)]
    tried = [values_near(each, drawn, found.values) for each, drawn in zip(question.axes, chosen, strict=True)]
    paths = [each.setting.path for each in question.axes]
    every = points(question, [dict(zip(paths, values, strict=True)) for values in product(*tried)])
    allowed = [
        point for point in every if all(rule.holds({**schema.defaults, **point.values}) for rule in question.rules)
    ]
    if found.values is None:
        assert [point.values for point in allowed if fits(point, question.capacity)] == []
        return
    own = next(point for point in every if point.values == found.values)
    assert own in allowed or found.broken_warnings
    assert fits(own, question.capacity)
    assert [point.values for point in allowed if is_better(point, own)] == []
    sooner = [point.values for point in allowed if fits(point, question.capacity) and point.load.delay < own.load.delay]
    assert sooner == []


def values_near(axis: Axis, drawn: list[int], found: Mapping[Path_, Value] | None) -> list[Value]:
    """The value that was found, those beside it, the ends, and some by lot: few that are large, as people choose."""
    count = axis.high - axis.low + 1
    indexes = {axis.low, axis.high, *(axis.low + int(count ** (number / 10**9)) - 1 for number in drawn)}
    if found is not None:
        at = axis.from_first(lambda value: value >= found[axis.setting.path]).low  # type: ignore[operator]
        indexes |= {index for index in (at - 1, at, at + 1) if axis.low <= index <= axis.high}
    return [axis.value(index) for index in sorted(indexes)]


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
