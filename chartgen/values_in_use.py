"""The values that a project has in use: the chart's own, and those of each environment over them."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Mapping as MappingType

from chartgen.documents.layers import Layer, Merged, merge
from chartgen.documents.nodes import Mapping, Node, Plain
from chartgen.documents.reading import read_source
from chartgen.documents.set_flags import flag_layers
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.environments import environment_layers, values_of_chart
from chartgen.finding import Finding, is_error
from chartgen.project_model import Project
from chartgen.records import dataclass, replace
from chartgen.rule_findings import ROOT
from chartgen.schema_diff.changes import InUse
from chartgen.settings.expression import Path
from chartgen.source import Source, Span

CHART = "the chart's values.yaml"


@dataclass(frozen=True)
class ValuesInUse:
    """The values, and why others could not be looked at, a sentence each."""

    found: tuple[InUse, ...] = ()
    unread: tuple[str, ...] = ()


def values_in_use(project: Project) -> ValuesInUse:
    """What the chart's values.yaml and each environment set, as Helm merges their layers; nothing is judged."""
    found: list[InUse] = []
    unread: list[str] = []
    own = _layer(values_of_chart(project))
    if isinstance(own, Layer):
        found.append(_in_use(CHART, merge([own])))
    base = own if isinstance(own, Layer) else Layer("", Mapping((), Span(Source("", ""), 0, 0)))
    for name in project.environments:
        layers = _layers(project, name)
        if isinstance(layers, str):
            unread.append(f"environment {name}: {layers}")
        else:
            found.append(_in_use(f"environment {name}", merge([base, *layers])))
    return ValuesInUse(tuple(found), tuple(unread))


def _layer(path: str) -> Layer | str:
    """The layer that a file is, or why it is none."""
    source = read_source(path)
    root, findings = (None, [source]) if isinstance(source, Finding) else parse_yaml(source)
    errors = [finding.message for finding in findings if is_error(finding)]
    return errors[0] if errors or root is None else Layer(path, root)


def _layers(project: Project, name: str) -> list[Layer] | str:
    """What an environment lays over the chart's values, or why that cannot be told."""
    written = environment_layers(project, name)
    layers = []
    for file in written.files:
        layer = _layer(file)
        if isinstance(layer, str):
            return layer
        layers.append(layer)
    flags, findings = flag_layers(layers, written.flags)
    errors = [finding.message for finding in findings if is_error(finding)]
    places = {flag: place.span for flag, place in written.places.items()}
    return errors[0] if errors else [*layers, *(_at_its_place(layer, places) for layer in flags)]


def _at_its_place(layer: Layer, places: MappingType[str, Span]) -> Layer:
    """The layer of a flag, with its values where the project file says the flag."""
    span = places.get(layer.name)
    return layer if span is None else replace(layer, node=_moved(layer.node, span))


def _moved(node: Node, span: Span) -> Node:
    if isinstance(node, Mapping):
        entries = (replace(entry, value=_moved(entry.value, span)) for entry in node.entries)
        return Mapping(tuple(entries), span)
    return replace(node, span=span)


def _in_use(name: str, merged: Merged) -> InUse:
    values = dict(_leaves(merged.values.get(ROOT), ()))
    places: dict[Path, Span] = {}
    for path in values:
        leaf = merged.leaf((ROOT, *path))
        if leaf is not None:
            places[path] = leaf.node.span
    return InUse(name, values, places)


def _leaves(value: Plain, path: Path) -> Iterator[tuple[Path, Plain]]:
    """The values that are no mappings, and are set: a null stands for the default."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from _leaves(below, (*path, key))
    elif path and value is not None:
        yield path, value
