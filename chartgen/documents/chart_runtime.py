"""Charts while Helm changes them: dependencies leave, take other names, hand values to the chart above.

Helm copies some of these objects and shares others, and its two versions not in the same way, which shows in what comes
out where a chart is used twice. So these objects are shared and changed where Helm's are.
"""

from __future__ import annotations

from chartgen.documents.chart_metadata import Dependency, Import
from chartgen.documents.chart_source import ChartSource
from chartgen.documents.chart_tables import Table, table_of
from chartgen.records import dataclass, replace


@dataclass
class Requirement:
    """One line of a chart's dependencies. `name` becomes the alias; `imports` are used up when they are done."""

    name: str
    listed: Dependency
    imports: tuple[Import, ...]
    enabled: bool = True


@dataclass
class Facts:
    """The part of a chart that its copies may share; `requirements` is None where the chart lists none."""

    name: str
    version: str
    requirements: list[Requirement] | None


@dataclass
class Chart:
    """A chart, its own values and the charts that are in it now."""

    source: ChartSource
    facts: Facts
    values: Table
    charts: list[Chart]

    @property
    def name(self) -> str:
        """The name that its values have in the chart above."""
        return self.facts.name

    def alias(self, name: str, helm_version: int) -> Chart:
        """`getAliasDependency`: a copy under another name. Helm 4 copies the requirements and the charts below, too."""
        requirements, charts = self.facts.requirements, self.charts
        if helm_version >= 4:
            requirements = None if requirements is None else [replace(requirement) for requirement in requirements]
            charts = [replace(chart) for chart in charts]
        return replace(
            self, facts=replace(self.facts, name=name or self.name, requirements=requirements), charts=charts
        )


def fresh_chart(source: ChartSource, helm_version: int) -> Chart:
    """A chart as it is after loading, with all below it."""
    metadata = source.metadata
    listed = metadata.dependencies
    requirements = None if listed is None else [Requirement(one.name, one, one.imports) for one in listed]
    layer, _ = source.defaults(helm_version)
    return Chart(
        source,
        Facts(metadata.name, metadata.version, requirements),
        table_of(layer.node, layer),
        [fresh_chart(chart, helm_version) for chart in source.subcharts],
    )
