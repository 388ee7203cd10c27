"""What Chart.yaml says (and requirements.yaml, in charts of the first API version), and what Helm refuses of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from chartgen.documents.chart_fields import Fields, Read, is_null, overlay
from chartgen.documents.chart_versions import is_version
from chartgen.documents.nodes import Mapping, Node, Plain, Scalar, Sequence, plain
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.finding import Finding, Severity, is_error
from chartgen.records import dataclass, field
from chartgen.source import Source, Span

Import: TypeAlias = "str | tuple[str, str]"
"""One of `import-values`: the name of an export, or the path in the child and the one in the parent."""

_ALIAS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")


@dataclass(frozen=True)
class Dependency:
    """A chart that another depends on. `span` is where it is listed."""

    name: str
    version: str = ""
    condition: str = ""
    tags: tuple[str, ...] = ()
    alias: str = ""
    imports: tuple[Import, ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Metadata:
    """A chart's own facts. `dependencies` is None where the key is missing: Helm then looks at no charts below.

    `kube_version` is the range of Kubernetes' versions that the chart is for.
    """

    name: str
    version: str
    api_version: str = "v1"
    type: str = ""
    dependencies: tuple[Dependency, ...] | None = None
    kube_version: str = ""


def read_metadata(chart_yaml: Source, *more: Source) -> tuple[Metadata | None, list[Finding]]:
    """The metadata of a chart, or what is wrong with it (CG108, and what `parse_yaml` says); errors alone are told.

    `more` lies over the first: further files of that name in an archive, then `requirements.yaml`. The API version is
    that of the first, by which Helm chooses how to read the chart.
    """
    read = Read()
    api_version: Node | None = None
    for source in (chart_yaml, *more):
        root, findings = parse_yaml(source, helm_version=3)  # of several documents Helm reads the first
        read.findings += filter(is_error, findings)
        if isinstance(root, Mapping):
            overlay(read, root)
        if source is chart_yaml:
            api_version = read.fields.get("apiVersion")
    if not read.findings:
        read.findings += _refused(read, chart_yaml)
    return (None if read.findings else _metadata(read, _text(api_version) or "v1")), read.findings


def _refused(read: Read, source: Source) -> Iterator[Finding]:
    """What Helm's own check of the metadata refuses."""
    start = Span(source, 0, 0)
    for key, wrong in (("name", _wrong_name), ("version", _wrong_version), ("type", _wrong_type)):
        node = read.fields.get(key)
        message = wrong(_clean(node))
        if message:
            yield _refusal(message, node.span if node else start, key, _clean(node))
    maintainers = read.fields.get("maintainers")
    if isinstance(maintainers, Sequence):
        yield from (_refusal("a maintainer is null", item.span) for item in maintainers.items if is_null(item))
    yield from _refused_dependencies(read, start)


def _refused_dependencies(read: Read, start: Span) -> Iterator[Finding]:
    seen: set[str] = set()
    for place, item in enumerate(read.dependencies or ()):
        if item is None:
            yield _refusal("a dependency is null", start, f"dependencies[{place}]")
            continue
        fields, span = item
        name, alias = _clean(fields.get("name")), _text(fields.get("alias"))
        if not _ALIAS.issuperset(alias):
            message = f'the alias "{alias}" of the dependency {name} may hold letters, digits, - and _ alone'
            yield _refusal(message, fields["alias"].span, f"dependencies[{place}].alias", alias)
        if (alias or name) in seen:
            message = f'two dependencies have the name or alias "{alias or name}"'
            yield _refusal(message, span, f"dependencies[{place}]", alias or name)
        seen.add(alias or name)


def _wrong_name(name: str) -> str:
    if not name:
        return "the chart has no name"
    return "" if name not in {".", ".."} and "/" not in name else f'"{name}" cannot be a chart\'s name'


def _wrong_version(version: str) -> str:
    if not version:
        return "the chart has no version"
    return "" if is_version(version) else f'"{version}" is not a version'


def _wrong_type(kind: str) -> str:
    return "" if kind in {"", "application", "library"} else f'"{kind}" is not a type of chart: application or library'


def _refusal(message: str, span: Span, path: str = "", found: str = "") -> Finding:
    return Finding(
        "CG108", Severity.ERROR, message, span, path=path, found=found, help="Helm does not load such a chart"
    )


def _metadata(read: Read, api_version: str) -> Metadata:
    listed = read.dependencies
    return Metadata(
        _clean(read.fields.get("name")),
        _clean(read.fields.get("version")),
        api_version,
        _text(read.fields.get("type")),
        None if listed is None else tuple(_dependency(*item) for item in listed if item is not None),
        _text(read.fields.get("kubeVersion")),
    )


def _dependency(fields: Fields, span: Span) -> Dependency:
    tags, imports = fields.get("tags"), fields.get("import-values")
    return Dependency(
        _clean(fields.get("name")),
        _clean(fields.get("version")),
        _clean(fields.get("condition")),
        tuple(map(_clean, tags.items)) if isinstance(tags, Sequence) else (),
        _text(fields.get("alias")),
        tuple(_imports(imports)) if isinstance(imports, Sequence) else (),
        span,
    )


def _imports(node: Sequence) -> Iterator[Import]:
    for item in map(plain, node.items):
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict):
            yield _printed(item.get("child")), _printed(item.get("parent"))


def _printed(value: Plain) -> str:
    """A value as Go prints it, so far as it can be a path."""
    return "<nil>" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _clean(node: Node | None) -> str:
    """A text as Helm cleans it: every blank a space, nothing that cannot be printed."""
    return "".join(
        " " if letter.isspace() else letter for letter in _text(node) if letter.isspace() or letter.isprintable()
    )


def _text(node: Node | None) -> str:
    value = node.value if isinstance(node, Scalar) else None
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
