"""A YAML text becomes the tree that Helm makes of it, with a span for every node."""

from __future__ import annotations

import yaml

from chartgen.documents.nodes import Entry, Mapping, Node, Scalar
from chartgen.documents.yaml_builder import FaultError, build_document
from chartgen.documents.yaml_documents import document_bounds
from chartgen.documents.yaml_events import syntax_finding
from chartgen.finding import Finding, Severity, is_error
from chartgen.source import Source, Span


def parse_yaml(source: Source, helm_version: int = 4) -> tuple[Node | None, list[Finding]]:
    """The tree of a values file as Helm 4 or 3 reads it, and what there is to say of it.

    There is no tree if a finding is an error. Spans hold the value alone, without its tag and anchor; a value that is
    not written (`key:`) has an empty span behind the colon. Of a scalar that an alias stands for, the span is the
    alias's.

    CG102: not YAML, or not as Helm reads it; CG103 (warning): a key written twice; CG104: JSON cannot hold it; CG105:
    too deep or too large; CG106: the root is no mapping.
    """
    bounds = document_bounds(source, helm_version)
    if isinstance(bounds, Finding):
        return None, [bounds]
    findings: list[Finding] = []
    documents = [_document(source, start, end, findings) for start, end in bounds]
    if any(is_error(finding) for finding in findings):
        return None, findings
    return _merged(source, [document for document in documents if document is not None]), findings


def _document(source: Source, start: int, end: int, findings: list[Finding]) -> Mapping | None:
    """The mapping of one document, None where it is empty or wrong; what there is to say joins the findings."""
    try:
        node = build_document(source, start, end, findings)
    except FaultError as fault:
        findings.append(fault.finding)
        return None
    except yaml.YAMLError as error:
        findings.append(syntax_finding(source, start, end, error))
        return None
    if isinstance(node, Mapping):
        return node
    if node is not None and not (isinstance(node, Scalar) and node.value is None):
        findings.append(_not_a_mapping(node))
    return None


def _not_a_mapping(node: Node) -> Finding:
    kind = "a single value" if isinstance(node, Scalar) else "a list"
    return Finding(
        "CG106",
        Severity.ERROR,
        f"the file holds {kind}, not a mapping",
        node.span,
        found=kind,
        expected="a mapping",
        help="write `key: value` lines",
    )


def _merged(source: Source, documents: list[Mapping]) -> Mapping:
    if not documents:
        return Mapping((), Span(source, 0, 0))
    merged = documents[0]
    for document in documents[1:]:
        merged = Mapping(_overridden(merged, document).entries, Span(source, merged.span.start, document.span.end))
    return merged


def _overridden(lower: Mapping, upper: Mapping) -> Mapping:
    """Helm's `MergeMaps`: mappings merge, everything else replaces."""
    entries = {entry.key: entry for entry in lower.entries}
    for entry in upper.entries:
        below = entries.get(entry.key)
        if below and isinstance(below.value, Mapping) and isinstance(entry.value, Mapping):
            entries[entry.key] = Entry(entry.key, entry.key_span, _overridden(below.value, entry.value))
        else:
            entries[entry.key] = entry
    return Mapping(tuple(entries.values()), upper.span)
