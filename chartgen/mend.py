"""The mends of findings, applied to texts in memory until nothing more can be mended; nothing is written here.

Every round is judged anew, and undone where it makes anything worse: then its mends are tried one by one. A value that
can be read is better than one that cannot, even where rules then have something to say of it: what they say is mended
next. Only where that fails, and a file would end worse than it was, all changes of it are undone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeAlias

from chartgen.documents.reading import read_source
from chartgen.edits import Edit
from chartgen.finding import Finding, is_error
from chartgen.mend_desk import Desk, Read, agreeing, rivals
from chartgen.mend_needless import without_needless
from chartgen.records import dataclass
from chartgen.rule_findings import RULE
from chartgen.source import Source

JudgeAgain: TypeAlias = "Callable[[Read], Sequence[Finding]]"
"""Gives all findings, of texts that it gets by the function alone."""

_ROUNDS = 20
_TRIED = 100
"""How many findings of one round are tried one by one."""
_RIVALS = 12
"""How many edits that contradict each other are tried."""

_HIDING = frozenset({"CG201", "CG202", "CG204", "CG205", "CG207", "CG407", "CG408", "CG409", "CG414"})
"""What keeps rules from being judged."""

_Key: TypeAlias = "tuple[str, str, str, str]"
_Rank: TypeAlias = "tuple[int, int, int]"


@dataclass(frozen=True)
class Fixed:
    """What mending came to.

    `texts` has, by the name of each file that changes, what was read and the new text (without a byte order mark, as
    `read_source` gives it); `findings` are those that are left; `applied` counts the edits.
    """

    texts: Mapping[str, tuple[Source, str]]
    findings: tuple[Finding, ...]
    applied: int


def fix(judge_again: JudgeAgain, read: Read = read_source) -> Fixed:
    """Apply the edits of findings, judge again, and go on until no edit is left that mends anything.

    Of edits that contradict each other (one file in several stacks) the one is applied that mends all, where there is
    one; else what they would mend stays told. No file is written.
    """
    desk = Desk(read)
    run = _Run(judge_again, desk)
    first = run.told
    for _ in range(_ROUNDS):
        if not (run.mend_agreeing() or run.mend_contested()):
            break
    if desk.texts:
        run.undo_worse(first)
        told, back = without_needless(run.told, run.judged, desk, run.linked.__contains__)
        run.told, run.applied = told, run.applied - back
    texts = {source.name: (source, text) for source, text in desk.changed().values()}
    return Fixed(texts, tuple(run.told), run.applied if texts else 0)


class _Run:
    """One run of mending: what is told now, of the texts on the desk."""

    def __init__(self, judge_again: JudgeAgain, desk: Desk) -> None:
        self._judge_again, self._desk = judge_again, desk
        self._given_up: set[_Key] = set()
        self.linked: set[str] = set()
        self.applied = 0
        self.told = self.judged()

    def judged(self) -> Sequence[Finding]:
        """What is told of the texts as they are now."""
        told = self._judge_again(self._desk.read)
        for finding in told:
            files = {self._desk.file(name) for name in _names(finding)} if finding.edits else set()
            self.linked |= files if len(files) > 1 else set()
        return told

    def mend_agreeing(self) -> bool:
        """Make the edits that contradict no others; whether that mended anything."""
        wanted = self._wanted()
        chosen = agreeing([finding for finding in wanted if not _is_contested(finding)], self._desk)
        together = chosen
        while together:
            worse = self._mends(together, [edit for finding in together for edit in finding.edits], by_file=True)
            if worse is None:
                return True
            # Those that make nothing worse where they are do not wait for the others.
            others = [finding for finding in together if worse and worse.isdisjoint(_names(finding))]
            together = others if len(others) < len(together) else []
        mended = False
        for finding in chosen[:_TRIED]:
            # Where an earlier one has changed the text, the next round has new edits for this one.
            if not self._desk.is_current(finding.edits):
                continue
            if any(self._mends([finding], edits) is None for edits in (finding.edits, *finding.alternatives)):
                mended = True
            else:
                self._given_up.add(_key(finding))
        return mended

    def mend_contested(self) -> bool:
        """Of edits that contradict each other, make those that mend all that want another one."""
        wanted, mended = self._wanted(), False
        for finding in wanted[:_TRIED]:
            group = rivals(finding, wanted, self._desk)
            if (len(group) > 1 or _is_contested(finding)) and self._mends_all(group):
                mended = True
        return mended

    def undo_worse(self, first: Sequence[Finding]) -> None:
        """Undo the changes of files of which more errors are told than at first; all changes if that is not enough."""
        before = _errors(first)
        more = _errors(self.told) - before
        worse = {self._desk.file(name) for each in self.told if _name(each) in more for name in _names(each)}
        for files in (worse & self._desk.texts.keys(), set(self._desk.texts)):
            if _errors(self.told) - before and files:
                for file in files:
                    del self._desk.texts[file]
                self.told = self.judged()

    def _wanted(self) -> list[Finding]:
        return [finding for finding in self.told if finding.edits and _key(finding) not in self._given_up]

    def _mends(self, chosen: Sequence[Finding], edits: Sequence[Edit], *, by_file: bool = False) -> set[str] | None:
        """Make edits and give None; where it is no better with them, nothing is changed: the names of what is worse."""
        before = dict(self._desk.texts)
        count = self._desk.write(edits)
        after = self.judged()
        worse = _worse(self.told, after) if by_file else set()
        if _is_better(chosen, self.told, after) and not worse:
            self.told = after
            self.applied += count
            return None
        self._desk.texts = before
        return worse

    def _mends_all(self, group: Sequence[Finding]) -> bool:
        """Make the best of the edits that any of the findings has, of those that make it go away wherever it is told."""
        options: dict[tuple[Edit, ...], Finding] = {}
        for finding in group:
            for edits in (finding.edits, *finding.alternatives):
                options.setdefault(edits, finding)
        before = dict(self._desk.texts)
        best: tuple[_Rank, Finding, tuple[Edit, ...]] | None = None
        for edits, finding in list(options.items())[:_RIVALS]:
            if not self._desk.is_current(edits):
                continue
            self._desk.write(edits)
            after = self.judged()
            self._desk.texts = dict(before)
            if self._is_progress(finding, after) and (best is None or _rank(after) < best[0]):
                best = _rank(after), finding, edits
        return best is not None and self._mends([best[1]], best[2]) is None

    def _is_progress(self, finding: Finding, after: Sequence[Finding]) -> bool:
        """Whether it is better for all: no new error is told, but by rules that could not be judged before."""
        keys = set(map(_key, after))
        new = {_key(each) for each in after if is_error(each)} - set(map(_key, self.told))
        is_for_all = not new or _rank(after)[0] < _rank(self.told)[0]
        return is_for_all and _key(finding) not in keys and _is_better([finding], self.told, after)


def _is_contested(finding: Finding) -> bool:
    """Whether environments want another value each in the place of one that is wrong in all of them."""
    return finding.code in _HIDING and bool(finding.alternatives)


def _is_better(chosen: Sequence[Finding], before: Sequence[Finding], after: Sequence[Finding]) -> bool:
    unreadable = {_key(finding) for finding in after if _is_unreadable(finding)}
    if unreadable - {_key(finding) for finding in before if _is_unreadable(finding)}:
        return False
    old, new = _rank(before), _rank(after)
    gone = {_key(finding) for finding in chosen}.isdisjoint(map(_key, after))
    return new < old or (new[:2] == old[:2] and gone)


def _worse(before: Sequence[Finding], after: Sequence[Finding]) -> set[str]:
    """The files that became worse: what else is judged with a file does not count for it."""
    old, new = _by_name(before), _by_name(after)
    return {name for name, those in new.items() if _rank(those)[:2] > _rank(old.get(name, []))[:2]}


def _rank(findings: Iterable[Finding]) -> _Rank:
    """How bad it is: what hides rules first, then errors, then all findings."""
    findings = list(findings)
    errors = list(filter(is_error, findings))
    return sum(finding.code in _HIDING for finding in errors), len(errors), len(findings)


def _by_name(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(_name(finding), []).append(finding)
    return found


def _errors(findings: Iterable[Finding]) -> Counter[str]:
    return Counter(map(_name, filter(is_error, findings)))


def _is_unreadable(finding: Finding) -> bool:
    return finding.code.startswith("CG1") and is_error(finding)


def _key(finding: Finding) -> _Key:
    """What a finding is of, wherever it stands."""
    return finding.code, _name(finding), finding.path, finding.expected


def _name(finding: Finding) -> str:
    return finding.primary.source.name if finding.primary else ""


def _names(finding: Finding) -> set[str]:
    """The files of values that a finding tells of, or that its edits are for."""
    notes = (note.span for note in finding.notes if note.message != RULE)
    spans = [finding.primary, *notes, *(edit.span for edit in finding.edits)]
    return {span.source.name for span in spans if span is not None}
