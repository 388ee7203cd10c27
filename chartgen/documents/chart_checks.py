"""What Helm refuses of a chart before it looks at any values: what cannot be read, installed, or is not there."""

from __future__ import annotations

from collections.abc import Iterator

from chartgen.documents import nodes
from chartgen.documents.chart_source import ChartSource
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.finding import Finding, Severity, is_error
from chartgen.source import Span

_API_VERSIONS = ("v1", "v2")


def chart_problems(chart: ChartSource, helm_version: int) -> list[Finding]:
    """The errors that keep Helm from a chart, whatever the values are: CG108, and what `parse_yaml` says of values.yaml."""
    found = [finding for one in chart.all_charts() for finding in one.defaults(helm_version)[1] if is_error(finding)]
    return [*found, *_not_installable(chart, helm_version), *_missing(chart)]


def _not_installable(chart: ChartSource, helm_version: int) -> Iterator[Finding]:
    metadata = chart.metadata
    if helm_version >= 4 and metadata.api_version not in _API_VERSIONS:
        yield Finding(
            "CG108",
            Severity.ERROR,
            f"apiVersion is {metadata.api_version}; expected v1 or v2",
            _place(chart, "apiVersion"),
            path="apiVersion",
            found=metadata.api_version,
            expected="v1 or v2",
            help="Helm does not load such a chart",
        )
    if metadata.type == "library":
        yield Finding(
            "CG108",
            Severity.ERROR,
            f"{metadata.name} is a library chart, which Helm does not install",
            _place(chart, "type"),
            path="type",
            found="library",
            expected="application",
            help="judge a chart that depends on it",
        )


def _missing(chart: ChartSource) -> Iterator[Finding]:
    """Dependencies that are not in charts/: Helm asks for those of the outermost chart alone, switched on or not."""
    there = {inner.metadata.name for inner in chart.subcharts}
    for place, dependency in enumerate(chart.metadata.dependencies or ()):
        if dependency.name not in there:
            missing = f"{dependency.name} is listed as a dependency, but is missing in charts/"
            yield Finding(
                "CG108",
                Severity.ERROR,
                missing if dependency.name else "a dependency has no name",
                dependency.span,
                path=f"dependencies[{place}]",
                found=", ".join(sorted(there)),
                expected=dependency.name,
                help=f"run 'helm dependency build {chart.where}'",
            )


def _place(chart: ChartSource, key: str) -> Span:
    root, _ = parse_yaml(chart.chart_file, helm_version=3)
    node = nodes.find(root, (key,)) if root is not None else None
    return node.span if node is not None else Span(chart.chart_file, 0, 0)
