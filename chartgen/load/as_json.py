"""A run as JSON, for programs; `docs/reference/json.md` has its fields."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from chartgen.load.comparison import Comparison, Stretch
from chartgen.load.expected import Expected

_ANSWERS = (("median", 0.5), ("p95", 0.95), ("p99", 0.99))


def document(run: Comparison) -> dict[str, Any]:
    """The whole."""
    order = run.order
    return {
        "version": 1,
        "kind": "load",
        "url": order.url,
        "users": order.users,
        "jobSeconds": order.job,
        "jobsPerSecond": order.rate,
        "syncStart": order.sync_start,
        "seed": order.seed,
        "roundTripSeconds": run.rtt,
        "tolerance": run.tolerance,
        "began": datetime.fromtimestamp(run.began, UTC).isoformat(),
        "seconds": run.lasted,
        "interrupted": run.interrupted,
        "asPlanned": run.is_as_planned,
        "firstSecond": run.first_second,
        "stretches": [_stretch(each) for each in run.stretches],
        "pollsOfSeconds": [second.polls for second in run.tally.between(0, int(run.lasted))],
    }


def _stretch(stretch: Stretch) -> dict[str, Any]:
    return {
        "begin": stretch.begin,
        "end": stretch.end,
        "intervalSeconds": stretch.polls.interval,
        "judged": stretch.is_judged,
        "asPlanned": stretch.is_as_planned,
        "difference": stretch.difference,
        "planned": _planned(stretch.expected),
        "measured": _measured(stretch),
    }


def _planned(planned: Expected) -> dict[str, Any]:
    return {
        "pages": planned.pages,
        "meanPerSecond": planned.mean,
        "busySecond": planned.busy,
        "synchronisedPeak": planned.synchronised,
        "inFlight": planned.in_flight,
        "pollsOfAJob": planned.polls_of_a_job,
    }


def _measured(stretch: Stretch) -> dict[str, Any]:
    return {
        "meanPerSecond": stretch.mean,
        "busySecond": stretch.busy,
        "peak": stretch.peak,
        "secondsAbovePlannedBusy": stretch.busier,
        "inFlight": stretch.in_flight,
        "pollsOfAJob": stretch.polls_of_a_job,
        "answerSeconds": {name: stretch.latency(share) for name, share in _ANSWERS},
        "wokeLate95Seconds": stretch.lateness,
        "unanswered": stretch.unanswered,
        "replies": dict(sorted(stretch.replies.items())),
        "others": dict(sorted((name, count) for name, count in stretch.others.items() if count)),
    }
