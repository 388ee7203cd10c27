"""The settings to use for so many users under a capacity: of those that are allowed, the one that sees a job's end first.

An interval is judged by two limits: an answer is in time for the next poll, which only grows easier with the interval,
and the jittered peak is within the capacity, which does so among the intervals that answers are in time for. Among the
intervals from the least that keeps both, the first is taken with which all rules hold for some attempts and some timeout;
of those, the ones with which a page waits about as long as before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from chartgen.finding import Severity
from chartgen.plan import SECONDS
from chartgen.planning.load import Load, Polls, Situation
from chartgen.planning.pace import JITTER, shortest_kept
from chartgen.planning.polls import CLIENT_DEFAULTS, Roles
from chartgen.records import dataclass
from chartgen.settings.expression import Path, Value
from chartgen.settings.first import Axis, First, Spreads, axis, first, holds
from chartgen.settings.model import Rule, Setting, Settings
from chartgen.settings.spread import NEVER, SURELY, Spread, points

_TRIED = 6
"""How many rules are left out, one after the other, to see which of them binds."""


@dataclass(frozen=True)
class Binding:
    """What keeps the recommended interval from being shorter, or, where there is none, the settings from being found.

    `kind` is `bound`, `peak`, `rtt`, `job`, `rule` or, where the search was cut short, `search`; `rule` is that rule.
    """

    kind: str
    message: str
    rule: Rule | None = None


@dataclass(frozen=True)
class Recommendation:
    """The values of the settings with roles, None where none will do, and what binds.

    `broken_warnings` are the rules that only warn, and which no setting keeps under this capacity.
    """

    values: Mapping[Path, Value] | None
    binding: Binding
    broken_warnings: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Question:
    """What is asked: settings with roles, the values of all settings as they are, who polls, and requests a second."""

    settings: Settings
    roles: Roles
    values: Mapping[Path, Value]
    situation: Situation
    capacity: float

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that read one of the settings: the others hold or not whatever is recommended."""
        paths = {setting.path for setting in self.roles.settings}
        return tuple(rule for rule in self.settings.rules if not paths.isdisjoint(rule.operands))

    @cached_property
    def axes(self) -> tuple[Axis, ...]:
        """What each setting may be, above 0: by less no page polls."""
        return tuple(axis(setting).from_first(lambda value: float(value) > 0) for setting in self.roles.settings)

    def is_kept(self, interval: Value) -> bool:
        """Whether answers are in time at this interval."""
        return self._seconds(interval) >= shortest_kept(self.situation.rtt)

    def is_within(self, interval: Value) -> bool:
        """Whether the jittered peak is within the capacity at this interval."""
        return self.peak(interval) <= self.capacity

    def peak(self, interval: Value) -> float:
        """The jittered peak at an interval, of pages that see the end of their jobs."""
        polls = Polls(self._seconds(interval), 10**9, float("inf"))
        return Load(self.situation, polls).jittered_peak

    def _seconds(self, interval: Value) -> float:
        return float(interval) * SECONDS[self.roles.interval.unit]

    def search(self, axes: Sequence[Axis], rules: Sequence[Rule], *, with_job: bool = True) -> First:
        """The first interval with which the rules hold, and pages wait for their jobs."""
        path = self.roles.interval.path
        conditions = [*map(holds, rules), *([self.waits] if with_job else [])]
        return first(axes, conditions, points(self.values), lambda spreads: (spreads[path][0],))

    def waits(self, spreads: Spreads) -> Spread:
        """Whether a page waits until its job ends, whatever chance does: by attempts and by timeout."""
        job = self.situation.job
        if job is None:
            return SURELY
        interval = float(spreads[self.roles.interval.path][1]) * SECONDS[self.roles.interval.unit]
        attempts, timeout = self.roles.attempts, self.roles.timeout
        most = spreads[attempts.path][1] if attempts else CLIENT_DEFAULTS.attempts
        last = float(spreads[timeout.path][1]) * SECONDS[timeout.unit] if timeout else CLIENT_DEFAULTS.timeout
        return SURELY if (most - 1) * (1 - JITTER) * interval >= job and last >= job else NEVER


def recommend(question: Question) -> Recommendation:
    """The recommendation, and what binds it."""
    every = question.rules
    found = _with_rules(question, every)
    errors = tuple(rule for rule in every if rule.severity is Severity.ERROR)
    if found.values is not None or errors == every:
        return found
    found = _with_rules(question, errors)
    new = {**question.values, **(found.values or {})}
    broken = tuple(rule for rule in every if rule not in errors and not rule.holds(new))
    return Recommendation(found.values, found.binding, broken if found.values is not None else ())


def _with_rules(question: Question, rules: Sequence[Rule]) -> Recommendation:
    own = question.axes[0]
    kept = own.from_first(question.is_kept)
    start = kept.from_first(question.is_within)  # only among those: of others, a longer one may have a higher peak
    if start.is_empty:
        return Recommendation(None, _none(question, own))
    axes = (start, *question.axes[1:])
    found = question.search(axes, rules)
    if found.indexes is None:
        return Recommendation(None, _unfound(question, axes, rules, found))
    at = found.indexes[0]
    values = _nearest_wait(question, (own.only(at), *axes[1:]), rules)
    new = {**question.values, **values}
    if not all(rule.holds(new) for rule in rules):  # CEL has the last word
        return Recommendation(None, Binding("search", "no settings were found that every enforcer accepts"))
    return Recommendation(values, _binding(question, axes, rules, at))


