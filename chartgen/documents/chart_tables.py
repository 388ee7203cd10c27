"""Helm's tables: the mappings of values, while layers and charts are laid over each other, each value with its place.

Helm changes its tables in place and shares them between charts, and some of its results come of that; so do these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from chartgen.documents.layers import Layer, Leaf
from chartgen.documents.nodes import Mapping, Node, Plain, Scalar, plain
from chartgen.records import dataclass


class Table(dict[str, "Held"]):
    """A mapping that can be changed."""


@dataclass(frozen=True, slots=True)
class Held:
    """A value in a table: a table itself, or a node that Helm moves as a whole. Helm makes some tables: no leaf."""

    value: Table | Node
    leaf: Leaf | None

    @property
    def is_null(self) -> bool:
        """Whether the value is null."""
        return isinstance(self.value, Scalar) and self.value.value is None

    @property
    def table(self) -> Table | None:
        """The value where it is a table."""
        return self.value if isinstance(self.value, Table) else None


Path: TypeAlias = "tuple[str, ...]"


class TooLargeError(Exception):
    """Charts that import values into themselves over and over."""


class Budget:
    """How many values may be copied before it is too much: charts can double them at each step."""

    def __init__(self, left: int) -> None:
        self.left = left

    def copy(self, table: Table, depth: int = 0) -> Table:
        """A deep copy.

        Raises:
            TooLargeError: it is too large, or holds itself.
        """
        self.left -= len(table) + 1
        if self.left < 0 or depth > _MAX_DEPTH:
            raise TooLargeError
        made = Table()
        for key, held in table.items():
            inner = held.table
            made[key] = held if inner is None else Held(self.copy(inner, depth + 1), held.leaf)
        return made


_MAX_DEPTH = 500
"""Values nest up to 100 levels; charts can lay some over others."""


def table_of(node: Node, layer: Layer) -> Table:
    """The table of a layer's root, or of a mapping in it."""
    table = Table()
    overlay(table, node, layer)
    return table


def overlay(table: Table, node: Node, layer: Layer) -> None:
    """Helm's `MergeMaps`, in place: mappings merge, everything else replaces."""
    for entry in node.entries if isinstance(node, Mapping) else ():
        below = table.get(entry.key)
        beaten = _beaten(below)
        inner = below.table if below is not None else None
        leaf = Leaf(entry.value, layer, entry.key_span, beaten)
        if not isinstance(entry.value, Mapping):
            table[entry.key] = Held(entry.value, leaf)
        elif inner is not None:
            overlay(inner, entry.value, layer)
            table[entry.key] = Held(inner, leaf)
        else:
            table[entry.key] = Held(table_of(entry.value, layer), leaf)


def user_table(layers: Sequence[Layer]) -> Table:
    """The table of values files and flags, which are laid one over the other."""
    table = Table()
    for layer in layers:
        overlay(table, layer.node, layer)
    return table


def _beaten(below: Held | None) -> tuple[Leaf, ...]:
    if below is None or below.leaf is None:
        return ()
    leaf = below.leaf
    if leaf.layer.cuts:
        return leaf.beaten
    return (Leaf(leaf.node, leaf.layer, leaf.key_span), *leaf.beaten)


def winning(winner: Held, loser: Held) -> Held:
    """The winner, which remembers what it beat."""
    if winner.leaf is None or loser.leaf is None:
        return winner
    leaf = winner.leaf
    known = {id(leaf.node), *(id(below.node) for below in leaf.beaten)}
    more = tuple(below for below in _beaten(loser) if id(below.node) not in known)
    return Held(winner.value, Leaf(leaf.node, leaf.layer, leaf.key_span, (*leaf.beaten, *more))) if more else winner


def size_of(table: Table) -> int:
    """How many values a table holds, with those in the tables in it."""
    return len(table) + sum(size_of(held.table) for held in table.values() if held.table is not None)


def values_of(table: Table) -> dict[str, Plain]:
    """The table as plain data."""
    return {key: _plain(held) for key, held in table.items()}


def _plain(held: Held) -> Plain:
    return values_of(held.value) if isinstance(held.value, Table) else plain(held.value)


def look_up(table: Table, steps: Sequence[str]) -> Held | None:
    """What stands at a path of keys, or None."""
    held: Held | None = None
    for step in steps:
        here = table if held is None else held.table
        held = here.get(step) if here is not None else None
        if held is None:
            return None
    return held


def entries(table: Table) -> Iterator[tuple[str, Held]]:
    """The entries as they are now, so that the table can change meanwhile."""
    return iter(list(table.items()))
