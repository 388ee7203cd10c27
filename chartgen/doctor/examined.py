"""What a case is looked for in: the state, and what only `chartgen doctor` reads and assumes beside it."""

from __future__ import annotations

import re

from chartgen.cluster.jobs import Job, Jobs
from chartgen.cluster.live import LiveMap
from chartgen.cluster.seen import Unseen
from chartgen.records import dataclass
from chartgen.status.state import Sought, State

_NONE = r"(?<![\w.-])(?:0|no|none of the) (?:\w+ )?jobs?\b|timed out\W{0,3}0\b|(?:never|not|without) tim|before (?:\w+ )?tim"
_HAPPENED = (
    r"(?<!connection )(?<!socket )\btimed out\b|TimeoutError|\btimeout (?:error|exceeded|reached|expired|elapsed)\b"
    r"|\bjob\W?[\w-]+:? timeout after\b"
    r"|\b(?:exceeded|reached|hit|failed|aborted|cancelled|canceled|killed)\b[^=]{0,40}\btimeout\b(?!\W{0,2}\d)"
    r"|\b(?:status|state|outcome|reason)\W{1,4}(?:timeout|timed_out)\b(?!\W{0,3}\d)"
)
TIMED_OUT = rf"(?i)\A(?!.*(?:{_NONE}))(?=.*\bjob(?:s|_?id)?\b)(?=.*(?:{_HAPPENED}))"
"""What a line of the backend's log has that tells of a job that timed out, and not of a limit, nor of none that did."""


@dataclass(frozen=True)
class Limits:
    """From where on something is wrong: requests a second, and what a line says of a job that timed out."""

    requests: float = 100.0
    timed_out: re.Pattern[str] = re.compile(TIMED_OUT)

    @property
    def is_own(self) -> bool:
        """Whether somebody gave a pattern of their own."""
        return self.timed_out.pattern != TIMED_OUT

    def tells_of_timeout(self, text: str) -> bool:
        """Whether a line does; most are passed over at once, since there may be millions."""
        return (self.is_own or "time" in text.lower()) and self.timed_out.search(text) is not None


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

    @property
    def dated(self) -> tuple[Job, ...]:
        """Jobs in Redis whose age is known, and that are not kept for ever."""
        jobs = self.state.jobs
        return tuple(job for job in jobs.sample if job.kept and job.age is not None) if isinstance(jobs, Jobs) else ()
