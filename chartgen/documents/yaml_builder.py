"""The events of one YAML document become nodes, in the way of Helm's decoder (go-yaml v2 `decode.go`).

Merge keys take effect where they stand, an anchor may be defined again, and what JSON cannot hold is a fault only where
it survives: a later key may have replaced it.
"""

from __future__ import annotations

from itertools import islice

from chartgen.documents.keys import key_text
from chartgen.documents.limits import MAX_DEPTH, MAX_NODES, MAX_TOLD
from chartgen.documents.nodes import Entry, Mapping, Node, Scalar, Sequence
from chartgen.documents.scalars import Value, as_json, go_value, is_text_to_go, resolve_plain
from chartgen.documents.yaml_aliases import Anchor, anchored, excessive
from chartgen.documents.yaml_entries import Entries
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
    check_tag_end,
    fault,
    no_key,
    question_mark,
    unholdable,
)
from chartgen.documents.yaml_spans import block_end, has_bare_tag, value_start
from chartgen.finding import Finding
from chartgen.source import Source, Span

_MERGE_TAG = "tag:yaml.org,2002:merge"


def build_document(
    source: Source, start: int, end: int, findings: list[Finding], most: int = MAX_NODES
) -> tuple[Node | None, int]:
    """The first document of `source.text[start:end]`, if any, and how many values it has, which may be `most`.

    Raises:
        FaultError: Helm refuses the document.
        yaml.YAMLError: the text is not YAML.
    """
    builder = _Builder(source, start, end, findings, most)
    node = builder.document()
    if node is not None and (builder.doubtful or builder.bad_entries):
        findings.extend(islice(unholdable(node, builder.bad_entries), MAX_TOLD))
    return node, builder.count


