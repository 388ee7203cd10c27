"""Changes that turned out to be needless are taken back: others mend the same."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Sequence

from chartgen.finding import Finding
from chartgen.mend_desk import Desk
from chartgen.records import dataclass, field

_TRIED = 30
"""How many changes of files that belong together are tried without."""


@dataclass
class _Change:
    """What was read and what it has become, line by line; `back` are the places that are as they were read."""

    file: str
    old: list[str]
    new: list[str]
    places: list[tuple[int, int, int, int]]
    back: set[int] = field(default_factory=set)

    @property
    def text(self) -> str:
        pieces: list[str] = []
        done = 0
        for number, (start, end, new_start, new_end) in enumerate(self.places):
            own = self.old[start:end] if number in self.back else self.new[new_start:new_end]
            pieces += [*self.old[done:start], *own]
            done = end
        return "".join([*pieces, *self.old[done:]])


def without_needless(
    told: Sequence[Finding],
    judge_again: Callable[[], Sequence[Finding]],
    desk: Desk,
    is_linked: Callable[[str], bool],
) -> tuple[Sequence[Finding], int]:
    """What is told after single changes are taken back without which nothing more is told; and how many those are.

    `is_linked` tells files that are used together with others: of those one change is tried at a time, of the others
    one of each file. What enters a line is tried first: who has a value of their own keeps it last.
    """
    changes = [_change(file, source.text, text) for file, (source, text) in desk.changed().items()]
    alone = [[change] for change in changes if not is_linked(change.file)]
    queues = [_tries(group)[:_TRIED] for group in ([change for change in changes if is_linked(change.file)], *alone)]
    queues = [queue for queue in queues if len(queue) > 1]
    known, taken = set(map(_key, told)), 0
    for turn in range(max(map(len, queues), default=0)):
        tried = [queue[turn] for queue in queues if turn < len(queue)]
        _take_back(tried, desk)
        after = judge_again()
        files = {desk.file(key[1]) for key in set(map(_key, after)) - known}
        shared = files - {change.file for change, _ in tried if not is_linked(change.file)}
        bad = [pair for pair in tried if pair[0].file in files or (shared and _may_hit(pair[0], shared, is_linked))]
        _make_again(bad, desk)
        taken += len(tried) - len(bad)
        told = judge_again() if bad and len(bad) < len(tried) else told if bad else after
    return told, taken


def _may_hit(change: _Change, worse: Iterable[str], is_linked: Callable[[str], bool]) -> bool:
    """Whether files in which more is told may be so by a change in another file."""
    return is_linked(change.file) or not all(map(is_linked, worse))


def _key(finding: Finding) -> tuple[str, str, str, str]:
    name = finding.primary.source.name if finding.primary else ""
    return finding.code, name, finding.path, finding.message


def _change(file: str, old: str, new: str) -> _Change:
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    codes = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return _Change(file, before, after, [code[1:] for code in codes if code[0] != "equal"])


def _tries(changes: Iterable[_Change]) -> list[tuple[_Change, int]]:
    every = [(change, number) for change in changes for number in range(len(change.places))]
    return sorted(every, key=lambda pair: pair[0].places[pair[1]][0] < pair[0].places[pair[1]][1])


def _take_back(pairs: Iterable[tuple[_Change, int]], desk: Desk) -> None:
    for change, number in pairs:
        change.back.add(number)
        desk.texts[change.file] = change.text


def _make_again(pairs: Iterable[tuple[_Change, int]], desk: Desk) -> None:
    for change, number in pairs:
        change.back.discard(number)
        desk.texts[change.file] = change.text
