"""The entries of one mapping under construction: later keys replace earlier ones, and the author is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from chartgen.documents.nodes import Entry
from chartgen.documents.yaml_faults import merged_over, warn, written_twice

if TYPE_CHECKING:
    from chartgen.documents.nodes import Mapping, Node
    from chartgen.finding import Finding
    from chartgen.source import Span

Slot: TypeAlias = "str | tuple[str]"
"""A key; one that JSON cannot hold is a tuple, apart from all strings."""


class Entries:
    """`bad` collects, by identity, entries whose keys JSON cannot hold; warnings join the findings."""

    def __init__(self, findings: list[Finding], bad: dict[int, Entry]) -> None:
        self.findings = findings
        self.bad = bad
        self.by_slot: dict[Slot, Entry] = {}
        self.merged: set[Slot] = set()

    def add(self, key: str | None, span: Span, value: Node) -> None:
        """A key with its value; None for a key that JSON cannot hold."""
        slot: Slot = (span.text,) if key is None else key
        entry = Entry(span.text if key is None else key, span, value)
        if key is None:
            self.bad[id(entry)] = entry
        if slot in self.by_slot:
            first = self.by_slot.pop(slot)
            if slot not in self.merged:
                warn(self.findings, written_twice(first, entry))
        self.by_slot[slot] = entry

    def merge(self, mapping: Mapping, place: Span) -> None:
        """Take over the entries of a mapping that `<<` at `place` names."""
        for entry in mapping.entries:
            slot: Slot = (entry.key,) if id(entry) in self.bad else entry.key
            first = self.by_slot.pop(slot, None)
            if first is not None and slot not in self.merged:
                warn(self.findings, merged_over(first, entry, place))
            self.merged.add(slot)
            self.by_slot[slot] = entry

    def done(self) -> tuple[Entry, ...]:
        """All of them, in order of writing."""
        return tuple(self.by_slot.values())
