"""The effective values of a chart and of each chart in it, each value with the layer that it came from."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Sequence as SequenceOf
from functools import cached_property

from chartgen.documents.chart_coalesce import Coalescer
from chartgen.documents.chart_dependencies import process_dependencies
from chartgen.documents.chart_runtime import Chart, fresh_chart
from chartgen.documents.chart_source import ChartSource
from chartgen.documents.chart_tables import (
    Budget,
    Held,
    Path,
    Table,
    TooLargeError,
    look_up,
    size_of,
    user_table,
    values_of,
)
from chartgen.documents.layers import Layer, Leaf, won
from chartgen.documents.layers import Path as Steps
from chartgen.documents.nodes import Mapping, Plain, Sequence
from chartgen.finding import Finding, Severity
from chartgen.records import dataclass
from chartgen.source import Span

_LEAST_BUDGET = 1_000_000


@dataclass(frozen=True)
class ChartValues:
    """The effective values of one chart, as `Merged` has them of a stack of layers.

    `chart` is the chart that they are held to; `prefix` its place in the values of the root; `layers` all there are,
    lowest first, and `defaults` the one of the chart's own values.yaml; `root` the leaf of the values as a whole; `whole`
    are those of `layers` that begin at the root: its values.yaml and what the user gave. `below` names the charts in it.
    """

    chart: ChartSource
    prefix: Path
    layers: tuple[Layer, ...]
    defaults: Layer
    table: Table
    root: Leaf
    whole: tuple[Layer, ...] = ()
    below: frozenset[str] = frozenset()

    @cached_property
    def values(self) -> dict[str, Plain]:
        """The values as plain data."""
        return values_of(self.table)

    def leaf(self, path: Steps) -> Leaf | None:
        """The value at a path, or None where the effective values have none, or one of Helm's making."""
        leaf, depth = self._walk(path)
        return leaf if depth == len(path) else None

    def nearest(self, path: Steps) -> Leaf:
        """The value at the path, or at its deepest ancestor that exists and that somebody wrote."""
        return self._walk(path)[0]

    def is_made(self, path: Steps) -> bool:
        """Whether the value at a path is one of Helm's making."""
        keys = [step for step in path if isinstance(step, str)]
        held = look_up(self.table, keys) if len(keys) == len(path) else None
        return held is not None and held.leaf is None

    def written(self, path: Steps) -> list[Leaf]:
        """What the layers have at a path, nearest first, whether or not the effective values have it: nulls, too.

        Of charts between the root and this one the values.yaml are not asked.
        """
        own = [] if any(layer is self.defaults for layer in self.whole) else [(self.defaults, path)]
        found: list[Leaf] = []
        for layer, steps in [*((layer, (*self.prefix, *path)) for layer in reversed(self.whole)), *own]:
            leaves = _stepped(Leaf(layer.node, layer, None), steps)
            found += leaves[-1:] if len(leaves) == len(steps) and not layer.cuts else []
        return found

    def subchart(self, path: Steps) -> str:
        """The chart in this one whose values the path leads to, or into; empty where it leads to none."""
        return str(path[0]) if path and path[0] in self.below else ""

    def _walk(self, path: Steps) -> tuple[Leaf, int]:
        held, leaf, depth = Held(self.table, self.root), self.root, 0
        for place, step in enumerate(path):
            here = held.table
            if here is None:
                below = _stepped(leaf, path[place:])
                return below[-1] if below else leaf, place + len(below)
            found = here.get(step) if isinstance(step, str) else None
            if found is None:
                break
            held = found
            if held.leaf is not None:
                leaf, depth = held.leaf, place + 1
        return leaf, depth


def effective_values(
    chart: ChartSource, layers: SequenceOf[Layer], helm_version: int
) -> tuple[list[ChartValues], list[Finding]]:
    """The values of the chart and of every chart in it that is on, parents first, under the user's layers.

    If there are findings, there are no values: Helm refuses the values (CG201: those of a subchart are no mapping) or
    the charts (CG105: they import values into themselves).
    """
    runtime = fresh_chart(chart, helm_version)
    user = user_table(layers)
    coalescer = Coalescer(helm_version, Budget(_budget(runtime, user)))
    try:
        process_dependencies(coalescer, runtime, user)
        table = coalescer.coalesce_values(runtime, user)
    except (TooLargeError, RecursionError):
        return [], [_too_large(chart)]
    if coalescer.findings:
        return [], coalescer.findings
    below = [one.defaults(helm_version)[0] for one in chart.all_charts()]
    ordered = (*reversed(below), *layers)
    root = won([Leaf(layer.node, layer, None) for layer in (*reversed(layers), below[0])])
    assert root is not None
    values: list[ChartValues] = []
    own = ChartValues(chart, (), ordered, below[0], table, root, (below[0], *layers), _names(runtime))
    _collect(values, runtime, own, helm_version)
    return values, []


def _stepped(leaf: Leaf, path: Steps) -> list[Leaf]:
    """The leaves along a path inside one layer's value, as far as there are any."""
    found: list[Leaf] = []
    for step in path:
        node = leaf.node
        entry = node.get(str(step)) if isinstance(node, Mapping) else None
        if entry is not None:
            leaf = Leaf(entry.value, leaf.layer, entry.key_span)
        elif isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node.items):
            leaf = Leaf(node.items[step], leaf.layer, None)
        else:
            break
        found.append(leaf)
    return found


def _budget(runtime: Chart, user: Table) -> int:
    """More than charts copy that do not import values into themselves."""
    charts = list(_all(runtime))
    uses = len(charts) + sum(len(chart.facts.requirements or ()) for chart in charts)
    return max(_LEAST_BUDGET, 20 * (uses + 2) * (size_of(user) + sum(size_of(chart.values) for chart in charts)))


def _all(runtime: Chart) -> Iterator[Chart]:
    yield runtime
    for inner in runtime.charts:
        yield from _all(inner)


def _collect(values: list[ChartValues], runtime: Chart, own: ChartValues, helm_version: int) -> None:
    values.append(own)
    for inner in runtime.charts:
        held = own.table.get(inner.name)
        if held is not None and held.table is not None:
            defaults, _ = inner.source.defaults(helm_version)
            prefix = (*own.prefix, inner.name)
            root = held.leaf or own.root
            names = _names(inner)
            below = ChartValues(inner.source, prefix, own.layers, defaults, held.table, root, own.whole, names)
            _collect(values, inner, below, helm_version)


def _names(runtime: Chart) -> frozenset[str]:
    """The keys under which the values of the charts in a chart stand, those of charts that are off among them."""
    listed = (one.alias or one.name for one in runtime.source.metadata.dependencies or ())
    return frozenset((*listed, *(inner.name for inner in runtime.charts)))


def _too_large(chart: ChartSource) -> Finding:
    message = "the charts import values into themselves, over and over"
    span = Span(chart.chart_file, 0, 0)
    return Finding("CG105", Severity.ERROR, message, span, path="dependencies", help="look at their import-values")
