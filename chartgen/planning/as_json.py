"""A plan as JSON, for programs; `docs/reference/json.md` has its fields."""

from __future__ import annotations

from typing import Any

from chartgen.planning.load import Load
from chartgen.planning.plan import Plan
from chartgen.planning.recommend import Recommendation


def document(plan: Plan) -> dict[str, Any]:
    """The whole."""
    asked = plan.situation
    return {
        "version": 1,
        "kind": "plan",
        "users": asked.users,
        "jobSeconds": asked.job,
        "roundTripSeconds": asked.rtt,
        "pollBytes": asked.poll_bytes,
        "capacityPerSecond": plan.capacity,
        "missingRoles": list(plan.roles.missing),
        "settings": {setting.name: plan.values[setting.path] for setting in plan.roles.settings},
        "load": figures(plan.load),
        "intervals": [figures(load) for load in plan.comparison],
        "recommendation": None if plan.recommendation is None else _recommendation(plan, plan.recommendation),
    }


def figures(load: Load) -> dict[str, Any]:
    """The figures of one load."""
    return {
        "intervalSeconds": load.polls.interval,
        "attempts": load.polls.attempts,
        "timeoutSeconds": load.polls.timeout,
        "usersByInterval": load.simple_mean,
        "meanPerSecond": load.mean,
        "jitteredPeak": load.jittered_peak,
        "synchronisedPeak": load.synchronised_peak,
        "inFlight": load.in_flight,
        "bytesPerSecond": load.bytes,
        "pollsOfAJob": load.polls_of_a_job,
        "delaySeconds": load.delay,
        "delay95Seconds": load.delay_p95,
        "keepsPace": load.pace.keeps,
        "givesUpAfterSeconds": load.gives_up,
        "seesTheEnd": load.sees_the_end,
        "lastAttempt": [
            {"roundTripSeconds": each.rtt, "pacedSeconds": each.paced, "sequentialSeconds": each.sequential}
            for each in load.run_outs
        ],
    }


def _recommendation(plan: Plan, found: Recommendation) -> dict[str, Any]:
    values, rule = found.values, found.binding.rule
    named = plan.roles.settings
    return {
        "settings": None if values is None else {setting.name: values[setting.path] for setting in named},
        "load": None if values is None else figures(plan.load_of(values)),
        "binding": {
            "kind": found.binding.kind,
            "message": found.binding.message,
            "rule": None if rule is None else rule.expression,
        },
        "brokenWarnings": [rule.message for rule in found.broken_warnings],
    }
