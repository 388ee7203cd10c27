"""What a report tells beside its findings: what was judged, and how that ended."""

from __future__ import annotations

from chartgen.records import dataclass
from chartgen.report.counts import Counts


@dataclass(frozen=True)
class Run:
    """One run of a command.

    `judged` names the files that were judged, with and without findings; `stops` says what could not be used to judge;
    `root` is the repository's absolute folder, to which reports for others' machines make file names relative: without
    it, the working folder. With `strict`, warnings fail, too. `looked` are the codes that
    were looked for, where that is not the same each time; `skipped` are those that were not, by the reason.
    """

    counts: Counts | None = None
    judged: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    exit_code: int = 0
    strict: bool = False
    root: str = ""
    looked: tuple[str, ...] | None = None
    skipped: tuple[tuple[str, tuple[str, ...]], ...] = ()
