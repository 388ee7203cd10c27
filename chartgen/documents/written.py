"""Where a file writes its values, and whether one of them can be changed there without changing another.

A value behind an alias, from a merge key, or below an anchor that is used elsewhere, is not only where it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from chartgen.documents.nodes import Mapping, Node, Scalar, Sequence
from chartgen.documents.scalar_text import is_json_name, scalar_text
from chartgen.documents.yaml_builder import build_document
from chartgen.documents.yaml_documents import document_bounds
from chartgen.edits import Edit
from chartgen.finding import Finding
from chartgen.records import dataclass
from chartgen.source import Source, Span

if TYPE_CHECKING:
    from chartgen.documents.layers import Path
    from chartgen.documents.scalars import Value

_COMMENT = re.compile(r"(?:^|(?<=\s))#.*")
_ANCHOR = re.compile(r"&([^\s,\[\]{}]+)")
_TAG = re.compile(r"!\S*")


@dataclass(frozen=True)
class Step:
    """A node on the way to a value, by its key, and the offset where what belongs to it (tag, anchor) can begin."""

    key: str | int
    node: Node
    before: int


@dataclass(frozen=True)
class Written:
    """A file that was read as values: `root` is its tree, `helm_version` the Helm that read it."""

    source: Source
    root: Node
    helm_version: int = 4

    @property
    def is_json(self) -> bool:
        """Whether it has to stay JSON."""
        return is_json_name(self.source.name)

    @cached_property
    def documents(self) -> list[tuple[int, Mapping]]:
        """The mappings of its documents, each with the offset where the document begins, the last one first."""
        bounds = document_bounds(self.source, self.helm_version)
        if isinstance(bounds, Finding):
            return []
        if len(bounds) == 1:
            return [(bounds[0][0], self.root)] if isinstance(self.root, Mapping) else []
        built = [(start, build_document(self.source, start, end, [])) for start, end in bounds]
        return [(start, node) for start, node in built[::-1] if isinstance(node, Mapping)]

    def to_path(self, path: Path) -> list[Step] | None:
        """The steps to the value at a path, the root's left out, in the last document that writes it.

        None where none does, or where one of the nodes is there by an alias or a merge key, or is shared with one: then
        it cannot change without another one.
        """
        for start, root in self.documents:
            steps = _by_path(root, path)
            if steps is not None:
                return steps if self._are_own(Step("", root, start), steps) else None
        return None

    def to_scalar(self, span: Span) -> list[Step] | None:
        """The steps to the scalar that stands at a place of this file; None as above."""
        for start, root in self.documents:
            steps = _by_place(root, span)
            if steps is not None:
                return steps if self._are_own(Step("", root, start), steps) else None
        return None

    def replaced(self, last: Step, value: Value) -> Edit | None:
        """The edit that writes another scalar in the place of a scalar; None where that cannot be done."""
        span, text = last.node.span, self.source.text
        tags = " ".join(_TAG.findall(_COMMENT.sub("", text[last.before : span.start])))
        new = scalar_text(value, span.text, tags, is_json=self.is_json)
        if new is None or not isinstance(last.node, Scalar) or _hides_comment(span.text):
            return None
        glued = span.start == span.end and not text[span.start - 1 : span.start].isspace()
        return Edit(span, f" {new}" if glued else new)

    def _are_own(self, root: Step, steps: list[Step]) -> bool:
        text = self.source.text
        if "&" not in text or "*" not in text:
            return True
        outer = Span(self.source, 0, len(text))
        for step in (root, *steps):
            span = step.node.span
            if not (outer.start <= step.before <= span.start <= span.end <= outer.end):
                return False
            names = _ANCHOR.findall(_COMMENT.sub("", text[step.before : span.start]))
            if any(re.search(rf"\*{re.escape(name)}(?![^\s,\[\]{{}}])", text[span.start :]) for name in names):
                return False
            outer = span
        return True


def _by_path(root: Node, path: Path) -> list[Step] | None:
    steps: list[Step] = []
    node = root
    for key in path:
        found = next((step for step in _below(node) if step.key == key), None)
        if found is None:
            return None
        steps.append(found)
        node = found.node
    return steps


def _by_place(root: Node, span: Span) -> list[Step] | None:
    steps: list[Step] = []
    node = root
    while not isinstance(node, Scalar):
        found = next((step for step in _below(node) if _holds(step.node, span)), None)
        if found is None:
            return None
        steps.append(found)
        node = found.node
    return steps if (node.span.start, node.span.end) == (span.start, span.end) else None


def _below(node: Node) -> Iterator[Step]:
    if isinstance(node, Mapping):
        yield from (Step(entry.key, entry.value, entry.key_span.end) for entry in node.entries)
    elif isinstance(node, Sequence):
        before = node.span.start
        for index, item in enumerate(node.items):
            yield Step(index, item, before)
            before = max(before, item.span.end)


def _holds(node: Node, span: Span) -> bool:
    return node.span.start <= span.start and span.end <= node.span.end


def _hides_comment(text: str) -> bool:
    """Whether a block scalar has a comment behind its sign, which would go with it."""
    return text[:1] in ("|", ">") and "#" in text.partition("\n")[0]
