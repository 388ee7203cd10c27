"""What a case is looked for in: the state, and what only `chartgen doctor` reads and assumes beside it."""

from __future__ import annotations

import re

from chartgen.cluster.live import LiveMap
from chartgen.cluster.seen import Unseen
from chartgen.records import dataclass
from chartgen.status.state import Sought, State

TIMED_OUT = r"(?i)\bjobs?\b.*\b(timed out|timeout)\b|\b(timed out|timeout)\b.*\bjobs?\b"
"""What a line of the backend's log has that tells of a job that timed out."""


@dataclass(frozen=True)
class Limits:
    """From where on something is wrong: requests a second, and what a line says of a job that timed out."""

    requests: float = 100.0
    timed_out: re.Pattern[str] = re.compile(TIMED_OUT)


@dataclass(frozen=True)
class Examined:
    """The state, other ConfigMaps of settings in the namespace, from where on something is wrong, and what was sought.

    `others` are those that are no other release's; `in_use` the names of all that any pod reads, not asked for without others.
    """

    state: State
    others: tuple[LiveMap, ...] | Unseen
    in_use: frozenset[str] | Unseen
    limits: Limits
    sought: Sought
