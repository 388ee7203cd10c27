"""Which judge values files are held to: a settings schema's or a chart's.

A generated chart carries its settings and rules in `values.schema.json`, so that a chart alone is enough to judge by.
For a chart of another make only its JSON Schema counts; without one, all that Helm can read is taken.
"""

from __future__ import annotations

import os
from collections.abc import Callable

from chartgen.chart_schema import no_settings, read_chart_schema
from chartgen.documents.chart_source import CHART_FILE, ChartSource, is_chart, load_chart
from chartgen.documents.json_schema import compile_schema
from chartgen.documents.reading import read_source
from chartgen.finding import Finding, InvalidStop, UsageStop
from chartgen.records import replace
from chartgen.settings.schema import load_settings
from chartgen.source import Source
from chartgen.validate import Judge


def judge_of_settings(path: str) -> Judge:
    """The judge of values over the defaults of a settings schema (a file).

    Raises:
        InvalidStop: the settings schema is wrong.
    """
    return Judge(load_settings(path))


def judge_of_chart(path: str, read: Callable[[str], Source | Finding] = read_source) -> Judge:
    """The judge of values over the defaults of a chart (a folder or an archive), by its schema and rules.

    So are the charts in it, each over its own part of the values. A chart that Helm would not load is judged, too: by
    what is wrong with it. `read` gives the text of a values file, the chart's own among them.

    Raises:
        UsageStop: there is no chart.
        InvalidStop: the chart's schema is wrong.
    """
    if not is_chart(path):
        raise UsageStop(_no_chart(path), "name a chart's folder or archive, or a settings schema: --settings FILE")
    chart, findings = chart_of(path, read)
    if chart is None:
        nothing = no_settings(Source(path, ""))
        return Judge(nothing, compile_schema({}), read=read, problems=tuple(findings))
    schema, findings = read_chart_schema(chart.schema, chart.chart_file)
    if schema is None:
        name = chart.schema.name if chart.schema is not None else path
        raise InvalidStop(f"{name} cannot be used to judge values", findings)
    return Judge(schema.settings, schema.checker, chart.defaults(4)[0], read, chart)


def chart_of(path: str, read: Callable[[str], Source | Finding]) -> tuple[ChartSource | None, list[Finding]]:
    """The chart of a folder or archive, and what is wrong with it; its own values.yaml, in a folder, by `read`."""
    chart, findings = load_chart(path)
    if chart is None or chart.is_packed or not chart.has_values:
        return chart, findings
    values = read(chart.values.name)
    if isinstance(values, Finding):
        return None, [values]
    return replace(chart, values=values, _read={}), findings


def _no_chart(path: str) -> str:
    if os.path.isdir(path):
        return f"{path} holds no {CHART_FILE}, so that it is no chart"
    return (
        f"{path} is no chart: neither a folder nor an archive (.tgz)" if os.path.exists(path) else f"there is no {path}"
    )
