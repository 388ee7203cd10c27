"""A run as text, for people: what was planned beside what was measured, at most 80 columns."""

from __future__ import annotations

from collections.abc import Iterator

from chartgen.load.comparison import Comparison, Stretch
from chartgen.planning.text import rate, time

_WORDS = {
    "busy": "were sent away (429, 503)",
    "unavailable": "had no usable answer",
    "refused": "were refused",
    "gone": "found no such job",
}


def text(run: Comparison) -> str:
    """The whole."""
    lines = [*_asked(run)]
    for stretch in run.stretches:
        lines += ["", *_stretch(run, stretch)]
    lines += ["", *_verdict(run)]
    return "".join(f"{line.rstrip()}\n" for line in lines).replace("\N{NO-BREAK SPACE}", " ")


def who(run: Comparison) -> str:
    """Who polled, in words."""
    order = run.order
    job = f" of {time(order.job)}" if order.job is not None else " that outlasts the run"
    if order.rate is not None:
        return f"{rate(order.rate)} jobs{job} a second come by chance, {order.users:,} pages at most"
    users = f"{order.users:,} users, each of whom waits" if order.users != 1 else "1 user, who waits"
    return f"{users} for a job{job}{', begun together' if order.sync_start else ''}"


def lasted(run: Comparison) -> str:
    """How long it lasted, in words."""
    return f"{run.lasted:.0f} s, of which the first {run.settling} s are not judged; seed {run.order.seed}"


def head(stretch: Stretch) -> str:
    """A stretch, in words."""
    return f"interval {time(stretch.polls.interval)}, seconds {stretch.begin} to {stretch.end}"


def rows(run: Comparison, stretch: Stretch) -> Iterator[tuple[str, str, str, str]]:
    """What is compared: its name, as planned, as measured, and the difference."""
    planned = stretch.expected
    yield "polls a second, mean", rate2(planned.mean), rate2(stretch.mean), f"{stretch.difference:+.1%}"
    seconds = len(stretch.seconds)
    yield (
        "polls in a busy second",
        rate(planned.busy),
        f"{stretch.busy:,}",
        f"{stretch.busier} of {seconds} s above the plan's",
    )
    yield "busiest second", "", f"{stretch.peak:,}", ""
    if run.order.sync_start:
        yield "the first second", rate(planned.synchronised), f"{run.first_second:,}", ""
    yield "in flight, mean", rate2(planned.in_flight), rate2(stretch.in_flight), ""
    if planned.polls_of_a_job is not None and stretch.polls_of_a_job is not None:
        yield "polls a job", rate2(planned.polls_of_a_job), rate2(stretch.polls_of_a_job), ""
    for name, share in (("median", 0.5), ("95th percentile", 0.95), ("99th percentile", 0.99)):
        found = stretch.latency(share)
        if found is not None:
            yield f"an answer, {name}", time(run.rtt) if share == 0.5 else "", time(found), ""


def rate2(requests: float) -> str:
    """A rate with two digits behind the point, where there are few."""
    return f"{requests:.2f}" if requests < 100 else rate(requests)


def notes(stretch: Stretch) -> Iterator[str]:
    """What else is to be known of a stretch."""
    for kind, words in _WORDS.items():
        if stretch.replies[kind]:
            yield f"{stretch.replies[kind]:,} of {stretch.replies.total():,} polls {words}"
    asked = stretch.others["asked to wait"]
    if asked:
        yield f"{asked:,} answers asked for a longer wait (Retry-After): the plan knows of none"
    for name in ("not submitted", "turned away"):
        if stretch.others[name]:
            yield f"{stretch.others[name]:,} jobs were {name}"
    for why in ("unreachable", "attempts", "timeout"):
        if stretch.others[f"ended: {why}"]:
            yield f"{stretch.others[f'ended: {why}']:,} pages gave up: {why}"
    if stretch.is_late:
        yield f"pages woke {time(stretch.lateness)} late (95th percentile): this machine is too slow for the load, or too busy"


def verdict(run: Comparison) -> str:
    """The end of it, in words."""
    judged = [stretch for stretch in run.stretches if stretch.is_judged]
    if not judged:
        return "too short to be judged"
    if run.is_as_planned:
        return f"as planned, within {100 * run.tolerance:g} %"
    worst = max(judged, key=lambda stretch: abs(stretch.difference))
    limit = f"{100 * run.tolerance:g} %"
    if worst.is_off:
        return f"not as planned: the mean is {worst.difference:+.1%} off, {limit} are allowed"
    bad = max(judged, key=lambda stretch: stretch.unanswered)
    return f"not as planned: {bad.unanswered:.1%} of the polls did not tell how the job is, {limit} are allowed"


def _asked(run: Comparison) -> Iterator[str]:
    yield who(run)
    yield f"  at {run.order.url}"
    yield f"  for {lasted(run)}"
    if run.interrupted:
        yield f"  interrupted: it was to last {run.order.lasts:.0f} s"


def _stretch(run: Comparison, stretch: Stretch) -> Iterator[str]:
    yield head(stretch)
    yield f"{'planned':>38}{'measured':>11}"
    for name, planned, measured, difference in rows(run, stretch):
        yield f"  {name:<25}{planned:>11}{measured:>11}  {difference}"
    for note in notes(stretch):
        yield f"  {note}"


def _verdict(run: Comparison) -> Iterator[str]:
    yield verdict(run)
