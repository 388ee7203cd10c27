"""The tree that a YAML or JSON text becomes: plain values, each with its span.

A tree holds what Helm would make of the text (see `scalars.py`), not what YAML says of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from chartgen.records import dataclass

if TYPE_CHECKING:
    from chartgen.source import Span

Plain: TypeAlias = "None | bool | int | float | str | list[Plain] | dict[str, Plain]"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf: null, a boolean, a number or a text."""

    value: None | bool | int | float | str
    span: Span


@dataclass(frozen=True, slots=True)
class Entry:
    """One key of a mapping with its value."""

    key: str
    key_span: Span
    value: Node


@dataclass(frozen=True, slots=True)
class Mapping:
    """The entries in order of writing; keys are unique (the last one written won)."""

    entries: tuple[Entry, ...]
    span: Span

    def get(self, key: str) -> Entry | None:
        """The entry of a key, or None."""
        return next((entry for entry in self.entries if entry.key == key), None)


@dataclass(frozen=True, slots=True)
class Sequence:
    """The items in order."""

    items: tuple[Node, ...]
    span: Span


Node: TypeAlias = "Scalar | Mapping | Sequence"


def plain(node: Node) -> Plain:
    """The tree without its spans: dicts, lists and scalars."""
    if isinstance(node, Mapping):
        return {entry.key: plain(entry.value) for entry in node.entries}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.value


def find(node: Node, path: tuple[str | int, ...]) -> Node | None:
    """The node at a path of keys and indexes, or None."""
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str):
            entry = node.get(step)
            if entry is None:
                return None
            node = entry.value
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node
