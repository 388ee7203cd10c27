"""The texts that mending works on: each as it is now, by the file that its names lead to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from chartgen.documents.reading import STDIN, is_stream
from chartgen.edits import Edit, apply_edits
from chartgen.finding import Finding
from chartgen.source import Source

Read: TypeAlias = "Callable[[str], Source | Finding]"

Place: TypeAlias = "tuple[str, int, int, str]"
"""An edit: its file, where it begins and ends, and the new text."""


class Desk:
    """The texts as they are now. What can be read once only (the standard input, a pipe) is read once."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._sources: dict[str, Source] = {}
        self._streams: dict[str, bool] = {STDIN: True}
        self._files: dict[str, str] = {STDIN: STDIN, "-": STDIN}
        self.texts: dict[str, str] = {}

    def read(self, path: str) -> Source | Finding:
        """A text as it is now."""
        name, file = STDIN if path == "-" else path, self.file(path)
        if file in self.texts:
            return Source(name, self.texts[file])
        if file not in self._streams:
            self._streams[file] = is_stream(path)
        if self._streams[file] and file in self._sources:
            return self._sources[file]
        found = self._read(path)
        if self._streams[file] and isinstance(found, Source):
            self._sources[file] = found
        return found

    def file(self, name: str) -> str:
        """The file that a name leads to."""
        found = self._files.get(name)
        if found is None:
            found = self._files[name] = os.path.realpath(name)
        return found

    def place(self, edit: Edit) -> Place:
        """Where an edit is, whatever name its file has there."""
        return self.file(edit.span.source.name), edit.span.start, edit.span.end, edit.text

    def is_current(self, edits: Iterable[Edit]) -> bool:
        """Whether edits are for texts as they are now."""
        return all(
            self.texts.get(self.file(edit.span.source.name), edit.span.source.text) == edit.span.source.text
            for edit in edits
        )

    def write(self, edits: Iterable[Edit]) -> int:
        """Make edits of texts as they are now, each once; how many those are."""
        by_file: dict[str, dict[Place, Edit]] = {}
        for edit in edits:
            place = self.place(edit)
            by_file.setdefault(place[0], {}).setdefault(place, edit)
        for file, those in by_file.items():
            source = next(iter(those.values())).span.source
            self._sources.setdefault(file, source)
            self.texts[file] = apply_edits(source.text, those.values())
        return sum(map(len, by_file.values()))

    def changed(self) -> Mapping[str, tuple[Source, str]]:
        """By file, what was read and the text as it is now, of those that differ."""
        found = {file: (self._sources[file], text) for file, text in self.texts.items()}
        return {file: pair for file, pair in found.items() if pair[0].text != pair[1]}


def agreeing(findings: Iterable[Finding], desk: Desk) -> list[Finding]:
    """The findings whose edits contradict no other's; of those that enter something at one place, the first."""
    findings = list(findings)
    places = {finding: [desk.place(edit) for edit in finding.edits] for finding in findings}
    every = dict.fromkeys(place for those in places.values() for place in those)
    bad = {place for one, other in _neighbours(every) if _contradict(one, other) for place in (one, other)}
    taken: dict[tuple[str, int, int], str] = {}
    chosen = []
    for finding, own in places.items():
        free = all(taken.get(place[:3], place[3]) == place[3] for place in own)
        if free and bad.isdisjoint(own):
            taken |= {place[:3]: place[3] for place in own}
            chosen.append(finding)
    return chosen


def rivals(finding: Finding, findings: Iterable[Finding], desk: Desk) -> list[Finding]:
    """The findings whose edits contradict those of one; it is one of them."""
    own = [desk.place(edit) for edit in finding.edits]
    return [
        other
        for other in findings
        if other is finding or any(_contradict(one, desk.place(edit)) for one in own for edit in other.edits)
    ]


def _neighbours(places: Iterable[Place]) -> Iterator[tuple[Place, Place]]:
    """All pairs of edits of one file that touch."""
    open_: list[Place] = []
    for place in sorted(places):
        open_ = [other for other in open_ if other[0] == place[0] and other[2] >= place[1]]
        yield from ((other, place) for other in open_)
        open_.append(place)


def _contradict(one: Place, other: Place) -> bool:
    if one == other or one[0] != other[0]:
        return False
    if one[1:3] == other[1:3] and one[1] == one[2]:  # both enter something: two settings, or one with two values
        return one[3].partition(":")[0] == other[3].partition(":")[0]
    return (other[1] < one[2] and one[1] < other[2]) or one[1:3] == other[1:3]
