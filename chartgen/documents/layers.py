"""Helm's merge of layers of values, which can tell where each value came from and what it beat.

The first layer is the chart's defaults; the following ones (`-f` files in order) override it. Among those, mappings
merge and everything else replaces, null too; the result is then coalesced with the defaults, where a null deletes the
default. Helm's own code is `loader.MergeMaps` and `util.CoalesceValues`.
"""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf
from typing import TYPE_CHECKING, Protocol, TypeAlias

from chartgen.documents.nodes import Entry, Mapping, Node, Plain, Scalar, Sequence, plain
from chartgen.records import dataclass, field

if TYPE_CHECKING:
    from chartgen.source import Span

Path: TypeAlias = "tuple[str | int, ...]"


@dataclass(frozen=True, slots=True)
class Layer:
    """One source of values: its name for people ("values.yaml", "--set a=1") and its tree.

    A layer that `cuts` holds nulls where the next one replaces a mapping as a whole; it is no value of anybody's. Where
    the tree is only `part` of a text, that is the offset where what holds it begins.
    """

    name: str
    node: Node
    cuts: bool = False
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that a layer sets at some path. `beaten` are the lower layers' values of the same path, nearest first."""

    node: Node
    layer: Layer
    key_span: Span | None
    beaten: tuple[Leaf, ...] = ()


class View(Protocol):
    """The effective values of one chart, which know where each came from."""

    @property
    def values(self) -> dict[str, Plain]:
        """The values as plain data."""

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers that they came from, lowest first."""

    @property
    def defaults(self) -> Layer | None:
        """The layer of the chart's own defaults."""

    @property
    def prefix(self) -> tuple[str, ...]:
        """The chart's place in the values of the chart that is judged; empty for that one itself."""

    def leaf(self, path: Path) -> Leaf | None:
        """The value at a path, or None where the effective values have none, or one of Helm's making."""

    def nearest(self, path: Path) -> Leaf | None:
        """The value at the path or at its deepest ancestor that somebody wrote; None without any layer."""

    def is_made(self, path: Path) -> bool:
        """Whether the value at a path is there, but nobody wrote it: Helm adds `global` and a mapping a subchart."""

    def written(self, path: Path) -> list[Leaf]:
        """What the layers have at a path, nearest first, whether or not the effective values have it: nulls, too."""

    def subchart(self, path: Path) -> str:
        """The chart in this one whose values the path leads to, or into; empty where it leads to none."""


