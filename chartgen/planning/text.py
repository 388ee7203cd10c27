"""A plan as text, for people: at most 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

from chartgen.planning.load import Load
from chartgen.planning.plan import Plan
from chartgen.planning.recommend import Recommendation
from chartgen.settings.expression import Path, Value

WIDTH = 80
_INDENT = 14
_FEW = 0.1
"""Below it, a rate (requests a second) with one digit behind the point would look like none."""


def text(plan: Plan) -> str:
    """The whole."""
    lines = [*_asked(plan), "", *_figures(plan.load), "", *_run_outs(plan.load), "", *_intervals(plan)]
    if plan.recommendation is not None:
        lines += ["", *_recommended(plan, plan.recommendation)]
    return "".join(f"{line.rstrip()}\n" for line in lines).replace("\N{NO-BREAK SPACE}", " ")


def time(seconds: float) -> str:
    """A time for people: `50 ms`, `2.56 s`, `597.5 s`."""
    return (
        f"{seconds * 1000:.4g}\N{NO-BREAK SPACE}ms"
        if seconds < 1
        else f"{seconds:.{3 if seconds < 100 else 4}g}\N{NO-BREAK SPACE}s"
    )


def rate(requests: float) -> str:
    """Requests a second for people: one digit behind the point, where there are few; the first that counts of very few."""
    if 0 < requests < _FEW:
        return f"{requests:.1g}"
    return f"{requests:.1f}".removesuffix(".0") if requests < 1000 else f"{requests:,.0f}"


def _asked(plan: Plan) -> Iterator[str]:
    asked = plan.situation
    users = (
        f"{asked.users:,} users, each of whom waits for a job" if asked.users != 1 else "1 user, who waits for a job"
    )
    job = f" of {time(asked.job)}" if asked.job is not None else ""
    yield f"{users}{job}; an answer takes {time(asked.rtt)}"
    yield from _row("settings", _settings(plan, {}))
    if plan.roles.missing:
        named = " and ".join(plan.roles.missing)
        yield from _row("", f"no setting has the role {named}: the client's own default counts")


def _settings(plan: Plan, changes: Mapping[Path, Value]) -> str:
    values = {**plan.values, **changes}
    return ", ".join(f"{setting.name} {values[setting.path]}" for setting in plan.roles.settings)


def _figures(load: Load) -> Iterator[str]:
    yield from _row("requests", f"{rate(load.mean)} a second on average")
    yield from _row("", f"{rate(load.jittered_peak)} in a busy one: of 100 seconds, one has more")
    yield from _row("", f"{rate(load.synchronised_peak)} where all ask at once, as without jitter after a stall")
    at_peak = load.jittered_peak * load.situation.rtt
    yield from _row("in flight", f"{rate(load.in_flight)} requests on average, {rate(at_peak)} in a busy second")
    kilobytes = load.bytes / 1000
    yield from _row("traffic", f"{rate(kilobytes)} kB a second, at {load.situation.poll_bytes} bytes a poll")
    yield from _row(
        "a job's end", f"seen after {time(load.delay)} on average, {time(load.delay_p95)} at most for 95 of 100 jobs"
    )
    polls = load.polls_of_a_job
    if polls is not None:
        yield from _row("a job", f"{rate(polls)} polls, the one that brings its result too")
    yield from _row("a page", f"gives up after {time(load.gives_up)}: {_why(load)}")
    if not load.sees_the_end:
        yield from _row("", "which is before its job ends: it never sees the result")


def _why(load: Load) -> str:
    attempts = f"its {load.polls.attempts:,} attempts"
    if load.polls.timeout <= load.gives_up:
        return f"its timeout; {attempts} would last {time(load.run_out(load.situation.rtt).paced)}"
    return f"{attempts}; its timeout would be {time(load.polls.timeout)}"


def _run_outs(load: Load) -> Iterator[str]:
    yield f"the last of {load.polls.attempts:,} attempts begins after"
    yield f"{'an answer in':>14}  {'this client':>12}  a poller that waits after each answer"
    for each in load.run_outs:
        late = "  (too late: the timeout)" if each.sequential > load.polls.timeout else ""
        yield f"{time(each.rtt):>14}  {time(each.paced):>12}  {time(each.sequential):>8}{late}"


def _intervals(plan: Plan) -> Iterator[str]:
    loads = plan.comparison
    yield "requests a second, by the interval"
    yield f"{'interval':>14}  {'mean':>8}  {'busy second':>12}  {'all at once':>12}"
    first = loads[0]
    for load in loads:
        less = f"  {1 - load.mean / first.mean:.0%} less on average" if load is not first else ""
        here = " *" if load.polls == plan.load.polls else "  "
        cells = f"{rate(load.mean):>8}  {rate(load.jittered_peak):>12}  {rate(load.synchronised_peak):>12}"
        yield f"{here}{time(load.polls.interval):>12}  {cells}{less}"


def _recommended(plan: Plan, found: Recommendation) -> Iterator[str]:
    head = f"for at most {rate(plan.capacity or 0)} requests in a busy second"
    if found.values is None:
        yield from _wrapped(f"{head}, no settings will do: {found.binding.message}")
        return
    load = plan.load_of(found.values)
    yield head
    yield from _row("settings", _settings(plan, found.values))
    yield from _row("requests", f"{rate(load.mean)} a second on average, {rate(load.jittered_peak)} in a busy one")
    yield from _row("a job's end", f"seen after {time(load.delay)} on average, {time(load.delay_p95)} for 95 of 100")
    yield from _row("a page", f"gives up after {time(load.gives_up)}")
    yield from _row("what binds", f"{_KINDS[found.binding.kind]}: {found.binding.message}")
    for rule in found.broken_warnings:
        yield from _row("warning", f"this rule does not hold: {rule.message}")


_KINDS = {
    "bound": "the setting's limits",
    "peak": "the peak",
    "rtt": "the round trip",
    "job": "the wait for a job",
    "rule": "a rule",
    "search": "the search",
}


def _row(name: str, words: str) -> list[str]:
    return textwrap.wrap(f"{name:{_INDENT - 1}} {words}", WIDTH, subsequent_indent=" " * _INDENT, drop_whitespace=True)


def _wrapped(words: str) -> list[str]:
    return textwrap.wrap(words, WIDTH, subsequent_indent="  ")
