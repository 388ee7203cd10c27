"""Values that stand as a text inside another YAML document, with their places in that document."""

from __future__ import annotations

import re

from chartgen.documents.nodes import Entry, Mapping, Node, Scalar, Sequence
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.finding import Finding, Note
from chartgen.records import replace
from chartgen.source import Source, Span


def parse_inline(node: Scalar, helm_version: int = 4) -> tuple[Node | None, list[Finding], bool]:
    """The tree of a text that is YAML, what there is to say of it, and whether the spans are those of the values.

    That they are where the text is a block (`|`); else all of them are the span of the whole text.
    """
    source, text = node.span.source, node.span.text
    header = text.find("\n") + 1
    if not (text.startswith("|") and header):
        root, findings = parse_yaml(Source(source.name, str(node.value)), helm_version)
        return root and _moved(root, node.span), [_told(finding, node.span) for finding in findings], False
    start = node.span.start + header
    # What stands before is blanked, so that places stay those of the file.
    alone = Source(source.name, re.sub(r"[^\n]", " ", source.text[:start]) + source.text[start : node.span.end])
    root, findings = parse_yaml(alone, helm_version)
    return root and _moved(root, source), [_told(finding, source) for finding in findings], True


def _moved(node: Node, to: Source | Span) -> Node:
    """The tree with its spans in another source, or all at one place."""
    span = _at(node.span, to)
    if isinstance(node, Scalar):
        return Scalar(node.value, span)
    if isinstance(node, Sequence):
        return Sequence(tuple(_moved(item, to) for item in node.items), span)
    entries = (Entry(entry.key, _at(entry.key_span, to), _moved(entry.value, to)) for entry in node.entries)
    return Mapping(tuple(entries), span)


def _told(finding: Finding, to: Source | Span) -> Finding:
    notes = tuple(Note(note.message, note.span and _at(note.span, to)) for note in finding.notes)
    return replace(
        finding, primary=finding.primary and _at(finding.primary, to), notes=notes, edits=(), alternatives=()
    )


def _at(span: Span, to: Source | Span) -> Span:
    return to if isinstance(to, Span) else Span(to, span.start, span.end)
