"""The Kubernetes objects of a text: each document of a stream, each item of a list.

Kubernetes reads YAML as Helm does, by sigs.k8s.io/yaml, and divides a stream at the same lines.
"""

from __future__ import annotations

from collections.abc import Iterator

from chartgen.documents.content import may_hold_manifests
from chartgen.documents.limits import MAX_DEPTH
from chartgen.documents.nodes import Mapping, Node, Scalar, Sequence, find
from chartgen.documents.written import Written
from chartgen.documents.yaml_tree import parse_documents
from chartgen.finding import Finding, is_error
from chartgen.records import dataclass
from chartgen.source import Source

_LIST = "List"
_KUSTOMIZATION = "Kustomization"


@dataclass(frozen=True)
class Manifest:
    """One object. `path` leads to it from the root of its document, which `written` is."""

    kind: str
    name: str
    namespace: str
    node: Mapping
    written: Written
    path: tuple[str | int, ...] = ()

    @property
    def file(self) -> str:
        """The name of the text that it stands in."""
        return self.written.source.name


def read_manifests(source: Source) -> tuple[list[Manifest], list[Finding]] | None:
    """The objects of a text, and what there is to say of it; None where no document is one: then they are values.

    An object has the texts `apiVersion` and `kind` at its root. Of a text that cannot be read only that is told.
    """
    if not may_hold_manifests(source.text):
        return None
    documents, findings = parse_documents(source)
    if any(map(is_error, findings)):
        return [], findings
    found = [
        manifest
        for start, root in documents
        for manifest in _manifests(root, Written(source, root, start=start), (), MAX_DEPTH)
    ]
    return (found, findings) if found or any(_is_object(root) for _, root in documents) else None


def read_kustomization(source: Source) -> list[Manifest]:
    """What a file is that is a kustomization by its name: it need not have `apiVersion` and `kind`."""
    documents, findings = parse_documents(source)
    if any(map(is_error, findings)):
        return []
    return [
        Manifest(_KUSTOMIZATION, "", "", root, Written(source, root, start=start))
        for start, root in documents
        if not _is_object(root)
    ]


def text_at(node: Node, *path: str | int) -> str:
    """The text at a path; empty where there is none."""
    found = find(node, path)
    return found.value if isinstance(found, Scalar) and isinstance(found.value, str) else ""


def _is_object(node: Node) -> bool:
    return bool(text_at(node, "apiVersion") and text_at(node, "kind"))


def _manifests(
    node: Node, written: Written, path: tuple[str | int, ...], depth: int, kind: str = ""
) -> Iterator[Manifest]:
    """The object at a path, or those of a list; an item of a list of one kind need not say that it is of that kind."""
    kind = text_at(node, "kind") or kind
    if not isinstance(node, Mapping) or not kind or not (path or _is_object(node)):
        return
    items = find(node, ("items",)) if kind.endswith(_LIST) else None
    if isinstance(items, Sequence) and depth:
        of_one_kind = kind.removesuffix(_LIST)
        for index, item in enumerate(items.items):
            yield from _manifests(item, written, (*path, "items", index), depth - 1, of_one_kind)
        return
    name, namespace = (text_at(node, "metadata", key) for key in ("name", "namespace"))
    yield Manifest(kind, name, namespace, node, written, path)
