"""A YAML text becomes the tree that Helm makes of it, with a span for every node."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from chartgen.documents.limits import MAX_NODES
from chartgen.documents.memory import no_collections
from chartgen.documents.nodes import Entry, Mapping, Node, Scalar
from chartgen.documents.yaml_builder import build_document
from chartgen.documents.yaml_documents import document_bounds
from chartgen.documents.yaml_events import syntax_finding
from chartgen.documents.yaml_faults import FaultError
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
    documents, findings = parse_documents(source, helm_version)
    if any(is_error(finding) for finding in findings):
        return None, findings
    mappings = [document for _, document in documents]
    return _merged(mappings) if mappings else Mapping((), Span(source, 0, 0)), findings


def parse_documents(source: Source, helm_version: int = 4) -> tuple[list[tuple[int, Mapping]], list[Finding]]:
    """The documents that are mappings, each with the offset where it begins, and what there is to say; as `parse_yaml`."""
    bounds = document_bounds(source, helm_version)
    if isinstance(bounds, Finding):
        return [], [bounds]
    findings: list[Finding] = []
    with no_collections(len(source.text)):
        documents = list(_documents(source, bounds, findings))
    found = ((start, node) for (start, _), node in zip(bounds, documents, strict=False))
    return [(start, node) for start, node in found if node is not None], findings


def _documents(source: Source, bounds: list[tuple[int, int]], findings: list[Finding]) -> Iterator[Mapping | None]:
    """The mapping of each document, None where it is empty or wrong; together they may have as many values as one."""
    left = MAX_NODES
    for start, end in bounds:
        node, count = _document(source, start, end, findings, left)
        yield node
        if findings and findings[-1].code == "CG105":
            return  # so it would be with each of the next ones
        left = max(left - count, 0)


def _document(source: Source, start: int, end: int, findings: list[Finding], most: int) -> tuple[Mapping | None, int]:
    """The mapping of one document and how many values it has; what there is to say joins the findings."""
    try:
        node, count = build_document(source, start, end, findings, most)
    except FaultError as fault:
        findings.append(fault.finding)
    except yaml.YAMLError as error:
        findings.append(syntax_finding(source, start, end, error))
    else:
        if isinstance(node, Mapping):
            return node, count
        if node is not None and not (isinstance(node, Scalar) and node.value is None):
            findings.append(_not_a_mapping(node))
        return None, count
    return None, (end - start) // 2  # more it cannot have been


def _not_a_mapping(node: Node) -> Finding:
    kind = "a single value" if isinstance(node, Scalar) else "a list"
    key, colon, value = node.span.text.partition(":")
    is_pair = isinstance(node, Scalar) and colon and value and node.span.text.isprintable()
    return Finding(
        "CG106",
        Severity.ERROR,
        f"the file holds {kind}, not a mapping",
        node.span,
        found=kind,
        expected="a mapping",
        help=f"write a blank behind the colon: `{key}: {value}`" if is_pair else "write `key: value` lines",
    )


def _merged(mappings: list[Mapping]) -> Mapping:
    """The mappings as Helm's `MergeMaps` makes them one: mappings merge, everything else replaces."""
    if len(mappings) == 1:
        return mappings[0]
    written: dict[str, list[Entry]] = {}
    for mapping in mappings:
        for entry in mapping.entries:
            below = written.get(entry.key)
            if below and isinstance(below[-1].value, Mapping) and isinstance(entry.value, Mapping):
                below.append(entry)
            else:
                written[entry.key] = [entry]
    return Mapping(tuple(map(_one, written.values())), mappings[-1].span)


def _one(entries: list[Entry]) -> Entry:
    """The entries of one key, of which all are mappings if there are several."""
    last = entries[-1]
    if len(entries) == 1:
        return last
    return Entry(
        last.key, last.key_span, _merged([entry.value for entry in entries if isinstance(entry.value, Mapping)])
    )
