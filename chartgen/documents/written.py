"""Where a file writes its values, and whether one of them can be changed there without changing another.

A value behind an alias, from a merge key, or below an anchor that is used elsewhere, is not only where it is read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
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
_ALIAS = re.compile(r"\*([^\s,\[\]{}]+)")
_TAG = re.compile(r"!\S*")


@dataclass(frozen=True)
class Step:
    """A node on the way to a value, by its key, and the offset where what belongs to it (tag, anchor) can begin."""

    key: str | int
    node: Node
    before: int


@dataclass(frozen=True)
class Written:
    """A file that was read as values: `root` is its tree, `helm_version` the Helm that read it.

    Where the file is a stream of documents of their own, `root` is one of them, and `start` the offset where it begins.
    """

    source: Source
    root: Node
    helm_version: int = 4
    start: int | None = None

    @property
    def is_json(self) -> bool:
        """Whether it has to stay JSON."""
        return is_json_name(self.source.name)

    @cached_property
    def documents(self) -> list[tuple[int, Mapping]]:
        """The mappings of its documents, each with the offset where the document begins, the last one first."""
        if self.start is not None:
            return [(self.start, self.root)] if isinstance(self.root, Mapping) else []
        bounds = document_bounds(self.source, self.helm_version)
        if isinstance(bounds, Finding):
            return []
        if len(bounds) == 1:
            return [(bounds[0][0], self.root)] if isinstance(self.root, Mapping) else []
        built = [(start, build_document(self.source, start, end, [])[0]) for start, end in bounds]
        return [(start, node) for start, node in built[::-1] if isinstance(node, Mapping)]

    def to_path(self, path: Path) -> list[Step] | None:
        """The steps to the value at a path, the root's left out, in the last document that writes it.

        None where none does, or where one of the nodes is there by an alias or a merge key, or is shared with one: then
        it cannot change without another one.
        """
        for start, root in self.documents:
            steps = self._by_path(root, path)
            if steps is not None:
                return steps if self._are_own(Step("", root, start), steps) else None
        return None

    def to_scalar(self, span: Span) -> list[Step] | None:
        """The steps to the scalar that stands at a place of this file; None as above."""
        for start, root in self.documents:
            steps = self._by_place(root, span)
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

    @cached_property
    def _last_use(self) -> dict[str, int]:
        """Where each anchor's last alias stands; what only looks like one counts, too."""
        return {alias[1]: alias.start() for alias in _ALIAS.finditer(self.source.text)}

    @cached_property
    def _known(self) -> dict[int, _Below]:
        return {}

    def _below(self, node: Node) -> _Below:
        found = self._known.get(id(node))
        if found is None:
            found = self._known[id(node)] = _Below(node)
        return found

    def _by_path(self, root: Node, path: Path) -> list[Step] | None:
        steps = [Step("", root, 0)]
        for key in path:
            found = self._below(steps[-1].node).by_key.get(key)
            if found is None:
                return None
            steps.append(found)
        return steps[1:]

    def _by_place(self, root: Node, span: Span) -> list[Step] | None:
        steps = [Step("", root, 0)]
        while not isinstance(steps[-1].node, Scalar):
            found = self._below(steps[-1].node).around(span)
            if found is None:
                return None
            steps.append(found)
        last = steps[-1].node.span
        return steps[1:] if (last.start, last.end) == (span.start, span.end) else None

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
            if any(self._last_use.get(name, -1) > span.start for name in names):
                return False
            outer = span
        return True


class _Below:
    """What stands in a mapping or a list, by key and by place."""

    def __init__(self, node: Node) -> None:
        steps = list(_below(node))
        self.by_key = {step.key: step for step in steps}
        self.by_place = sorted(steps, key=_start)
        self.starts = list(map(_start, self.by_place))

    def around(self, span: Span) -> Step | None:
        """The one that a place lies in; the first one where an alias has the place, too."""
        index = bisect_right(self.starts, span.start) - 1
        while index >= 0 and not _holds(self.by_place[index].node, span):
            index -= 1
        while index > 0 and self.starts[index - 1] == self.starts[index]:
            index -= 1
        return self.by_place[index] if index >= 0 else None


def _start(step: Step) -> int:
    return step.node.span.start


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