class _Builder:
    def __init__(self, source: Source, start: int, end: int, findings: list[Finding], most: int) -> None:
        self.source = source
        self.most = most
        self.text = source.text
        self.base = start
        self.event = event_parser(source.text[start:end]).get_event
        self.findings = findings
        self.anchors: dict[str, Anchor] = {}
        # Nodes as go-yaml counts them, all of them and those inside of aliases.
        self.count = 1
        self.aliased = 0
        # Whether something may be infinite, and the entries with keys that JSON cannot hold, by identity.
        self.doubtful = False
        self.bad_entries: dict[int, Entry] = {}
        # Brackets that are open, and the end of the last thing read: where a block collection ends.
        self.flow = 0
        self.last_end = start

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
        return Span(self.source, self.base + event.start_mark.index, self.base + event.end_mark.index)

    def node(self, event: Event, depth: int) -> Node:
        self.count += 1
        if isinstance(event, ScalarEvent):
            return self.scalar(event)
        if isinstance(event, AliasEvent):
            return self.alias(event)[1]
        assert isinstance(event, CollectionStartEvent)
        if depth >= MAX_DEPTH:
            message = f"the file is nested deeper than {MAX_DEPTH} levels"
            raise fault("CG105", message, self.span(event), "keep the values flatter")
        self.flow += bool(event.flow_style)
        if event.anchor is None:
            return self.collection(event, depth + 1)
        anchor = self.anchors[event.anchor] = Anchor()
        before = self.count
        anchor.node = self.collection(event, depth + 1)
        anchor.size = self.count - before + 1
        return anchor.node

    def collection(self, event: CollectionStartEvent, depth: int) -> Node:
        return self.mapping(event, depth) if isinstance(event, MappingStartEvent) else self.sequence(event, depth)

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
            self.anchors[event.anchor] = Anchor(node, 1, key_text(self.go_value(event, span, is_text=is_text)))
        return node

    def go_value(self, event: ScalarEvent, span: Span, *, is_text: bool) -> Value:
        """The value of a scalar before JSON, as keys need it."""
        if event.tag is None:
            return event.value if is_text else go_value(event.value)
        from chartgen.documents.tags import BadScalarError, tagged_value  # noqa: PLC0415 - few scalars have a tag

        try:
            return tagged_value(event.tag, event.value)
        except BadScalarError as error:
            raise fault("CG102", str(error), span, "remove the tag, or write a value that it allows") from None

    def scalar_span(self, event: ScalarEvent) -> tuple[Span, bool]:
        """The place of a scalar's value, and whether it is text whatever it looks like."""
        style = event.style
        start = self.base + event.start_mark.index
        end = self.last_end = self.base + event.end_mark.index
        if not style and not self.flow and (start == end or self.text[start] not in "&!"):
            return Span(self.source, start, end), False
        is_text = bool(style)
        if start != end and self.text[start] in "&!":
            first = value_start(self.text, start, end)
            is_text = is_text or has_bare_tag(self.text[start:first])
            if self.flow and first == end:
                check_tag_end(Span(self.source, start, end))
            start = first
        if style and style in "|>":
            end = self.last_end = block_end(self.text, start, end)
        span = Span(self.source, start, end)
        if self.flow and not style and "?" in event.value:
            raise question_mark(span)
        if style == '"' and "\\/" in self.text[start:end]:
            check_escapes(span)
        return span, is_text

    def alias(self, event: AliasEvent) -> tuple[Anchor, Node]:
        """What an alias stands for; a scalar has the alias's place, so that a mend changes this use alone."""
        span = self.span(event)
        self.last_end = span.end
        anchor, node = anchored(self.anchors, event.anchor, span)
        self.count += anchor.size
        self.aliased += anchor.size
        if excessive(self.aliased, self.count):
            message = "the aliases of this file stand for more than Helm reads"
            raise fault("CG105", message, span, "write fewer aliases of aliases")
        return anchor, Scalar(node.value, span) if isinstance(node, Scalar) else node

    def sequence(self, event: CollectionStartEvent, depth: int) -> Sequence:
        items: list[Node] = []
        item = self.event()
        while item.__class__ is not SequenceEndEvent:
            items.append(self.node(item, depth))
            if self.count > self.most:
                raise self.too_many(event)
            item = self.event()
        return Sequence(tuple(items), self.collection_span(event, item))

    def mapping(self, event: CollectionStartEvent, depth: int) -> Mapping:
        entries = Entries(self.findings, self.bad_entries)
        key = self.event()
        while key.__class__ is not MappingEndEvent:
            if isinstance(key, ScalarEvent) and key.value == "<<" and (key.implicit[0] or key.tag == _MERGE_TAG):
                self.merge(key, entries, depth)
            else:
                text, span = self.key(key, depth)
                entries.add(text, span, self.node(self.event(), depth))
            if self.count > self.most:
                raise self.too_many(event)
            key = self.event()
        return Mapping(entries.done(), self.collection_span(event, key))

    def too_many(self, collection: CollectionStartEvent) -> FaultError:
        message, help_text = f"the file holds more than {MAX_NODES} values", "keep the data out of the values"
        return fault("CG105", message, self.span(collection), help_text)

    def collection_span(self, start: CollectionStartEvent, end: Event) -> Span:
        """Of a block collection, the end of its last value: libyaml's own end is where the next token begins."""
        first = self.base + start.start_mark.index
        if start.anchor is not None or start.tag is not None:
            first = value_start(self.text, first, len(self.text))
        if start.flow_style:
            self.flow -= 1
            self.last_end = self.base + end.end_mark.index
        return Span(self.source, first, max(first, self.last_end))

    def key(self, event: Event, depth: int) -> tuple[str | None, Span]:
        """The string that a key becomes, None if JSON has none for it, and its place."""
        if isinstance(event, ScalarEvent) and event.anchor is None:
            self.count += 1
            span, is_text = self.scalar_span(event)
            if event.tag is None and (is_text or is_text_to_go(event.value)):
                return event.value, span
            return key_text(self.go_value(event, span, is_text=is_text)), span
        if isinstance(event, AliasEvent):
            self.count += 1
            anchor, node = self.alias(event)
        else:
            node = self.node(event, depth)
            name = event.anchor if isinstance(event, NodeEvent) else None
            anchor = self.anchors[name] if name is not None else Anchor(node)
        if not isinstance(node, Scalar):
            raise no_key(node.span)
        return anchor.key, node.span

    def merge(self, event: ScalarEvent, entries: Entries, depth: int) -> None:
        """Take over the entries of the mappings that `<<` names, where it stands."""
        place = self.span(event)
        first = self.event()
        # Go decodes neither the key nor the list around the mappings, so that they do not count.
        if isinstance(first, SequenceStartEvent):
            self.flow += bool(first.flow_style)
            items: tuple[Node, ...] = self.sequence(first, depth).items
        else:
            items = (self.node(first, depth),)
        # Earlier mappings win, so they come last.
        for mapping in reversed(items):
            if not isinstance(mapping, Mapping):
                raise fault("CG102", "`<<` needs a mapping or a list of mappings", mapping.span, "write `<<: *anchor`")
            entries.merge(mapping, place)
