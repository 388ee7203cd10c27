"""Where the keywords of a schema stand in its text, which is read only when somebody asks."""

from __future__ import annotations

from functools import cached_property, lru_cache
from typing import TypeAlias

from chartgen.documents.nodes import Mapping, Node, Sequence
from chartgen.documents.parsing import parse
from chartgen.source import Source, Span

Path: TypeAlias = "tuple[str | int, ...]"


class KeywordPlaces:
    """The places in one schema's text. Each is found in as many steps as its path has, however many are asked for."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._indexes: dict[int, dict[str, tuple[Span, Node]]] = {}

    @cached_property
    def _root(self) -> Node | None:
        return parse(self._source)[0]

    def span(self, path: Path) -> Span | None:
        """The place of a keyword (its key, or the item of a list); None where the text does not have it."""
        node = self._root
        span = node.span if node is not None else None
        for step in path:
            found = self._step(node, step)
            if found is None:
                return None
            span, node = found
        return span

    def _step(self, node: Node | None, step: str | int) -> tuple[Span, Node] | None:
        if isinstance(node, Mapping):
            index = self._indexes.get(id(node))
            if index is None:
                index = {entry.key: (entry.key_span, entry.value) for entry in node.entries}
                self._indexes[id(node)] = index
            return index.get(str(step))
        if isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
            return node.items[step].span, node.items[step]
        return None


@lru_cache(maxsize=8)
def keyword_places(source: Source) -> KeywordPlaces:
    """The places in a schema's text; the same ones for the same text."""
    return KeywordPlaces(source)
