"""How Helm lays a chart's values over those of the charts in it: `CoalesceValues`, `MergeValues` and what they call.

Each function here is the one of the same name in Helm's `pkg/chart/common/util/coalesce.go`, step by step, for the
result depends on the steps. `merge` keeps nulls, which otherwise delete; Helm 4 also drops the nulls of a chart's own
values.yaml. What Helm only warns of on its standard error is passed over.
"""

from __future__ import annotations

from chartgen.documents.chart_runtime import Chart
from chartgen.documents.chart_tables import Budget, Held, Path, Table, entries, winning
from chartgen.documents.nodes import Plain, Sequence, plain
from chartgen.finding import Finding, Severity
from chartgen.records import dataclass, field

GLOBAL = "global"


@dataclass
class Coalescer:
    """One run of Helm over one chart: its version, what it cannot go on with, and how much it may still copy."""

    helm_version: int
    budget: Budget
    findings: list[Finding] = field(default_factory=list)

    def coalesce_values(self, chart: Chart, table: Table | None, *, merge: bool = False, at: Path = ()) -> Table:
        """`CoalesceValues`, or with `merge` `MergeValues`: a new table of the chart and all below; `at` is its path."""
        copied = Table() if table is None else self.budget.copy(table)
        self._coalesce(chart, copied, merge, at)
        return copied

    def _coalesce(self, chart: Chart, table: Table, merge: bool, at: Path) -> None:
        self._own_values(chart, table, merge)
        for inner in chart.charts:
            held = table.get(inner.name)
            if held is None:
                held = table[inner.name] = Held(Table(), None)
            below = held.table
            if below is None:
                self._mismatch(inner.name, held, (*at, inner.name))
                continue
            self._globals(below, table)
            self._coalesce(inner, below, merge, (*at, inner.name))

    def _mismatch(self, name: str, held: Held, at: Path) -> None:
        """The values of a subchart are no mapping: Helm stops here, and chartgen tells it once."""
        leaf, path = held.leaf, ".".join(at)
        value = None if isinstance(held.value, Table) else held.value
        found = _shown(plain(value)) if value is not None and not isinstance(value, Sequence) else "a list"
        finding = Finding(
            "CG201",
            Severity.ERROR,
            f"{path} is {found}; expected a mapping: the values of the subchart {name}",
            leaf.node.span if leaf else None,
            path=path,
            found=found,
            expected="a mapping",
            help=f"set the subchart's values one by one below {path}",
            layer=leaf.layer.name if leaf else "",
        )
        if finding not in self.findings:
            self.findings.append(finding)

    def _globals(self, table: Table, above: Table) -> None:
        """`coalesceGlobals`: the globals of a chart enter a subchart's. The copies are shallow, as Helm's are."""
        ours, theirs = table.get(GLOBAL), above.get(GLOBAL)
        into = Table() if ours is None else ours.table
        source = Table() if theirs is None else theirs.table
        if into is None or source is None:
            return
        for key, held in entries(source):
            value, old = held.table, into.get(key)
            if value is None:
                if old is None or old.table is None:
                    into[key] = held if old is None else winning(held, old)
                continue
            copied = Table(value)
            if old is None:
                into[key] = Held(copied, held.leaf)
            elif old.table is not None:
                self.tables(copied, old.table, merge=True)
                into[key] = winning(Held(copied, held.leaf), old)
        table[GLOBAL] = Held(into, ours.leaf if ours is not None else theirs.leaf if theirs is not None else None)

    def _own_values(self, chart: Chart, table: Table, merge: bool) -> None:
        """`coalesceValues`: the chart's own values come in below."""
        for key, own in self.budget.copy(chart.values).items():
            held = table.get(key)
            if held is None:
                if merge or self.helm_version < 4:
                    table[key] = own
                elif not own.is_null:
                    _clean(own)
                    table[key] = own
                continue
            if held.is_null and not merge:
                del table[key]
                continue
            below, values = held.table, own.table
            if below is not None and values is not None:
                of_subchart = merge or any(inner.name == key for inner in chart.charts)
                if not of_subchart and self.helm_version >= 4:
                    _clean(own)
                self.tables(below, values, merge=of_subchart)
            table[key] = winning(held, own)

    def tables(self, into: Table, source: Table, *, merge: bool) -> Table:
        """`CoalesceTables`, or with `merge` `MergeTables`: `into` wins; both change."""
        given = {key for key, held in source.items() if not held.is_null}
        for key, held in entries(into):
            if held.is_null:
                source[key] = held
        for key, held in entries(source):
            old = into.get(key)
            if old is None:
                into[key] = held
            elif not merge and old.is_null and key in given:
                del into[key]
            else:
                below, values = old.table, held.table
                if below is not None and values is not None:
                    self.tables(below, values, merge=merge)
                if not held.is_null:
                    into[key] = winning(old, held)
        return into


def _clean(held: Held) -> None:
    """`cleanNilValues`: no nulls anywhere in the table."""
    table = held.table
    for key, inner in entries(table) if table is not None else ():
        if inner.is_null and table is not None:
            del table[key]
        else:
            _clean(inner)


def _shown(value: Plain) -> str:
    return (
        "null"
        if value is None
        else str(value).lower()
        if isinstance(value, bool)
        else f'"{value}"'
        if isinstance(value, str)
        else str(value)
    )
