"""Random settings schemas with a poller's roles, in grids that are small enough to look at every choice."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Any

from hypothesis import strategies as st

from chartgen.planning.load import Load, Polls, Situation
from chartgen.planning.polls import roles_of
from chartgen.planning.recommend import Question
from chartgen.records import replace
from chartgen.settings.expression import Path, Value
from chartgen.settings.model import Settings
from tests.strategies import BOOLEANS, boolean, integers, read

UNITS = {"ms": 1000, "s": 1, "min": 1 / 60}
SHAPES = ((), ("jobs",), ("jobs", "poll"))


@st.composite
def grid(draw: st.DrawFn, low: int, step: int, most: int) -> dict[str, Any]:
    """An integer setting with few values: a range, multiples, or choices."""
    count = draw(st.integers(1, most))
    values = [low + step * place for place in range(count)]
    match draw(st.sampled_from(["range", "multiple", "enum", "exclusive"])):
        case "enum":
            values = draw(st.permutations(values))
            limits: dict[str, Any] = {"enum": values, "minimum": min(values), "maximum": max(values)}
        case "multiple":
            first = -(-low // step) * step
            values = [first + step * place for place in range(count)]
            limits = {"multipleOf": step, "minimum": low, "maximum": values[-1]}
        case "exclusive":
            values = [low + place for place in range(count)]
            limits = {"exclusiveMinimum": low - 1, "exclusiveMaximum": values[-1] + 1}
        case _:
            values = [low + place for place in range(count)]
            limits = {"minimum": low, "maximum": values[-1]}
    return {"type": "integer", **limits, "default": draw(st.sampled_from(values))}


@st.composite
def times(draw: st.DrawFn, least: float, most: int) -> dict[str, Any]:
    """A time in one of the units, from about so many seconds on."""
    unit = draw(st.sampled_from(list(UNITS)))
    low = max(math.ceil(least * UNITS[unit]), 1)
    step = max(low // draw(st.integers(1, 6)), 1)
    return {**draw(grid(low, step, most)), "x-unit": unit}


@st.composite
def polling_schemas(draw: st.DrawFn) -> Settings:
    """Settings with the role of the interval, mostly with the others, among settings without one; and rules."""
    interval = draw(times(draw(st.sampled_from([0.2, 0.7, 1.5, 5, 20])), 10))
    kinds = {"every": {**interval, "x-role": "poll-interval"}}
    if draw(st.integers(0, 5)):
        kinds["most"] = {**draw(grid(draw(st.integers(1, 60)), draw(st.integers(1, 40)), 8)), "x-role": "poll-attempts"}
    if draw(st.integers(0, 5)):
        kinds["longest"] = {**draw(times(draw(st.sampled_from([1, 30, 400])), 8)), "x-role": "poll-timeout"}
    kinds |= {f"other{place}": draw(st.one_of(integers(), BOOLEANS)) for place in range(draw(st.integers(0, 2)))}
    root: dict[str, Any] = {"type": "object", "properties": {}}
    names = {}
    for place, name in enumerate(draw(st.permutations(list(kinds)))):
        group, below = draw(st.sampled_from(SHAPES)), root
        for key in group:
            below = below["properties"].setdefault(key, {"type": "object", "properties": {}})
        below["properties"][name] = {**kinds[name], "x-env": f"APP_{place}"}
        names[".".join(("self", *group, name))] = kinds[name]
    rules: list[dict[str, str]] = []
    wished = [draw(boolean(names, 2)) for _ in range(draw(st.integers(0, 2)))] + [*_usual(draw, names)]
    for number, text in enumerate(wished):
        severity = draw(st.sampled_from(["error", "error", "warning"]))
        for form in (text, f"!({text})"):
            rule = {"rule": form, "message": f"rule {number} does not hold", "x-severity": severity}
            if read(root | {"x-kubernetes-validations": [*rules, rule]}) is not None:
                rules.append(rule)
                break
    found = read(root | ({"x-kubernetes-validations": rules} if rules else {}))
    assert found is not None, root
    return found


def _usual(draw: st.DrawFn, names: dict[str, Any]) -> list[str]:
    """Rules as such schemas have them."""
    by_end = {name.rpartition(".")[2]: name for name in names}
    every, most, longest = by_end["every"], by_end.get("most"), by_end.get("longest")
    default = names[every]["default"]
    alone = [
        f"{every} >= {default}",
        f"{every} != {default - 1}",
        f"{every} % 2 == {default % 2}",
        f"{every} in [{default}, 1]",
    ]
    rules = [draw(st.sampled_from(alone))] if draw(st.booleans()) else []
    if most and longest and draw(st.booleans()):
        sign = draw(st.sampled_from([">=", "==", "<="]))
        rules += [f"{longest} {sign} {most} * {every}"]
        rules += [f"{longest} <= 2 * {most} * {every}"] if draw(st.booleans()) else []
    return rules


@st.composite
def questions(draw: st.DrawFn, schema: Settings) -> Question:
    """Who polls, and a capacity: mostly one that is about what some interval of the schema makes."""
    roles = roles_of(schema)
    interval, last = draw(st.sampled_from(values_of(roles.interval))), roles.polls(schema.defaults)
    wait = last.attempts * last.interval * draw(st.sampled_from([0.01, 0.3, 0.7, 1.5]))
    situation = Situation(
        users=draw(st.one_of(st.integers(1, 50), st.integers(1, 5000))),
        rtt=draw(st.sampled_from([0.0, 0.0, 0.01, 0.05, 0.05, 0.25, 1.0, 3.0, 10.0])),
        job=draw(st.sampled_from([None, None, max(wait, 0.01), draw(st.floats(0.1, 300))])),
    )
    question = Question(schema, roles, schema.defaults, situation, draw(st.floats(0.5, 6000)))
    if not draw(st.integers(0, 4)):
        return question
    return replace(question, capacity=question.peak(interval) * draw(st.floats(0.95, 1.3)))


@dataclass(frozen=True)
class Point:
    """One choice of the settings with roles, and its load."""

    values: dict[Path, Value]
    load: Load

    def waits(self) -> bool:
        """Whether a page asks until its job ends, however short chance makes the waits."""
        polls, job = self.load.polls, self.load.situation.job
        return job is None or ((polls.attempts - 1) * 0.8 * polls.interval >= job and polls.timeout >= job)


@dataclass(frozen=True)
class Grid:
    """Every choice that limits allow, with the rules that hold: all that there is to choose from."""

    settings: Settings

    def choices(self, *, with_warnings: bool) -> list[dict[Path, Value]]:
        """The choices with which all rules hold that read a setting with a role, by CEL."""
        roles = roles_of(self.settings).settings
        paths = {setting.path for setting in roles}
        rules = [
            rule
            for rule in self.settings.rules
            if not paths.isdisjoint(rule.operands) and (with_warnings or rule.severity.value == "error")
        ]
        whole: Iterable[dict[Path, Value]] = (
            dict(zip((each.path for each in roles), values, strict=True)) for values in product(*map(values_of, roles))
        )
        return [each for each in whole if all(rule.holds({**self.settings.defaults, **each}) for rule in rules)]


def values_of(setting: Any) -> list[Any]:
    """The values that the limits of a small setting allow, by another way than the program's."""
    bounds = setting.bounds
    if bounds.enum is not None:
        return sorted(bounds.enum)
    low = bounds.minimum if bounds.minimum is not None else bounds.exclusive_minimum + 1
    high = bounds.maximum if bounds.maximum is not None else bounds.exclusive_maximum - 1
    step = bounds.multiple_of or 1
    return [value for value in range(int(low), int(high) + 1) if value % step == 0 and value > 0]


def points(question: Question, choices: list[dict[Path, Value]]) -> list[Point]:
    """The choices with their loads."""
    polls = question.roles.polls
    return [Point(each, Load(question.situation, polls({**question.values, **each}))) for each in choices]


def paced(polls: Polls, rtt: float) -> bool:
    """Whether an answer is always in time: the shortest wait has room for it and for the client's floor."""
    return 0.8 * polls.interval >= rtt + 0.25 - 1e-12
