"""What Argo CD's `Application` and Flux's `HelmRelease` lay over the chart, in their own order.

Argo CD: `valueFiles`, then `valuesObject`, or `values` without it, then `parameters`. Flux: `valuesFrom` in order, then
`values`, then those of `valuesFrom` that have a `targetPath`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

from chartgen.documents.flag import Flag
from chartgen.documents.inline_values import parse_inline
from chartgen.documents.layers import Layer
from chartgen.documents.manifests import Manifest, text_at
from chartgen.documents.nodes import Mapping, Node, Scalar, Sequence, find
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.environments import FlagPlace
from chartgen.finding import Finding, Severity, is_error
from chartgen.records import dataclass, field
from chartgen.source import Source, Span

_ARGO, _FLUX = "argoproj.io/", "helm.toolkit.fluxcd.io/"
_VALUES = "values.yaml"
_ELSEWHERE = re.compile(r"[$*?{]|://")
_COMMA = re.compile(r"(?<!\\),")


@dataclass(frozen=True)
class Release:
    """What one object lays over a chart.

    `charts` are the names that it has for the chart. `places` has the place of each flag, by its name; `findings` is what
    cannot be read, or is not known here. `flag` is its word for a flag, `inline` the field of its own values, `forcing`
    has the field that makes a text of a flag's value, by the kind of the flag.
    """

    charts: tuple[str, ...]
    layers: list[Layer] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    places: dict[str, FlagPlace] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    flag: str = "a parameter"
    inline: str = "valuesObject"
    forcing: dict[str, str] = field(default_factory=lambda: {"set-string": "forceString"})


@dataclass(frozen=True)
class Sources:
    """Where a release's values may be: the chart's folder, the texts of files, the ConfigMaps around."""

    chart: str
    read: Callable[[str], Source | Finding]
    config_maps: Callable[[str, str], list[Manifest]]
    helm_version: int = 4


def releases_of(manifest: Manifest, sources: Sources) -> Iterator[Release]:
    """The releases that an object describes; none for an object of another kind."""
    version = text_at(manifest.node, "apiVersion")
    if manifest.kind == "Application" and version.startswith(_ARGO):
        # Argo CD does not look at `source` where there is one of `sources`.
        several = list(_mappings(find(manifest.node, ("spec", "sources"))))
        for source in several or _mappings(find(manifest.node, ("spec", "source"))):
            yield _of_argo(source, manifest, sources)
    elif manifest.kind == "HelmRelease" and version.startswith(_FLUX):
        yield _of_flux(manifest, sources)


def _of_argo(source: Mapping, manifest: Manifest, sources: Sources) -> Release:
    path = text_at(source, "path")
    release = Release((text_at(source, "chart"), os.path.basename(path.rstrip("/"))))
    helm = find(source, ("helm",))
    if not isinstance(helm, Mapping):
        return release
    ignores_missing = find(helm, ("ignoreMissingValueFiles",))
    may_miss = isinstance(ignores_missing, Scalar) and ignores_missing.value is True
    files = find(helm, ("valueFiles",))
    for node in files.items if isinstance(files, Sequence) else ():
        if isinstance(node, Scalar) and isinstance(node.value, str):
            _add_file(release, node, path, sources, may_miss=may_miss)
    values, given = find(helm, ("values",)), find(helm, ("valuesObject",))
    if isinstance(given, Mapping):
        release.layers.append(Layer(manifest.file, given, part=manifest.written.start))
    elif isinstance(values, Scalar) and isinstance(values.value, str):
        _add_text(release, values, manifest, sources)
    for node in _mappings(find(helm, ("parameters",))):
        _add_parameter(release, node)
    for node in _mappings(find(helm, ("fileParameters",))):
        release.findings.append(_unknown(node.span, "fileParameters read a file that is not here"))
    return release


def _add_file(release: Release, node: Scalar, path: str, sources: Sources, *, may_miss: bool) -> None:
    """A file of `valueFiles`: its path starts at the chart, or with `/` at the root of the repository."""
    name, chart = str(node.value), os.path.normpath(sources.chart)
    root = os.path.abspath(chart).removesuffix(os.path.normpath(path)) if path else ""
    if name.startswith("/"):
        file = os.path.relpath(os.path.join(root, name.lstrip("/"))) if root != os.path.abspath(chart) else ""
    else:
        file = os.path.normpath(os.path.join(chart, name))
    if not sources.chart or _ELSEWHERE.search(name) or not file or not os.path.isfile(file):
        if not may_miss or _ELSEWHERE.search(name):
            release.findings.append(_unknown(node.span, f"the values file {name} is not here"))
        return
    source = sources.read(file)
    root_node, findings = (None, [source]) if isinstance(source, Finding) else parse_yaml(source, sources.helm_version)
    release.findings.extend(findings)
    if root_node is not None and isinstance(source, Source):
        release.layers.append(Layer(source.name, root_node))


def _add_text(release: Release, node: Scalar, manifest: Manifest, sources: Sources) -> None:
    root, findings, is_placed = parse_inline(node, sources.helm_version)
    release.findings.extend(findings)
    if root is not None and not any(map(is_error, findings)):
        release.layers.append(Layer(manifest.file, root, part=node.span.start if is_placed else -1))


def _add_parameter(release: Release, node: Mapping) -> None:
    """A parameter as the flag that Argo CD passes to Helm: it escapes commas, but for those of a list."""
    name, value = text_at(node, "name"), node.get("value")
    if not name or value is None or not isinstance(value.value, Scalar):
        return
    text = value.value.value if isinstance(value.value.value, str) else value.value.span.text
    is_list = text.startswith("{") and text.endswith("}")
    forced = find(node, ("forceString",))
    kind = "set-string" if isinstance(forced, Scalar) and forced.value is True else "set"
    _add_flag(release, Flag(kind, f"{name}={text if is_list else _COMMA.sub(chr(92) + ',', text)}"), value.value.span)


def _add_flag(release: Release, flag: Flag, span: Span) -> None:
    release.flags.append(flag)
    release.places[flag.name] = FlagPlace(span.source.name, span)


def _of_flux(manifest: Manifest, sources: Sources) -> Release:
    chart = text_at(manifest.node, "spec", "chart", "spec", "chart")
    release = Release(
        (chart, os.path.basename(chart.rstrip("/"))),
        flag="a targetPath",
        inline="values",
        forcing={"set-literal": "literal"},
    )
    later: list[tuple[Mapping, Scalar]] = []
    for node in _mappings(find(manifest.node, ("spec", "valuesFrom"))):
        found = _referred(node, manifest, sources)
        if isinstance(found, Finding):
            release.findings.append(found)
        elif text_at(node, "targetPath"):
            later.append((node, found[0]))
        else:
            _add_text(release, *found, sources)
    values = find(manifest.node, ("spec", "values"))
    if isinstance(values, Mapping):
        release.layers.append(Layer(manifest.file, values, part=manifest.written.start))
    for node, text in later:
        literal = find(node, ("literal",))
        kind = "set-literal" if isinstance(literal, Scalar) and literal.value is True else "set"
        _add_flag(release, Flag(kind, f"{text_at(node, 'targetPath')}={text.value}"), text.span)
    return release


def _referred(node: Mapping, manifest: Manifest, sources: Sources) -> tuple[Scalar, Manifest] | Finding:
    """The text that an entry of `valuesFrom` refers to, and the ConfigMap that holds it."""
    kind, name, key = (text_at(node, field) for field in ("kind", "name", "valuesKey"))
    maps = sources.config_maps(name, manifest.namespace) if kind == "ConfigMap" else []
    for found in maps:
        text = find(found.node, ("data", key or _VALUES))
        if isinstance(text, Scalar) and isinstance(text.value, str):
            return text, found
    what = f"the {kind} {name} is not here" if not maps else f"the ConfigMap {name} has no key {key or _VALUES}"
    return _unknown(node.span, what)


def _unknown(span: Span, said: str) -> Finding:
    return Finding(
        "CG413", Severity.WARNING, f"{said}, so that its values are not judged", span, help="the others are judged"
    )


def _mappings(node: Node | None) -> Iterator[Mapping]:
    """A mapping, or those of a list."""
    items = node.items if isinstance(node, Sequence) else (node,)
    yield from (item for item in items if isinstance(item, Mapping))
