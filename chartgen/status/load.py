"""The load of polling: as the settings make it for so many users or jobs, and as it is seen."""

from __future__ import annotations

from chartgen.cluster.jobs import Jobs
from chartgen.cluster.judging import values_of
from chartgen.plan import Polling, polling
from chartgen.settings.expression import Path, Value
from chartgen.settings.strings import parse_text
from chartgen.status.rows import UNKNOWN, expected, wire_of
from chartgen.status.state import State


def polling_of(state: State) -> Polling | None:
    """How a page of a pod that starts now polls; None where no setting says so."""
    settings = state.target.settings
    values: dict[Path, Value] = dict(values_of(settings, state.data))
    for setting in settings.settings:
        wire = wire_of(state, setting)
        text = expected(state, setting, wire)
        found = parse_text(setting.type, text) if wire is not None and text != UNKNOWN else None
        if found is not None:
            values[setting.path] = found
    return polling(settings, values)


def by_jobs(state: State) -> float | None:
    """The requests a second that the active jobs make, one page for each; None where they are not known."""
    found = polling_of(state)
    if found is None or not isinstance(state.jobs, Jobs):
        return None
    return found.requests_per_second(state.jobs.count)
