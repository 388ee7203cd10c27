"""Settings and layers of values become findings: JSON Schema on the merged values, then the rules.

A value's fault is told at its own line, in the layer that it came from; a rule's fault at the operand to change, with
the other operands, the rule, and the values that mend it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from chartgen.chart_schema import ChartSchema, read_chart_schema
from chartgen.documents.flag import Flag
from chartgen.documents.json_schema import Checker, Fault, compile_schema
from chartgen.documents.layers import Layer, Untouched, View, merge
from chartgen.documents.limits import MAX_TOLD
from chartgen.documents.nodes import Plain
from chartgen.documents.plain_yaml import overlaid, plain_values
from chartgen.documents.reading import read_source
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.enforce.chart_checks import broken_checks
from chartgen.enforce.own_checks import own_faults
from chartgen.finding import Finding, is_error
from chartgen.records import dataclass, field
from chartgen.rule_findings import ROOT, rule_finding, schema_defaults
from chartgen.settings.expression import Path, Type, Value
from chartgen.settings.judge import broken_rules
from chartgen.settings.model import Setting, Settings
from chartgen.source import Source

if TYPE_CHECKING:
    from chartgen.documents.chart_source import ChartSource
    from chartgen.mend_findings import Cause


def validate_values(settings: Settings, files: Sequence[str]) -> list[Finding]:
    """The findings of values files (paths; `-` is standard input), each on its own over the schema's defaults.

    The settings stand under the key `settings` of each file, as in the generated chart. Files that cannot be read are
    findings too; nothing is raised for bad input. Sorted by file and place.

    Raises:
        TypeError: `files` is a single text instead of a list of paths.
    """
    if isinstance(files, str):
        raise TypeError(f"files is a list of paths, not a text: [{files!r}]")
    return Judge(settings).findings_of_files(files)


@dataclass(frozen=True)
class Judge:
    """Settings, the schema of all values and the chart's defaults, compiled once for any number of files.

    `held_to` is the chart's values schema; by default that of a generated chart. `defaults` is the chart's values.yaml.
    `read` gives the text of a path, from the disk unless it is told otherwise. `chart` is the chart with all that is in
    it, where there is one; its own values.yaml then comes before `defaults`. `problems` is what is wrong with the chart.
    """

    settings: Settings
    held_to: Checker | None = None
    defaults: Layer | None = None
    read: Callable[[str], Source | Finding] = read_source
    chart: ChartSource | None = None
    problems: tuple[Finding, ...] = ()
    _schemas: dict[str, tuple[ChartSchema | None, list[Finding]]] = field(
        default_factory=dict, repr=False, compare=False
    )
    _untouched: Untouched = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def _of_schema(self) -> Layer:
        return schema_defaults(self.settings)

    @cached_property
    def _plain(self) -> dict[int, dict[str, Plain]]:
        return {}  # the defaults, by the version of Helm that reads them

    @cached_property
    def checker(self) -> Checker:
        """The values schema, compiled."""
        if self.held_to is not None:
            return self.held_to
        from chartgen.enforce.values_schema import values_schema  # noqa: PLC0415 - a chart has its own schema

        return compile_schema(values_schema(self.settings))

    @cached_property
    def _own_schema(self) -> ChartSchema:
        return ChartSchema(self.settings, self.checker, self.chart.schema if self.chart is not None else None)

    @property
    def has_guard(self) -> bool:
        """Whether the values are those of a chart that chartgen made."""
        return self.chart is not None and self._own_schema.has_guard

    def findings_of_files(self, files: Iterable[str]) -> list[Finding]:
        """The findings of each file over the defaults, sorted by place, each once."""
        found = [finding for file in files for finding in self.findings_of_file(file)]
        return sorted(dict.fromkeys(found), key=lambda finding: finding.order)

    def findings_of_file(self, file: str) -> list[Finding]:
        """The findings of one values file over the defaults."""
        return self.findings_of_stack([file])

    def findings_of_stack(
        self, files: Iterable[str], flags: Iterable[Flag] = (), helm_version: int = 4
    ) -> list[Finding]:
        """The findings of values files and flags that are one stack, as `helm template -f ... --set ...` lays them.

        Of what cannot be read only that is told; the values are then not judged.
        """
        return self.findings_of_sources([self.read(file) for file in files], flags, helm_version)

    def findings_of_sources(
        self, sources: Sequence[Source | Finding], flags: Iterable[Flag] = (), helm_version: int = 4
    ) -> list[Finding]:
        """The same, of texts that were read."""
        layers, findings, flags = list[Layer](), self._of_the_chart(helm_version), list(flags)
        if not sources and not flags:
            findings += self._warnings_of_defaults(helm_version)
        if sources and not flags and not findings and self._are_clean(sources, helm_version):
            return []
        for source in sources:
            if isinstance(source, Finding):
                findings.append(source)
                continue
            root, more = parse_yaml(source, helm_version)  # JSON too: so does Helm
            findings += more
            if root is not None:
                layers.append(Layer(source.name, root))
        if flags:
            from chartgen.documents.set_flags import flag_layers  # noqa: PLC0415 - files alone do not need it

            of_flags, more = flag_layers(layers, flags, helm_version)
            layers += of_flags
            findings += more
        if any(map(is_error, findings)):
            return findings
        return findings + self.findings(layers, helm_version)

    def _are_clean(self, sources: Iterable[Source | Finding], helm_version: int) -> bool:
        """Whether nothing is to be said of values that are quickly read; no where that is not known so."""
        if self.chart is not None and not self.chart.is_alone:
            return False
        values: dict[str, Plain] = {}
        for source in sources:
            found = plain_values(source.text) if isinstance(source, Source) else None
            if found is None:
                return False
            values = overlaid(values, found) if values else found
        if helm_version not in self._plain:
            self._plain[helm_version] = merge([self._defaults(helm_version) or self._of_schema], helm_version).values
        values = overlaid(self._plain[helm_version], values)
        if not self.checker.is_valid(values) or any(setting.deprecated for setting in self.settings.settings):
            return False
        if self._own_schema.has_guard and (any(broken_checks(values)) or any(own_faults(values, self.settings))):
            return False
        of_settings = setting_values(self.settings, values)
        return all(rule.holds(of_settings) for rule in self.settings.rules)

    def _defaults(self, helm_version: int) -> Layer | None:
        return self.chart.defaults(helm_version)[0] if self.chart is not None else self.defaults

    def _of_the_chart(self, helm_version: int) -> list[Finding]:
        """What keeps Helm from the chart, whatever the values are."""
        if self.chart is None:
            return [*self.problems]
        from chartgen.documents.chart_checks import chart_problems  # noqa: PLC0415 - values without a chart need it not

        return [*self.problems, *chart_problems(self.chart, helm_version)]

    def _warnings_of_defaults(self, helm_version: int) -> list[Finding]:
        found = self.chart.defaults(helm_version)[1] if self.chart is not None else []
        return [finding for finding in found if not is_error(finding)]

    def findings(self, layers: Sequence[Layer], helm_version: int = 4) -> list[Finding]:
        """The findings of a stack of layers, in Helm's order, over the defaults."""
        chart = self.chart
        defaults = self._defaults(helm_version)
        can_change = defaults is not None and (chart is None or not chart.is_packed)
        given = layers or ([defaults] if defaults is not None and can_change else [])
        if chart is not None and not chart.is_alone:
            found = self._of_all_charts(chart, layers, given, helm_version)
        else:
            merged = merge([defaults or self._of_schema, *layers], helm_version, self._untouched)
            found = _judged(self._own_schema, merged, given, helm_version)
        return sorted(dict.fromkeys(found), key=lambda finding: finding.order)

    def _of_all_charts(
        self, chart: ChartSource, layers: Sequence[Layer], given: Sequence[Layer], helm_version: int
    ) -> list[Finding]:
        """The findings of the chart and of each one in it that is on, by its own schema."""
        from chartgen.documents.chart_view import effective_values  # noqa: PLC0415 - most charts have no others in them

        views, found = effective_values(chart, layers, helm_version)
        for view in views:
            schema, more = self._schema_of(view.chart)
            found += more if schema is None else _judged(schema, view, given, helm_version)
        return found

    def _schema_of(self, chart: ChartSource) -> tuple[ChartSchema | None, list[Finding]]:
        """What a chart's values are held to. Helm compiles the schema of no chart that is off, and so it is here."""
        if chart is self.chart:
            return self._own_schema, []
        found = self._schemas.get(chart.where)
        if found is None:
            found = self._schemas[chart.where] = read_chart_schema(chart.schema, chart.chart_file)
        return found


