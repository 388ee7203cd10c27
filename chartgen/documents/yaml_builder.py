"""The events of one YAML document become nodes, in the way of Helm's decoder (go-yaml v2 `decode.go`).

Merge keys take effect where they stand, an anchor may be defined again, and what JSON cannot hold is a fault only where
it survives: a later key may have replaced it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from chartgen.documents.keys import key_text
from chartgen.documents.nodes import Entry, Mapping, Node, Scalar, Sequence
from chartgen.documents.scalars import Value, as_json, go_value, resolve_plain
from chartgen.documents.tags import LONG_TAG, BadScalarError, tagged_value
from chartgen.documents.yaml_events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    event_parser,
)
from chartgen.documents.yaml_faults import (
    FaultError,
    check_escapes,
    fault,
    merged_over,
    question_mark,
    unholdable,
    written_twice,
)
from chartgen.documents.yaml_spans import block_end, has_bare_tag, value_start
from chartgen.source import Source, Span

if TYPE_CHECKING:
    from chartgen.finding import Finding

__all__ = ["MAX_DEPTH", "MAX_NODES", "FaultError", "build_document"]

MAX_DEPTH = 100
"""Levels of nesting; what reads a tree may recurse."""

MAX_NODES = 500_000
"""Nodes of a document, with every alias written out."""

Key: TypeAlias = "str | tuple[str]"
"""A key of a mapping under construction; those that JSON cannot hold are tuples, apart from all strings."""

_MERGE_TAG = LONG_TAG + "merge"


def build_document(source: Source, start: int, end: int, findings: list[Finding]) -> Node | None:
    """The first document of `source.text[start:end]`, None if there is none. Warnings join the findings.

    Raises:
        FaultError: Helm refuses the document.
        yaml.YAMLError: the text is not YAML.
    """
    builder = _Builder(source, start, end, findings)
    node = builder.document()
    if builder.doubtful and node is not None:
        findings.extend(unholdable(node, builder.bad_entries))
    return node


@dataclass(slots=True)
class _Anchor:
    """What an anchor names: no node while it is being read; `size` counts its nodes with aliases written out.

    `key` is what a scalar becomes as a key.
    """

    node: Node | None = None
    size: int = 0
    key: str | None = None


class _Builder:
    def __init__(self, source: Source, start: int, end: int, findings: list[Finding]) -> None:
        self.source = source
        self.text = source.text
        self.base = start
        piece = source.text if end - start == len(source.text) else source.text[start:end]
        self.event = event_parser(piece).get_event
        self.anchors: dict[str, _Anchor] = {}
        self.findings = findings
        self.count = 1
        self.aliased = 0
        self.doubtful = False
        self.bad_entries: dict[int, Entry] = {}
        self.last_end = start
        self.flow = 0

    def document(self) -> Node | None:
        self.event()
        start = self.event()
        if not isinstance(start, DocumentStartEvent):
            return None
        if start.version and start.version != (1, 1):
            raise fault("CG102", "Helm reads YAML 1.1 only", self.span(start), "remove the `%YAML` line")
        node = self.node(self.event(), 0)
        # What follows is not read, as in Helm; but this document has to end well.
        self.event()
        return node

    def span(self, event: Event) -> Span:
        """The place of an event with what belongs to it."""
        return Span(self.source, self.base + event.start_mark.index, self.base + event.end_mark.index)

    def node(self, event: Event, depth: int) -> Node:
        """The node that an event begins."""
        self.count += 1
        if isinstance(event, ScalarEvent):
            return self.scalar(event)
        if isinstance(event, AliasEvent):
            return self.alias(event)
        assert isinstance(event, CollectionStartEvent)
        if depth >= MAX_DEPTH:
            raise fault("CG105", f"the file is nested deeper than {MAX_DEPTH} levels", self.span(event))
        self.flow += event.flow_style
        build = self.mapping if isinstance(event, MappingStartEvent) else self.sequence
        if event.anchor is None:
            return build(event, depth + 1)
        anchor = self.anchors[event.anchor] = _Anchor()
        before = self.count
        anchor.node = build(event, depth + 1)
        anchor.size = self.count - before + 1
        return anchor.node

    def scalar(self, event: ScalarEvent) -> Scalar:
        span, is_text = self.scalar_span(event)
        value: Value = event.value
        if event.tag is not None:
            value = as_json(self.go_value(event, span, is_text=is_text))
        elif not is_text:
            value = resolve_plain(event.value)
        if value.__class__ is float and value - value != 0:
            self.doubtful = True
        node = Scalar(value, span)
        if event.anchor is not None:
            self.anchors[event.anchor] = _Anchor(node, 1, key_text(self.go_value(event, span, is_text=is_text)))
        return node

    def go_value(self, event: ScalarEvent, span: Span, *, is_text: bool) -> Value:
        """The value of a scalar before JSON, as keys need it."""
        if event.tag is None:
            return event.value if is_text else go_value(event.value)
        try:
            return tagged_value(event.tag, event.value)
        except BadScalarError as error:
            raise fault("CG102", str(error), span, "remove the tag, or write a value that it allows") from None

    def scalar_span(self, event: ScalarEvent) -> tuple[Span, bool]:
        """The place of a scalar's value, and whether it is text whatever it looks like."""
        style = event.style
        start = self.base + event.start_mark.index
        end = self.last_end = self.base + event.end_mark.index
        is_text = bool(style)
        if start != end and self.text[start] in "&!":
            first = value_start(self.text, start, end)
            is_text = is_text or has_bare_tag(self.text[start:first])
            start = first
        if style and style in "|>":
            end = self.last_end = block_end(self.text, start, end)
        span = Span(self.source, start, end)
        if self.flow and not style and "?" in event.value:
            raise question_mark(span)
        if style == '"' and "\\/" in self.text[start:end]:
            check_escapes(span)
        return span, is_text

    def alias(self, event: AliasEvent) -> Node:
        span = self.span(event)
        self.last_end = span.end
        anchor = self.anchors.get(event.anchor)
        if anchor is None:
            raise fault("CG102", f"no anchor `&{event.anchor}` stands before this alias", span)
        if anchor.node is None:
            raise fault("CG102", f"the anchor `&{event.anchor}` contains itself", span)
        self.count += anchor.size
        self.aliased += anchor.size
        if _excessive(self.aliased, self.count):
            raise fault("CG105", "the aliases of this file stand for more than Helm reads", span)
        return Scalar(anchor.node.value, span) if isinstance(anchor.node, Scalar) else anchor.node

    def sequence(self, event: CollectionStartEvent, depth: int) -> Sequence:
        items: list[Node] = []
        item = self.event()
        while not isinstance(item, SequenceEndEvent):
            items.append(self.node(item, depth))
            item = self.next_within(event)
        return Sequence(tuple(items), self.collection_span(event, item))

    def mapping(self, event: CollectionStartEvent, depth: int) -> Mapping:
        entries: dict[Key, Entry] = {}
        merged: set[Key] = set()
        key = self.event()
        while not isinstance(key, MappingEndEvent):
            if isinstance(key, ScalarEvent) and key.value == "<<" and _is_merge(key):
                self.merge(key, entries, merged, depth)
            else:
                self.entry(key, entries, merged, depth)
            key = self.next_within(event)
        return Mapping(tuple(entries.values()), self.collection_span(event, key))

    def next_within(self, collection: CollectionStartEvent) -> Event:
        if self.count > MAX_NODES:
            raise fault("CG105", f"the file holds more than {MAX_NODES} values", self.span(collection))
        return self.event()

    def collection_span(self, start: CollectionStartEvent, end: Event) -> Span:
        """Of a block collection, the end of its last value: libyaml's own end is where the next token begins."""
        first = self.base + start.start_mark.index
        if start.anchor is not None or start.tag is not None:
            first = value_start(self.text, first, len(self.text))
        if start.flow_style:
            self.flow -= 1
            self.last_end = self.base + end.end_mark.index
        return Span(self.source, first, max(first, self.last_end))

    def entry(self, event: Event, entries: dict[Key, Entry], merged: set[Key], depth: int) -> None:
        key, span = self.key(event, depth)
        value = self.node(self.event(), depth)
        slot: Key = key if key is not None else (span.text,)
        entry = Entry(key if key is not None else span.text, span, value)
        if key is None:
            self.doubtful = True
            self.bad_entries[id(entry)] = entry
        first = entries.pop(slot, None)
        if first is not None and slot not in merged:
            self.findings.append(written_twice(first, entry))
        merged.discard(slot)
        entries[slot] = entry

    def key(self, event: Event, depth: int) -> tuple[str | None, Span]:
        """The string that a key becomes, None if JSON has none for it, and its place."""
        if isinstance(event, ScalarEvent) and event.anchor is None:
            self.count += 1
            span, is_text = self.scalar_span(event)
            if is_text and event.tag is None:
                return event.value, span
            return key_text(self.go_value(event, span, is_text=is_text)), span
        node = self.node(event, depth)
        if not isinstance(node, Scalar):
            raise fault("CG104", "a list or a mapping cannot be a key", node.span, "write a string as the key")
        assert isinstance(event, NodeEvent)
        return self.anchors[event.anchor or ""].key, node.span

    def merge(self, event: ScalarEvent, entries: dict[Key, Entry], merged: set[Key], depth: int) -> None:
        """Take over the entries of the mappings that `<<` names, where it stands."""
        place = self.span(event)
        first = self.event()
        # Go decodes neither the key nor the list around the mappings, so that they do not count.
        if isinstance(first, SequenceStartEvent):
            self.flow += first.flow_style
            items = []
            item = self.event()
            while not isinstance(item, SequenceEndEvent):
                items.append(self.node(item, depth))
                item = self.next_within(first)
            self.collection_span(first, item)
        else:
            items = [self.node(first, depth)]
        for mapping in reversed(items):
            if not isinstance(mapping, Mapping):
                raise fault("CG102", "`<<` needs a mapping or a list of mappings", mapping.span)
            self.take_over(mapping, entries, merged, place)

    def take_over(self, mapping: Mapping, entries: dict[Key, Entry], merged: set[Key], place: Span) -> None:
        for entry in mapping.entries:
            slot: Key = (entry.key,) if id(entry) in self.bad_entries else entry.key
            first = entries.pop(slot, None)
            if first is not None and slot not in merged:
                self.findings.append(merged_over(first, entry, place))
            merged.add(slot)
            entries[slot] = entry


def _is_merge(event: ScalarEvent) -> bool:
    return event.implicit[0] or event.tag == _MERGE_TAG


def _excessive(aliased: int, count: int) -> bool:
    """Go's own measure of a bomb: the share of nodes that aliases stand for."""
    if aliased <= 100 or count <= 1000:
        return False
    allowed = 0.99 - 0.89 * min(max((count - 400_000) / 3_600_000, 0.0), 1.0)
    return aliased / count > allowed
