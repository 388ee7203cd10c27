"""Charts in memory, for tests."""

from __future__ import annotations

from collections.abc import Mapping

from chartgen.documents.chart_files import ChartFile
from chartgen.documents.chart_source import ChartSource, chart_of_files
from chartgen.documents.chart_view import ChartValues, effective_values
from chartgen.documents.layers import Layer
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.finding import Finding
from chartgen.source import Source

CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
DB = "apiVersion: v2\nname: db\nversion: 1.2.3\n"
LISTED = f"{CHART}dependencies:\n- name: db\n  version: ^1\n"


def load(files: Mapping[str, str | bytes]) -> tuple[ChartSource | None, list[Finding]]:
    """The chart of files (path -> content) in the folder `shop`."""
    return chart_of_files("shop", [_file(name, text) for name, text in files.items()])


def _file(name: str, text: str | bytes) -> ChartFile:
    data = text.encode() if isinstance(text, str) else text
    return ChartFile(name, f"shop/{name}", lambda: data)


def loaded(files: Mapping[str, str | bytes]) -> ChartSource:
    """The same, of a chart that has nothing wrong in it."""
    chart, findings = load(files)
    assert chart is not None, findings
    return chart


def layers_of(*texts: str) -> list[Layer]:
    """Values files by the names 0.yaml, 1.yaml and so on."""
    made = []
    for number, text in enumerate(texts):
        node, findings = parse_yaml(Source(f"{number}.yaml", text))
        assert node is not None, findings
        made.append(Layer(f"{number}.yaml", node))
    return made


def effective(files: Mapping[str, str | bytes], *texts: str, helm_version: int = 4) -> list[ChartValues]:
    """The effective values of a chart and of those in it under values files."""
    views, findings = effective_values(loaded(files), layers_of(*texts), helm_version)
    assert not findings
    return views
