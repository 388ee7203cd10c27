"""Helm's `ProcessDependencies`: which subcharts are on, under which names, and what values they hand upwards.

As in Helm's `pkg/chart/v2/util/dependencies.go`, step by step. It changes the charts that it is given.
"""

from __future__ import annotations

from collections.abc import Iterator

from chartgen.documents.chart_coalesce import Coalescer
from chartgen.documents.chart_runtime import Chart, Requirement
from chartgen.documents.chart_tables import Held, Path, Table, look_up
from chartgen.documents.chart_versions import fits
from chartgen.documents.nodes import Scalar
from chartgen.records import replace


def process_dependencies(coalescer: Coalescer, chart: Chart, values: Table) -> None:
    """Make the chart what Helm would render with the user's values."""
    _enable(coalescer, chart, values, ())
    _import_values(coalescer, chart, ())


def _enable(coalescer: Coalescer, chart: Chart, values: Table, at: Path) -> None:
    """`processDependencyEnabled`: aliases, then tags, then conditions; what is off leaves the chart."""
    requirements = chart.facts.requirements
    if requirements is None:
        return
    chart.charts = list(_named(coalescer, chart, requirements))
    for requirement in requirements:
        requirement.enabled = True
    # Below the root, too, these are the values of the root: Helm hands them down as they are.
    coalesced = coalescer.coalesce_values(chart, values)
    _apply_tags(requirements, coalesced)
    _apply_conditions(requirements, coalesced, at)
    off = {requirement.name for requirement in requirements if not requirement.enabled}
    chart.charts = [inner for inner in chart.charts if inner.name not in off]
    for inner in chart.charts:
        _enable(coalescer, inner, coalesced, (*at, inner.name))
    # A list without any is, to Helm, no list.
    chart.facts.requirements = [one for one in requirements if one.name not in off] or None


def _named(coalescer: Coalescer, chart: Chart, requirements: list[Requirement]) -> Iterator[Chart]:
    """The charts that are not listed, as they are, then one for each requirement, under its alias."""
    for inner in chart.charts:
        if not any(inner.name == one.name and _fits(one, inner) for one in requirements):
            yield inner
    for requirement in requirements:
        found = next(
            (inner for inner in chart.charts if inner.name == requirement.name and _fits(requirement, inner)), None
        )
        if found is not None:
            yield found.alias(requirement.listed.alias, coalescer.helm_version)
        if requirement.listed.alias:
            requirement.name = requirement.listed.alias


def _fits(requirement: Requirement, chart: Chart) -> bool:
    return fits(requirement.listed.version, chart.facts.version)


def _apply_tags(requirements: list[Requirement], values: Table) -> None:
    held = values.get("tags")
    tags = held.table if held is not None else None
    if tags is None:
        return
    for requirement in requirements:
        said = {word for tag in requirement.listed.tags if (word := _boolean(tags.get(tag))) is not None}
        requirement.enabled = True in said or not said


def _apply_conditions(requirements: list[Requirement], values: Table, at: Path) -> None:
    """The first path of a condition that leads to true or false decides."""
    for requirement in requirements:
        for path in requirement.listed.condition.strip().split(","):
            word = _boolean(look_up(values, ".".join((*at, path)).split("."))) if path else None
            if word is not None:
                requirement.enabled = word
                break


def _boolean(held: Held | None) -> bool | None:
    value = held.value.value if held is not None and isinstance(held.value, Scalar) else None
    return value if isinstance(value, bool) else None


def _import_values(coalescer: Coalescer, chart: Chart, at: Path) -> None:
    """`processDependencyImportValues`: values of subcharts that the chart takes for its own, the lowest first."""
    for inner in chart.charts:
        _import_values(coalescer, inner, (*at, inner.name))
    if chart.facts.requirements is None:
        return
    values = coalescer.coalesce_values(chart, None, merge=True, at=at)
    imported = Table()
    for requirement in chart.facts.requirements:
        for item in requirement.imports:
            child, parent = (f"exports.{item}", ".") if isinstance(item, str) else item
            held = look_up(values, f"{requirement.name}.{child}".split("."))
            found = held.table if held is not None else None
            if held is not None and found is not None:
                # An empty table is not shared, as in Helm.
                imported = coalescer.tables(imported, _placed(parent, found or Table(), held), merge=True)
        requirement.imports = ()
    chart.values = coalescer.tables(coalescer.budget.copy(values), imported, merge=True)


def _placed(path: str, table: Table, held: Held) -> Table:
    """`pathToMap`: the table below a path of the parent."""
    if path == ".":
        return table
    # It was written under another key.
    leaf = replace(held.leaf, key_span=None) if held.leaf is not None else None
    for key in reversed(path.split(".")):
        table = Table({key: Held(table, leaf)})
    return table
