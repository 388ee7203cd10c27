"""The fields of Chart.yaml, requirements.yaml and of locks, read as Helm reads them into one Go struct.

Keys in any case, numbers and booleans as texts where a text is wanted, unknown keys passed over, `requirements.yaml`
laid over `Chart.yaml` field by field and dependency by dependency.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from chartgen.documents.nodes import Entry, Mapping, Node, Scalar, Sequence
from chartgen.finding import Finding, Severity
from chartgen.records import dataclass, field
from chartgen.source import Span

_KINDS = {
    **dict.fromkeys(("apiVersion", "name", "version", "type", "description", "home", "icon", "condition"), "text"),
    **dict.fromkeys(("tags", "appVersion", "kubeVersion"), "text"),
    **dict.fromkeys(("sources", "keywords"), "texts"),
    "annotations": "annotations",
    "deprecated": "flag",
    "maintainers": "maintainers",
    "dependencies": "dependencies",
}
_KINDS_OF_DEPENDENCY = {
    **dict.fromkeys(("name", "version", "repository", "condition", "alias"), "text"),
    "tags": "texts",
    "enabled": "flag",
    "import-values": "list",
}
_KINDS_OF_MAINTAINER = dict.fromkeys(("name", "email", "url"), "text")
_KINDS_OF_LOCK = {"dependencies": "dependencies", "digest": "text", "generated": "time"}
_EXPECTED = {
    "time": "a time, such as 2026-01-31T12:00:00Z",
    "text": "a text",
    "texts": "a list of texts",
    "flag": "true or false",
    "annotations": "a mapping of texts",
    "list": "a list",
    "maintainers": "a list of mappings",
    "dependencies": "a list of mappings",
}

Fields: TypeAlias = "dict[str, Node]"


@dataclass
class Read:
    """The fields read so far, those of each dependency, and what there is to say."""

    fields: Fields = field(default_factory=dict)
    dependencies: list[tuple[Fields, Span] | None] | None = None
    findings: list[Finding] = field(default_factory=list)


def overlay(read: Read, root: Mapping) -> None:
    """Lay one file's fields over those read so far; values of a wrong kind become findings (CG108)."""
    for name, entry in _known(root, _KINDS):
        node = entry.value
        if not _is_of(node, _KINDS[name]):
            read.findings.append(_wrong_kind(name, node, _KINDS[name]))
        elif name == "dependencies":
            _overlay_dependencies(read, node)
        elif not is_null(node):
            read.fields[name] = node


def _overlay_dependencies(read: Read, node: Node) -> None:
    if not isinstance(node, Sequence):
        read.dependencies = None
        return
    below = read.dependencies or []
    read.dependencies = []
    for place, item in enumerate(node.items):
        if not isinstance(item, Mapping):
            read.dependencies.append(None)
            continue
        before = below[place] if place < len(below) else None
        fields = dict(before[0]) if before else {}
        for name, entry in _known(item, _KINDS_OF_DEPENDENCY):
            kind = _KINDS_OF_DEPENDENCY[name]
            if not _is_of(entry.value, kind):
                read.findings.append(_wrong_kind(f"dependencies[{place}].{name}", entry.value, kind))
            elif not is_null(entry.value):
                fields[name] = entry.value
            elif kind != "text":
                fields.pop(name, None)
        read.dependencies.append((fields, item.span))


def lock_findings(root: Mapping) -> Iterator[Finding]:
    """What Helm cannot read of a chart's lock: values of a wrong kind (CG108)."""
    for name, entry in _known(root, _KINDS_OF_LOCK):
        if not _is_of(entry.value, _KINDS_OF_LOCK[name]):
            yield _wrong_kind(name, entry.value, _KINDS_OF_LOCK[name])
        for place, item in enumerate(entry.value.items if isinstance(entry.value, Sequence) else ()):
            for key, below in _known(item, _KINDS_OF_DEPENDENCY) if isinstance(item, Mapping) else ():
                if not _is_of(below.value, _KINDS_OF_DEPENDENCY[key]):
                    yield _wrong_kind(f"dependencies[{place}].{key}", below.value, _KINDS_OF_DEPENDENCY[key])


def _known(mapping: Mapping, kinds: dict[str, str]) -> Iterator[tuple[str, Entry]]:
    """The entries that Helm has a field for, in the order in which it reads them: by the key as it is written."""
    names = {name.casefold(): name for name in kinds}
    for entry in sorted(mapping.entries, key=lambda entry: entry.key):
        name = names.get(entry.key.casefold())
        if name is not None:
            yield name, entry


def _is_of(node: Node, kind: str) -> bool:
    """Whether a value can stand in a field of a kind; null can in any."""
    if is_null(node):
        return True
    if kind == "text":
        return isinstance(node, Scalar)
    if kind == "flag":
        return isinstance(node, Scalar) and isinstance(node.value, bool)
    if kind == "time":
        from chartgen.documents.go_times import is_stamp  # noqa: PLC0415 - of locks alone

        return isinstance(node, Scalar) and isinstance(node.value, str) and is_stamp(node.value)
    if kind == "annotations":
        return isinstance(node, Mapping) and all(isinstance(entry.value, Scalar) for entry in node.entries)
    if not isinstance(node, Sequence):
        return False
    if kind == "texts":
        return all(isinstance(item, Scalar) for item in node.items)
    if kind == "maintainers":
        return all(is_null(item) or _is_maintainer(item) for item in node.items)
    return kind == "list" or all(is_null(item) or isinstance(item, Mapping) for item in node.items)


def _is_maintainer(node: Node) -> bool:
    if not isinstance(node, Mapping):
        return False
    return all(isinstance(entry.value, Scalar) for _, entry in _known(node, _KINDS_OF_MAINTAINER))


def is_null(node: Node) -> bool:
    """Whether a node is null."""
    return isinstance(node, Scalar) and node.value is None


def _wrong_kind(path: str, node: Node, kind: str) -> Finding:
    found = "a mapping" if isinstance(node, Mapping) else "a list" if isinstance(node, Sequence) else node.span.text
    expected = _EXPECTED[kind]
    message = f"{path} is {found}; expected {expected}"
    return Finding("CG108", Severity.ERROR, message, node.span, path=path, found=found, expected=expected)
