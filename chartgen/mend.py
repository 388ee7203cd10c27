"""The mends of findings, applied to texts in memory until nothing more can be mended; nothing is written here.

Every round is judged anew, and undone where it makes anything worse: then its mends are tried one by one.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from chartgen.documents.reading import STDIN, read_source
from chartgen.edits import Edit, apply_edits
from chartgen.finding import Finding, is_error
from chartgen.records import dataclass
from chartgen.source import Source

Read: TypeAlias = "Callable[[str], Source | Finding]"
JudgeAgain: TypeAlias = "Callable[[Read], Sequence[Finding]]"
"""Gives all findings, of texts that it gets by the function alone."""

_ROUNDS = 10
_TRIED = 100
"""How many findings of one round are tried one by one."""

_Key: TypeAlias = "tuple[str, str, str, str]"
_Place: TypeAlias = "tuple[str, int, int, str]"


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

    Edits that contradict each other (one file in several stacks) are not applied, and what they would mend stays told.
    No file is written.
    """
    desk = _Desk(read)
    told = judge_again(desk.read)
    applied = 0
    given_up: set[_Key] = set()
    for _ in range(_ROUNDS):
        wanted = [finding for finding in told if finding.edits and _key(finding) not in given_up]
        chosen = _agreeing(wanted, desk)
        if not chosen:
            break
        better = _tried(chosen, told, judge_again, desk)
        if better is not None:
            told, applied = better, applied + len(_edits(chosen, desk))
            continue
        for finding in chosen[:_TRIED]:
            # Where an earlier one has changed the text, the next round has new edits for this one.
            better = _tried([finding], told, judge_again, desk) if desk.is_current(finding) else None
            if better is not None:
                told, applied = better, applied + len(finding.edits)
            elif desk.is_current(finding):
                given_up.add(_key(finding))
    return Fixed(desk.changed(), tuple(told), applied)


def diff(fixed: Fixed, has_mark: Callable[[str], bool] = lambda _: False) -> str:
    """The changes as a unified diff, `a/` and `b/` before the names; `has_mark` tells files with a byte order mark."""
    return "".join(
        line
        for name, (source, text) in sorted(fixed.texts.items())
        for line in _diff_lines(name, *(("\ufeff" if has_mark(name) else "") + side for side in (source.text, text)))
    )


def _diff_lines(name: str, old: str, new: str) -> Iterator[str]:
    label = name.replace(os.sep, "/").lstrip("/")
    for line in difflib.unified_diff(_lines(old), _lines(new), f"a/{label}", f"b/{label}"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """The lines with their breaks, which are line feeds alone, as for every program that reads a diff."""
    return [line for line in text.replace("\n", "\n\0").split("\0") if line]


class _Desk:
    """The texts as they are now, by the files that their names lead to."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._sources: dict[str, Source] = {}
        self.texts: dict[str, str] = {}
        self._files: dict[str, str] = {STDIN: STDIN, "-": STDIN}

    def read(self, path: str) -> Source | Finding:
        """A text as it is now; the standard input is read once only."""
        name, file = STDIN if path == "-" else path, self._file(path)
        if file in self.texts:
            return Source(name, self.texts[file])
        if file == STDIN and STDIN in self._sources:
            return self._sources[STDIN]
        found = self._read(path)
        if file == STDIN and isinstance(found, Source):
            self._sources[STDIN] = found
        return found

    def file(self, edit: Edit) -> str:
        """The file that an edit is for."""
        return self._file(edit.span.source.name)

    def _file(self, name: str) -> str:
        found = self._files.get(name)
        if found is None:
            found = self._files[name] = os.path.realpath(name)
        return found

    def is_current(self, finding: Finding) -> bool:
        """Whether the finding's edits are for texts as they are now."""
        return all(
            self.texts.get(self.file(edit), edit.span.source.text) == edit.span.source.text for edit in finding.edits
        )

    def write(self, edits: Iterable[Edit]) -> None:
        """Make edits of texts as they are now."""
        by_file: dict[str, list[Edit]] = {}
        for edit in edits:
            by_file.setdefault(self.file(edit), []).append(edit)
        for file, those in by_file.items():
            source = those[0].span.source
            self._sources.setdefault(file, source)
            self.texts[file] = apply_edits(source.text, those)

    def changed(self) -> dict[str, tuple[Source, str]]:
        """The texts that differ from what was read."""
        found = ((self._sources[file], text) for file, text in self.texts.items())
        return {source.name: (source, text) for source, text in found if source.text != text}


def _tried(
    chosen: Sequence[Finding], told: Sequence[Finding], judge_again: JudgeAgain, desk: _Desk
) -> Sequence[Finding] | None:
    """What is told with these findings mended; None, and nothing is changed, where that is no better."""
    before = dict(desk.texts)
    desk.write(_edits(chosen, desk))
    after = judge_again(desk.read)
    if _is_better(chosen, told, after):
        return after
    desk.texts = before
    return None


def _is_better(chosen: Sequence[Finding], before: Sequence[Finding], after: Sequence[Finding]) -> bool:
    unreadable = {_key(finding) for finding in after if _is_unreadable(finding)}
    if unreadable - {_key(finding) for finding in before if _is_unreadable(finding)}:
        return False
    errors = [sum(map(is_error, those)) for those in (before, after)]
    gone = {_key(finding) for finding in chosen}.isdisjoint(map(_key, after))
    return (errors[1], len(after)) < (errors[0], len(before)) or (errors[1] == errors[0] and gone)


def _is_unreadable(finding: Finding) -> bool:
    return finding.code.startswith("CG1") and is_error(finding)


def _key(finding: Finding) -> _Key:
    """What a finding is of, wherever it stands."""
    name = finding.primary.source.name if finding.primary else ""
    return finding.code, name, finding.path, finding.expected


def _edits(findings: Iterable[Finding], desk: _Desk) -> list[Edit]:
    """The edits of findings, each once."""
    found: dict[_Place, Edit] = {}
    for edit in (edit for finding in findings for edit in finding.edits):
        found.setdefault(_place(edit, desk), edit)
    return list(found.values())


def _agreeing(findings: Sequence[Finding], desk: _Desk) -> list[Finding]:
    """The findings whose edits contradict no other's; of those that enter something at one place, the first."""
    places = [_place(edit, desk) for edit in _edits(findings, desk)]
    bad = {place for one, other in _neighbours(places) if _contradict(one, other) for place in (one, other)}
    taken: dict[tuple[str, int, int], str] = {}
    chosen = []
    for finding in findings:
        own = [_place(edit, desk) for edit in finding.edits]
        free = all(taken.get(place[:3], place[3]) == place[3] for place in own)
        if free and bad.isdisjoint(own):
            taken |= {place[:3]: place[3] for place in own}
            chosen.append(finding)
    return chosen


def _place(edit: Edit, desk: _Desk) -> _Place:
    return desk.file(edit), edit.span.start, edit.span.end, edit.text


def _neighbours(places: Iterable[_Place]) -> Iterator[tuple[_Place, _Place]]:
    """All pairs of edits of one file that touch."""
    open_: list[_Place] = []
    for place in sorted(places):
        open_ = [other for other in open_ if other[0] == place[0] and other[2] >= place[1]]
        yield from ((other, place) for other in open_)
        open_.append(place)


def _contradict(one: _Place, other: _Place) -> bool:
    if one[1:3] == other[1:3] and one[1] == one[2]:  # both enter something: two settings, or one with two values
        return one[3].partition(":")[0] == other[3].partition(":")[0]
    return other[1] < one[2] or one[1:3] == other[1:3]
