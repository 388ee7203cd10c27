"""The values that flags change, while they do: mappings and lists that can be written, leaves with their places.

Go's maps and slices, as `pkg/strvals` uses them.
"""

from __future__ import annotations

from typing import TypeAlias

from chartgen.documents.nodes import Entry, Mapping, Node, Scalar, Sequence
from chartgen.source import Span


class Map(dict[str, "Value"]):
    """A mapping; `spans` are the places of its keys."""

    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span
        self.spans: dict[str, Span] = {}

    def put(self, key: str, span: Span, value: Value) -> None:
        """Set a key."""
        self[key] = value
        self.spans[key] = span


class Room:
    """How many nulls flags may still fill lists with, all of them together."""

    def __init__(self, nulls: int) -> None:
        self.nulls = nulls

    def takes(self, nulls: int) -> bool:
        """Whether there is room for so many, which is then taken; what is too much takes none."""
        fits = nulls <= self.nulls
        if fits:
            self.nulls -= nulls
        return fits


class List(list["Value"]):
    """A list."""

    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span

    def put(self, index: int, value: Value) -> None:
        """Set an item; a list that is too short grows by nulls."""
        if len(self) <= index:
            self.extend([Scalar(None, self.span)] * (index + 1 - len(self)))
        self[index] = value


Value: TypeAlias = "Map | List | Scalar"


def thawed(node: Node) -> Value:
    """A tree as values that can be written."""
    if isinstance(node, Scalar):
        return node
    if isinstance(node, Sequence):
        items = List(node.span)
        items.extend(map(thawed, node.items))
        return items
    values = Map(node.span)
    overlay(values, node)
    return values


def overlay(values: Map, mapping: Mapping) -> None:
    """Helm's `MergeMaps`, in place: mappings merge, everything else replaces."""
    for entry in mapping.entries:
        below = values.get(entry.key)
        if isinstance(below, Map) and isinstance(entry.value, Mapping):
            overlay(below, entry.value)
            values.spans[entry.key] = entry.key_span
        else:
            values.put(entry.key, entry.key_span, thawed(entry.value))


def frozen(value: Value) -> Node:
    """The values as a tree."""
    if isinstance(value, Scalar):
        return value
    if isinstance(value, List):
        return Sequence(tuple(map(frozen, value)), value.span)
    return Mapping(tuple(Entry(key, value.spans[key], frozen(item)) for key, item in value.items()), value.span)
