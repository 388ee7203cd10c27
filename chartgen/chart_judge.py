"""The judge of any chart's values: its own defaults and schema and, where chartgen generated it, its settings' rules."""

from __future__ import annotations

from typing import cast

from chartgen.documents.chart_source import ChartSource, read_chart
from chartgen.documents.json_schema import UnusableSchema, compile_schema
from chartgen.documents.nodes import Entry, Mapping, Node, Plain, Scalar, find, plain
from chartgen.enforce.values_schema import NUMBER_STEP
from chartgen.finding import Finding, InvalidStop, Severity, is_error
from chartgen.settings.model import Settings
from chartgen.settings.schema import settings_of
from chartgen.source import Source, Span
from chartgen.validate import ROOT, Judge


def chart_judge(folder: str) -> Judge:
    """The judge of the values of a chart in a folder, compiled once for any number of files.

    Raises:
        InvalidStop: the chart's own schema cannot be used (exit 2) or its own values cannot be read (exit 1).
        UsageStop: there is no chart.
    """
    chart = read_chart(folder)
    if any(map(is_error, chart.findings)):
        raise InvalidStop(f"the chart {folder} cannot be read", chart.findings)
    schema = cast("dict[str, Plain]", plain(chart.schema)) if isinstance(chart.schema, Mapping) else {}
    judge = Judge(_settings(chart), schema, chart.defaults)
    try:
        compile_schema(schema)
    except UnusableSchema as error:
        raise InvalidStop(f"the values schema of {folder} cannot be used", [_unusable(chart, error)]) from None
    return judge


def _settings(chart: ChartSource) -> Settings:
    part = find(chart.schema, ("properties", ROOT)) if chart.schema is not None else None
    if chart.schema_source is None or not isinstance(part, Mapping) or not _declares(part):
        source = chart.schema_source or Source(chart.folder, "")
        return Settings((), (), (), "", "", "", {}, source)
    settings, findings = settings_of(_as_written(part), chart.schema_source)
    if settings is None:
        raise InvalidStop(f"the settings in the values schema of {chart.folder} cannot be used", findings)
    return settings


def _declares(part: Mapping) -> bool:
    """Whether a schema declares settings: some value below has an environment name."""
    properties = part.get("properties")
    if properties is None or not isinstance(properties.value, Mapping):
        return False
    below = [entry.value for entry in properties.value.entries if isinstance(entry.value, Mapping)]
    return any(node.get("x-env") is not None or _declares(node) for node in below)


def _as_written(node: Node) -> Node:
    """The settings schema again, without the step of numbers that the values schema adds for Helm."""
    if not isinstance(node, Mapping):
        return node
    type_ = node.get("type")
    number = type_ is not None and isinstance(type_.value, Scalar) and type_.value.value == "number"
    return Mapping(
        tuple(
            Entry(entry.key, entry.key_span, _as_written(entry.value))
            for entry in node.entries
            if not (number and entry.key == "multipleOf" and getattr(entry.value, "value", None) == NUMBER_STEP)
        ),
        node.span,
    )


def _unusable(chart: ChartSource, error: UnusableSchema) -> Finding:
    node = find(chart.schema, error.path) if chart.schema is not None else None
    root = chart.schema.span if chart.schema is not None else None
    span: Span | None = node.span if node is not None else root
    return Finding("CG302", Severity.ERROR, f"Helm cannot use this schema: {error.message}", span)
