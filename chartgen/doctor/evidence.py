"""A case as a finding: the evidence, which is quoted; the command that shows it; the cause; and what mends it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from datetime import UTC, datetime

from chartgen.cluster.connection import IN_CLUSTER
from chartgen.cluster.logs import LogLine
from chartgen.finding import Finding, Note, Severity
from chartgen.records import dataclass
from chartgen.source import Source, Span
from chartgen.status.state import State

_QUOTED_LINES = 20


@dataclass(frozen=True)
class Told:
    """What is said of a case beside its evidence: how to see it, why it is so, and what to do."""

    see: str
    cause: str
    mend: str


@dataclass(frozen=True)
class Evidence:
    """What shows it: a place in a text, what stands under it there, how grave it is, and the setting's name, if it is one's."""

    span: Span | None
    label: str
    severity: Severity = Severity.ERROR
    path: str = ""


def finding(code: str, message: str, shown: Evidence, told: Told) -> Finding:
    """A case that was found."""
    notes = (Note(f"cause: {told.cause}"), Note(f"see it: {told.see}"))
    return Finding(code, shown.severity, message, shown.span, shown.label, notes, shown.path, help=told.mend)


def quoted(name: str, text: str, marked: str) -> Span:
    """The place of a text in the evidence; its beginning where it is not there."""
    source = Source(name, text)
    start = max(text.find(marked), 0)
    return Span(source, start, start + len(marked))


def log_lines(lines: Iterable[LogLine], marked: str = "") -> Span:
    """The first lines of a log as evidence; what is marked is in the first of them, or is all of it."""
    some = [line for line, _ in zip(lines, range(_QUOTED_LINES), strict=False)]
    text = "".join(f"{stamp(line.at)} {line.text}\n" for line in some)
    return quoted(f"pod/{some[0].pod}/log", text, marked or some[0].text)


def stamp(seconds: float) -> str:
    """A time, as logs have it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def kubectl(state: State, *words: str) -> str:
    """A command of kubectl for the namespace and the context."""
    where = ["--namespace", state.namespace]
    where += ["--context", state.context] if state.context != IN_CLUSTER else []
    return shlex.join(["kubectl", *words, *where])


def chartgen(state: State, *words: str) -> str:
    """A command of chartgen for the same target."""
    target = state.target
    where = ["--env", target.environment] if target.environment else []
    if not target.environment or state.namespace != target.namespace:
        where += ["--namespace", state.namespace]
    return shlex.join(["chartgen", *words, *where])