@dataclass(frozen=True)
class Merged:
    """The effective values: `values` as plain data; `leaf` says where each came from."""

    layers: tuple[Layer, ...]
    values: dict[str, Plain]
    _indexes: dict[int, dict[str, Entry]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def defaults(self) -> Layer | None:
        """The chart's own values.yaml, or what stands for it."""
        return self.layers[0] if self.layers else None

    @property
    def prefix(self) -> tuple[str, ...]:
        """A chart without others has no place in any."""
        return ()

    def leaf(self, path: Path) -> Leaf | None:
        """The value at a path, or None where the effective values have none."""
        leaf, depth = self._walk(path)
        return leaf if depth == len(path) else None

    def nearest(self, path: Path) -> Leaf | None:
        """The value at the path or at its deepest ancestor that exists; None without any layer."""
        return self._walk(path)[0]

    def is_made(self, path: Path) -> bool:  # noqa: ARG002 - as of a view
        """Of a chart without others Helm makes none."""
        return False

    def written(self, path: Path) -> list[Leaf]:
        """What the layers have at a path, nearest first, whether or not the effective values have it: nulls, too."""
        found = [Leaf(layer.node, layer, None) for layer in reversed(self.layers)]
        for step in path:
            found = [below for leaf in self._merging(found) for below in self._step(leaf, step)]
        return [leaf for leaf in found if not leaf.layer.cuts]

    def subchart(self, path: Path) -> str:  # noqa: ARG002 - as of a view
        """A chart without others has no values for any."""
        return ""

    def _walk(self, path: Path) -> tuple[Leaf | None, int]:
        """The deepest leaf on the path, and how many steps it took."""
        found = [Leaf(layer.node, layer, None) for layer in reversed(self.layers)]
        value: Plain = self.values
        for depth, step in enumerate(path):
            if not _has(value, step):
                return won(found), depth
            value = value[step]  # type: ignore[index]
            found = [below for leaf in self._merging(found) for below in self._step(leaf, step)]
        return won(found), len(path)

    def _merging(self, leaves: list[Leaf]) -> list[Leaf]:
        """Of the leaves of one path, nearest first, those whose children still count.

        What is no mapping cuts off the layers below it, but not the defaults: those come in after all others merged.
        """
        if not leaves or not isinstance(leaves[0].node, Mapping):
            return leaves[:1]
        cut = next((i for i, leaf in enumerate(leaves) if not isinstance(leaf.node, Mapping)), len(leaves))
        last = leaves[-1]
        if cut < len(leaves) and last.layer is self.layers[0] and isinstance(last.node, Mapping):
            return [*leaves[:cut], last]
        return leaves[:cut]

    def _step(self, leaf: Leaf, step: str | int) -> list[Leaf]:
        node = leaf.node
        if isinstance(node, Mapping):
            index = self._indexes.get(id(node))
            if index is None:
                index = self._indexes[id(node)] = {entry.key: entry for entry in node.entries}
            entry = index.get(str(step))
            return [Leaf(entry.value, leaf.layer, entry.key_span)] if entry else []
        if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            return [Leaf(node.items[step], leaf.layer, None)]
        return []


Untouched: TypeAlias = "dict[tuple[int, bool], tuple[Mapping, dict[str, Plain]]]"
"""The plain data of mappings of the defaults, by the node's identity and whether nulls are kept."""


def merge(layers: SequenceOf[Layer], helm_version: int = 4, untouched: Untouched | None = None) -> Merged:
    """The effective values of layers, the first of which is the chart's defaults; every root is a mapping.

    Helm 4 drops nulls from the defaults, Helm 3 keeps them. Where many stacks are laid over the same defaults,
    `untouched` remembers those parts of them that no layer changed; all stacks then share these, so do not change them.
    """
    if not layers:
        return Merged((), {})
    overrides = [layer.node for layer in layers[1:] if isinstance(layer.node, Mapping)]
    defaults = layers[0].node if isinstance(layers[0].node, Mapping) else None
    coalesce = _Coalesce(helm_version < 4, {} if untouched is None else untouched)
    return Merged(tuple(layers), coalesce.mapping(overrides, defaults, is_root=True))


@dataclass(frozen=True, slots=True)
class _Coalesce:
    """`keep_nulls`: whether nulls of the defaults are values."""

    keep_nulls: bool
    known: Untouched

    def untouched(self, defaults: Mapping) -> dict[str, Plain]:
        """A mapping of the defaults that no layer changes."""
        place = id(defaults), self.keep_nulls
        found = self.known.get(place)
        if found is None or found[0] is not defaults:
            found = self.known[place] = defaults, self.mapping([], defaults)
        return found[1]

    def mapping(self, overrides: list[Mapping], defaults: Mapping | None, *, is_root: bool = False) -> dict[str, Plain]:
        """The mappings of one path, lowest first, over the defaults of that path."""
        written = _contributions(overrides)
        given = {entry.key: entry.value for entry in defaults.entries} if defaults else {}
        values: dict[str, Plain] = {}
        for key, node in given.items():
            if key not in written and (self.keep_nulls or not _is_null(node)):
                values[key] = self.untouched(node) if isinstance(node, Mapping) else plain(node)
        for key, nodes in written.items():
            default = given.get(key)
            if isinstance(nodes[-1], Mapping):
                mappings = [node for node in nodes if isinstance(node, Mapping)]
                values[key] = self.mapping(mappings, default if isinstance(default, Mapping) else None)
            # A null deletes a default. In the root, a default of null is one; below it, none.
            elif not _is_null(nodes[-1]) or default is None or (_is_null(default) and not is_root):
                values[key] = plain(nodes[-1])
        return values


def _contributions(mappings: list[Mapping]) -> dict[str, list[Node]]:
    """For each key what the mappings say, lowest first, without what a later one replaced as a whole."""
    written: dict[str, list[Node]] = {}
    for mapping in mappings:
        for entry in mapping.entries:
            nodes = written.get(entry.key)
            if nodes and isinstance(entry.value, Mapping) and isinstance(nodes[-1], Mapping):
                nodes.append(entry.value)
            else:
                written[entry.key] = [entry.value]
    return written


def won(leaves: list[Leaf]) -> Leaf | None:
    """The first of the leaves of one path, with what it beat: the others, but for those that only cut."""
    if not leaves:
        return None
    first = leaves[0]
    return Leaf(first.node, first.layer, first.key_span, tuple(leaf for leaf in leaves[1:] if not leaf.layer.cuts))


def _has(value: Plain, step: str | int) -> bool:
    if isinstance(value, dict):
        return isinstance(step, str) and step in value
    return isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value)


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None