def _nearest_wait(question: Question, axes: Sequence[Axis], rules: Sequence[Rule]) -> Mapping[Path, Value]:
    """The timeout and the attempts for an interval with which a page waits about as long as it did."""
    roles, before = question.roles, question.roles.polls(question.values)
    interval = float(axes[0].value(axes[0].low)) * SECONDS[roles.interval.unit]
    waits = min(before.timeout, before.attempts * before.interval)
    wished: dict[Path, float] = {}
    if roles.timeout is not None:
        wished[roles.timeout.path] = before.timeout / SECONDS[roles.timeout.unit]
    if roles.attempts is not None:
        wished[roles.attempts.path] = max(waits / interval, 1.0)

    conditions = [*map(holds, rules), question.waits]
    for paths in dict.fromkeys((tuple(wished), tuple(wished)[::-1])):

        def order(spreads: Spreads, paths: tuple[Path, ...] = paths) -> tuple[float, ...]:
            return tuple(_far(spreads[path], wished[path]) for path in paths)

        ranked = sorted(axes, key=lambda each: paths.index(each.setting.path) if each.setting.path in paths else -1)
        found = first(ranked, conditions, points(question.values), order)
        if found.indexes is not None:
            return _chosen(ranked, found.indexes)
    found = question.search(axes, rules)
    assert found.indexes is not None
    return _chosen(axes, found.indexes)


def _chosen(axes: Sequence[Axis], indexes: Sequence[int]) -> Mapping[Path, Value]:
    return {each.setting.path: each.value(index) for each, index in zip(axes, indexes, strict=True)}


def _far(ends: Spread, wish: float) -> float:
    """How far the nearest value between two is from a wish, in parts of that."""
    low, high = ends
    return max(float(low) - wish, wish - float(high), 0.0) / max(abs(wish), 1.0)


def _named(setting: Setting, value: Value) -> str:
    return f"{setting.name} {value}"


def _none(question: Question, own: Axis) -> Binding:
    """Why not even the longest interval will do."""
    setting = question.roles.interval
    longest = own.value(own.high) if not own.is_empty else setting.default
    if not question.is_within(longest):
        peak = question.peak(longest)
        message = (
            f"even {_named(setting, longest)} makes a peak of {peak:.6g} requests a second, above {question.capacity:g}"
        )
        return Binding("peak", message)
    return Binding("rtt", f"even at {_named(setting, longest)} {_late(question)}")


def _unfound(question: Question, axes: Sequence[Axis], rules: Sequence[Rule], found: First) -> Binding:
    if not found.is_proven:
        return Binding("search", "no settings were found in the time that a search is given")
    start = _named(question.roles.interval, axes[0].value(axes[0].low))
    binding = _obstacle(question, axes, rules)
    return Binding(binding.kind, f"from {start} on, {binding.message}", binding.rule)


def _obstacle(question: Question, axes: Sequence[Axis], rules: Sequence[Rule]) -> Binding:
    """What keeps all of the axes' choices away: the wait for a job, or a rule, or some of them together."""
    if question.situation.job is not None and question.search(axes, rules, with_job=False).indexes is not None:
        return Binding(
            "job", f"no attempts and timeout that the rules allow wait for a job of {question.situation.job:g} s"
        )
    for rule in rules[:_TRIED]:
        rest = [other for other in rules if other is not rule]
        if question.search(axes, rest).indexes is not None:
            return Binding("rule", f"the rule {rule.expression} does not hold, whatever else is changed", rule)
    names = " and ".join(rule.expression for rule in rules)
    return Binding(
        "rule", f"these rules do not hold together, whatever else is changed: {names}", rules[0] if rules else None
    )


def _binding(question: Question, axes: Sequence[Axis], rules: Sequence[Rule], at: int) -> Binding:
    """What keeps the interval, of this number on its axis, from being shorter."""
    own, setting = axes[0], question.roles.interval
    if at > own.low:
        binding = _obstacle(question, (own.only(at - 1), *axes[1:]), rules)
        message = f"at {_named(setting, own.value(at - 1))}, {binding.message}"
        return Binding(binding.kind, message, binding.rule)
    if at == question.axes[0].low:
        return Binding("bound", f"{_named(setting, own.value(at))} is the least that its limits allow")
    shorter = own.value(at - 1)
    if not question.is_within(shorter):
        peak = question.peak(shorter)
        message = f"at {_named(setting, shorter)} the peak is {peak:.6g} requests a second, above {question.capacity:g}"
        return Binding("peak", message)
    return Binding("rtt", f"at {_named(setting, shorter)} {_late(question)}")


def _late(question: Question) -> str:
    return f"an answer that takes {question.situation.rtt:g} s can be too late for the next poll"
