"""A chart's own values and their schema, as they lie in its folder."""

from __future__ import annotations

import os
from dataclasses import dataclass

from chartgen.documents.json_tree import parse_json
from chartgen.documents.layers import Layer
from chartgen.documents.nodes import Mapping, Node
from chartgen.documents.reading import read_source
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.finding import Finding, UsageStop
from chartgen.source import Source, Span

VALUES = "values.yaml"
SCHEMA = "values.schema.json"


@dataclass(frozen=True)
class ChartSource:
    """What a chart says of its values: its defaults, and its schema where it has one; the findings of both files."""

    folder: str
    defaults: Layer
    schema: Node | None
    schema_source: Source | None
    findings: tuple[Finding, ...]


def read_chart(folder: str) -> ChartSource:
    """The values and the schema of a chart's folder; both files may be missing, as in Helm.

    Raises:
        UsageStop: there is no chart in the folder.
    """
    if not os.path.isfile(os.path.join(folder, "Chart.yaml")):
        raise UsageStop(f"there is no chart in {folder}: it has no Chart.yaml", "name a chart's folder with --chart")
    defaults, findings = _read(os.path.join(folder, VALUES), yaml=True)
    schema, more = _read(os.path.join(folder, SCHEMA), yaml=False)
    path = os.path.join(folder, VALUES)
    nothing = Source(path, "")
    layer = Layer(path, defaults[1] if defaults else Mapping((), Span(nothing, 0, 0)))
    return ChartSource(folder, layer, schema[1] if schema else None, schema[0] if schema else None, (*findings, *more))


def _read(path: str, *, yaml: bool) -> tuple[tuple[Source, Node] | None, list[Finding]]:
    if not os.path.lexists(path):
        return None, []
    source = read_source(path)
    if isinstance(source, Finding):
        return None, [source]
    root, findings = parse_yaml(source) if yaml else parse_json(source)
    return (None if root is None else (source, root)), findings
