"""What Helm refuses of a chart before it looks at any values: what cannot be read, installed, or is not there."""

from __future__ import annotations

from collections.abc import Iterator

from chartgen.documents import nodes
from chartgen.documents.chart_files import MAX_CHART_BYTES
from chartgen.documents.chart_source import ChartSource
from chartgen.documents.chart_versions import is_range
from chartgen.documents.limits import MAX_BYTES
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.finding import Finding, Severity, is_error
from chartgen.source import Source, Span

_API_VERSIONS = ("v1", "v2")
_MIB = 1024 * 1024
_LEAVE_OUT = "Helm does not load such a chart: name in .helmignore what it does not need"


def chart_problems(chart: ChartSource, helm_version: int) -> list[Finding]:
    """The errors that keep Helm from a chart, whatever the values are: CG108, and what `parse_yaml` says of values.yaml."""
    found = [finding for one in chart.all_charts() for finding in _unread(one, helm_version)]
    return [*found, *_not_installable(chart, helm_version), *_missing(chart), *_too_large(chart, helm_version)]


def _unread(chart: ChartSource, helm_version: int) -> Iterator[Finding]:
    """What keeps Helm from the values.yaml of a chart, or from one that another of the same archive beats."""
    yield from filter(is_error, chart.defaults(helm_version)[1])
    for source in chart.beaten:
        yield from filter(is_error, parse_yaml(source, helm_version)[1])


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
    if metadata.kube_version and not is_range(metadata.kube_version):
        yield Finding(
            "CG108",
            Severity.ERROR,
            f'"{metadata.kube_version}" is not a range of versions, so that no Kubernetes is in it',
            _place(chart, "kubeVersion"),
            path="kubeVersion",
            found=metadata.kube_version,
            help='write a range such as ">=1.30.0-0"',
        )


def _too_large(chart: ChartSource, helm_version: int) -> Iterator[Finding]:
    """Helm 3 loads no chart with a file that is too large, Helm 4 none that is too large as a whole."""
    if helm_version < 4:
        for name in dict.fromkeys(name for one in chart.all_charts() for name in one.large):
            message = f"{name} is larger than {MAX_BYTES // _MIB} MiB"
            yield Finding("CG105", Severity.ERROR, message, Span(Source(name, ""), 0, 0), help=_LEAVE_OUT)
    elif not chart.is_packed and chart.size > MAX_CHART_BYTES:
        message = f"{chart.where} holds more than {MAX_CHART_BYTES // _MIB} MiB"
        yield Finding("CG105", Severity.ERROR, message, Span(Source(chart.where, ""), 0, 0), help=_LEAVE_OUT)


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