def _judged(schema: ChartSchema, view: View, given: Sequence[Layer], helm_version: int) -> list[Finding]:
    """The findings of one chart's values. `given` are the layers that can be changed to mend them."""
    from chartgen.value_findings import deprecated, placed, schema_findings, too_many, wrong_settings  # noqa: PLC0415

    settings, checker = schema.settings, schema.checker
    told: list[tuple[Finding, Cause]] = []
    wrong: frozenset[Path] = frozenset()
    faults: list[Fault] = []
    if not checker.is_valid(view.values):
        told += wrong_settings(settings, view)
        wrong = frozenset(path for _, path in told if isinstance(path, tuple))
        faults = checker.faults(view.values)
        told += placed(schema_findings(settings, view, faults[:MAX_TOLD], wrong), view, schema)
    values = setting_values(settings, view.values, wrong)
    broken = list(broken_rules(settings, values, wrong))
    told += [(rule_finding(settings, view, values, rule), rule) for rule in broken]
    found = list(deprecated(settings, view))
    if schema.has_guard:
        from chartgen.check_findings import check_findings  # noqa: PLC0415 - for generated charts

        found += check_findings(view, settings)
    if len(faults) > MAX_TOLD:  # nothing is mended where not all is known
        found += [*(finding for finding, _ in told), too_many(told[-1][0] if told else None)]
    elif told:
        from chartgen.mend_findings import Judged, with_mends  # noqa: PLC0415 - clean runs do not pay for it
        from chartgen.mend_places import Places  # noqa: PLC0415

        places = Places(view, given, view.prefix, helm_version)
        found += with_mends(told, Judged(settings, checker, places, values, wrong, faults, broken))
    return found


def setting_values(settings: Settings, effective: Plain, wrong: frozenset[Path] = frozenset()) -> dict[Path, Value]:
    """The value of every setting; the default where there is none or a wrong one."""
    values: dict[Path, Value] = {}
    for setting in settings.settings:
        found = None if setting.path in wrong else _found(effective, setting)
        value = setting.default if found is None else found
        values[setting.path] = float(value) if setting.type is Type.NUMBER else value
    return values


def _found(values: Plain, setting: Setting) -> Value | None:
    here: Plain = values
    for key in (ROOT, *setting.path):
        if not isinstance(here, dict) or key not in here:
            return None
        here = here[key]
    return here if isinstance(here, bool | int | float | str) else None
