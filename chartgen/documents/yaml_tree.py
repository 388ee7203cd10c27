"""A YAML text becomes the tree that Helm makes of it, with a span for every node.

Helm 4 reads every document of a values file and merges them in order; Helm 3 reads the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from chartgen.documents.keys import plain_key
from chartgen.documents.nodes import Entry, Mapping, Node, Scalar, Sequence
from chartgen.documents.scalars import BadScalarError, resolve_plain, resolve_tagged
from chartgen.documents.yaml_events import event_parser, syntax_finding
from chartgen.finding import Finding, Note, Severity, is_error
from chartgen.source import Source, Span

MAX_DEPTH = 100
MAX_NODES = 500_000


def parse_yaml(source: Source, helm_version: int = 4) -> tuple[Node | None, list[Finding]]:
    """The tree of a values file, and what there is to say of it; no tree if a finding is an error."""
    findings: list[Finding] = []
    tree: Node | None = None
    builder = _Builder(source, 0)
    try:
        tree = builder.document()
    except _FaultError as fault:
        findings.append(fault.finding)
    except yaml.YAMLError as error:
        findings.append(syntax_finding(source, 0, error))
    findings = builder.findings + findings
    if any(is_error(finding) for finding in findings):
        return None, findings
    return tree, findings


class _FaultError(Exception):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class _Builder:
    def __init__(self, source: Source, base: int) -> None:
        self.source = source
        self.base = base
        self.next = event_parser(source.text[base:] if base else source.text).get_event
        self.anchors: dict[str, Node | None] = {}
        self.findings: list[Finding] = []
        self.count = 0

    def fault(self, code: str, message: str, span: Span) -> _FaultError:
        return _FaultError(Finding(code, Severity.ERROR, message, span))

    def span(self, event: yaml.Event) -> Span:
        return Span(self.source, self.base + event.start_mark.index, self.base + event.end_mark.index)

    def document(self) -> Node:
        self.next()
        event = self.next()
        if isinstance(event, yaml.StreamEndEvent):
            return Mapping((), Span(self.source, 0, 0))
        node = self.node(self.next(), 0)
        self.next()
        if isinstance(node, Scalar) and node.value is None:
            return Mapping((), node.span)
        if not isinstance(node, Mapping):
            raise self.fault("CG106", "the file holds no mapping", node.span)
        return node

    def node(self, event: yaml.Event, depth: int) -> Node:
        kind = event.__class__
        if kind is yaml.ScalarEvent:
            node: Node = self.scalar(event)
        elif kind is yaml.AliasEvent:
            return self.alias(event)
        else:
            if depth >= MAX_DEPTH:
                raise self.fault("CG105", f"nested deeper than {MAX_DEPTH}", self.span(event))
            if event.anchor:
                self.anchors[event.anchor] = None
            node = self.mapping(event, depth) if kind is yaml.MappingStartEvent else self.sequence(event, depth)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def scalar(self, event: yaml.Event) -> Scalar:
        span = self.span(event)
        if event.tag:
            try:
                return Scalar(resolve_tagged(event.tag, event.value), span)
            except BadScalarError as error:
                raise self.fault("CG102", str(error), span) from None
        value = event.value if event.style else resolve_plain(event.value)
        if value.__class__ is float and value - value != 0:
            raise self.fault("CG104", f"{event.value} cannot be held by JSON", span)
        return Scalar(value, span)

    def alias(self, event: yaml.Event) -> Node:
        span = self.span(event)
        if event.anchor not in self.anchors:
            raise self.fault("CG102", f"unknown anchor {event.anchor}", span)
        node = self.anchors[event.anchor]
        if node is None:
            raise self.fault("CG102", f"the anchor {event.anchor} contains itself", span)
        return Scalar(node.value, span) if isinstance(node, Scalar) else node

    def sequence(self, event: yaml.Event, depth: int) -> Sequence:
        items = []
        while (item := self.next()).__class__ is not yaml.SequenceEndEvent:
            items.append(self.node(item, depth + 1))
        return Sequence(tuple(items), self.span(event))

    def mapping(self, event: yaml.Event, depth: int) -> Mapping:
        entries: dict[str, Entry] = {}
        while (key := self.next()).__class__ is not yaml.MappingEndEvent:
            if key.__class__ is yaml.ScalarEvent and key.value == "<<" and not key.style:
                self.merge(entries, self.node(self.next(), depth + 1))
                continue
            key_span = self.span(key)
            text = self.key(key, depth)
            entry = Entry(text, key_span, self.node(self.next(), depth + 1))
            if text in entries:
                self.duplicate(entries.pop(text), entry)
            entries[text] = entry
        return Mapping(tuple(entries.values()), self.span(event))

    def key(self, event: yaml.Event, depth: int) -> str:
        if event.__class__ is yaml.ScalarEvent and not event.tag and not event.anchor:
            text = event.value if event.style else plain_key(event.value)
        else:
            node = self.node(event, depth + 1)
            text = node.value if isinstance(node, Scalar) and isinstance(node.value, str) else None
        if text is None:
            raise self.fault("CG104", "JSON has no such key", self.span(event))
        return text

    def duplicate(self, first: Entry, second: Entry) -> None:
        self.findings.append(
            Finding(
                "CG103",
                Severity.WARNING,
                f"the key {second.key} is written twice: the last one counts",
                second.key_span,
                notes=(Note("first written here", first.key_span),),
            )
        )

    def merge(self, entries: dict[str, Entry], node: Node) -> None:
        mappings = node.items[::-1] if isinstance(node, Sequence) else (node,)
        for mapping in mappings:
            if not isinstance(mapping, Mapping):
                raise self.fault("CG102", "a merge key needs a mapping or a list of mappings", mapping.span)
            for entry in mapping.entries:
                entries.pop(entry.key, None)
                entries[entry.key] = entry
