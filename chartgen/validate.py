"""Settings and layers of values become findings: JSON Schema on the merged values, then the rules.

A value's fault is told at its own line, in the layer that it came from; a rule's fault at the operand to change, with
the other operands, the rule, and the values that mend it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from chartgen.documents.form import expectation
from chartgen.documents.json_schema import Checker, Fault, compile_schema
from chartgen.documents.layers import Layer, Leaf, Merged, merge
from chartgen.documents.nodes import Plain, plain
from chartgen.documents.reading import read_source
from chartgen.documents.set_flags import Flag, flag_layers
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.enforce.values_schema import values_schema
from chartgen.finding import Finding, Severity, is_error
from chartgen.names import did_you_mean
from chartgen.records import dataclass
from chartgen.rule_findings import ROOT, overriding, rule_finding, schema_defaults
from chartgen.settings.constraints import show
from chartgen.settings.expression import Path, Type, Value
from chartgen.settings.judge import broken_rules, violations
from chartgen.settings.model import Setting, Settings
from chartgen.source import Source, Span

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingType

    from chartgen.mend_findings import Cause

_CODES = {
    "type": "CG201",
    "minimum": "CG202",
    "maximum": "CG202",
    "exclusiveMinimum": "CG202",
    "exclusiveMaximum": "CG202",
    "multipleOf": "CG202",
    "minLength": "CG202",
    "maxLength": "CG202",
    "enum": "CG204",
    "const": "CG204",
    "pattern": "CG205",
    "additionalProperties": "CG206",
    "unevaluatedProperties": "CG206",
}


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

    `schema` is the chart's values schema; by default that of a generated chart. `defaults` is the chart's values.yaml.
    `read` gives the text of a path, from the disk unless it is told otherwise.
    """

    settings: Settings
    schema: MappingType[str, Plain] | None = None
    defaults: Layer | None = None
    read: Callable[[str], Source | Finding] = read_source

    @cached_property
    def checker(self) -> Checker:
        """The values schema, compiled."""
        return compile_schema(self.schema if self.schema is not None else values_schema(self.settings))

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
        layers: list[Layer] = []
        findings: list[Finding] = []
        for file in files:
            source = self.read(file)
            if isinstance(source, Finding):
                findings.append(source)
                continue
            root, more = parse_yaml(source, helm_version)  # JSON too: so does Helm
            findings += more
            if root is not None:
                layers.append(Layer(source.name, root))
        of_flags, more = flag_layers(layers, flags, helm_version)
        findings += more
        if any(map(is_error, findings)):
            return findings
        return findings + self.findings([*layers, *of_flags], helm_version)

    def findings(self, layers: Sequence[Layer], helm_version: int = 4) -> list[Finding]:
        """The findings of a stack of layers, in Helm's order, over the defaults."""
        merged = merge([self.defaults or schema_defaults(self.settings), *layers], helm_version)
        told: list[tuple[Finding, Cause]] = []
        wrong: frozenset[Path] = frozenset()
        faults: list[Fault] = []
        if not self.checker.is_valid(merged.values):
            told += _wrong_settings(self.settings, merged)
            wrong = frozenset(path for _, path in told if isinstance(path, tuple))
            faults = self.checker.faults(merged.values)
            told += self._schema_findings(merged, faults, wrong)
        values = _setting_values(self.settings, merged, wrong)
        broken = list(broken_rules(self.settings, values, wrong))
        told += [(rule_finding(self.settings, merged, values, rule), rule) for rule in broken]
        found = list(_deprecated(self.settings, merged))
        if told:
            from chartgen.mend_findings import Judged, with_mends  # noqa: PLC0415 - clean runs do not pay for it
            from chartgen.mend_places import Places  # noqa: PLC0415

            given = layers or ([self.defaults] if self.defaults is not None else [])
            places = Places(merged, given, helm_version=helm_version)
            judged = Judged(self.settings, self.checker, places, values, wrong, faults, broken)
            found += with_mends(told, judged)
        return sorted(found, key=lambda finding: finding.order)

    def _schema_findings(
        self, merged: Merged, faults: Iterable[Fault], wrong: frozenset[Path]
    ) -> Iterator[tuple[Finding, Fault]]:
        """The faults of all other values, and of the settings' keys and groups."""
        for fault in faults:
            below = tuple(map(str, fault.path[1:]))
            if fault.path[:1] != (ROOT,) or below not in wrong:
                yield _schema_finding(fault, merged, self.settings), fault


def _wrong_settings(settings: Settings, merged: Merged) -> Iterator[tuple[Finding, Path]]:
    for setting in settings.settings:
        leaf = merged.leaf((ROOT, *setting.path))
        if leaf is None:
            continue
        found = show(plain(leaf.node))
        for violation in violations(setting, plain(leaf.node)):
            yield _value_finding(violation.code, setting.name, found, violation.expected, leaf), setting.path


def _value_finding(code: str, name: str, found: str, expected: str, leaf: Leaf) -> Finding:
    path = f"{ROOT}.{name}"
    return Finding(
        code,
        Severity.ERROR,
        f"{path} is {found}; expected {expected}",
        leaf.node.span,
        label=overriding(leaf),
        path=path,
        found=found,
        expected=expected,
        help=f"give a value that is {expected}",
        layer=leaf.layer.name,
    )


def _schema_finding(fault: Fault, merged: Merged, settings: Settings) -> Finding:
    path = ".".join(map(str, fault.path)) or "the values"
    code = _CODES.get(fault.keyword, "CG207")
    leaf = merged.leaf(fault.path)
    if code == "CG206":
        return _unknown_key(fault, path, leaf, settings)
    span, layer = _nearest(merged, fault)
    found = show(plain(leaf.node)) if leaf is not None else ""
    expected = expectation(fault)
    message = f"{path} is {found}; expected {expected}" if expected and found else f"{path}: {fault.message}"
    return Finding(
        code,
        Severity.ERROR,
        message,
        span,
        label=overriding(leaf) if leaf else "",
        path=path,
        found=found,
        expected=expected,
        help=f"give a value that is {expected}" if expected else "",
        layer=layer,
    )


def _unknown_key(fault: Fault, path: str, leaf: Leaf | None, settings: Settings) -> Finding:
    key = str(fault.path[-1])
    known = [str(name) for name in fault.limit] if isinstance(fault.limit, list) else []
    expected = f"one of {', '.join(known)}"
    of_settings = fault.path[0] == ROOT
    message = f"{path} is not a setting; expected {expected}" if of_settings else f"{path} is not a value of this chart"
    span = (leaf.key_span or leaf.node.span) if leaf else None
    help_ = did_you_mean(key, known)
    elsewhere = [setting.name for setting in settings.settings if setting.path[-1] == key]
    if elsewhere:
        help_ = f"write it as {ROOT}.{elsewhere[0]}"
    return Finding(
        "CG206",
        Severity.ERROR,
        message,
        span,
        path=path,
        found=key,
        expected=expected,
        help=help_,
        layer=leaf.layer.name if leaf else "",
    )


def _nearest(merged: Merged, fault: Fault) -> tuple[Span | None, str]:
    leaf = merged.nearest(fault.path)
    return (leaf.node.span, leaf.layer.name) if leaf is not None else (None, "")


def _setting_values(settings: Settings, merged: Merged, wrong: frozenset[Path]) -> dict[Path, Value]:
    """The value of every setting; the default where there is none or a wrong one."""
    values: dict[Path, Value] = {}
    for setting in settings.settings:
        found = None if setting.path in wrong else _found(merged.values, setting)
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


def _deprecated(settings: Settings, merged: Merged) -> Iterator[Finding]:
    for setting in settings.settings:
        leaf = merged.leaf((ROOT, *setting.path)) if setting.deprecated else None
        if leaf is not None and leaf.layer is not merged.layers[0]:
            yield Finding(
                "CG208",
                Severity.WARNING,
                f"{ROOT}.{setting.name} is deprecated",
                leaf.key_span or leaf.node.span,
                path=f"{ROOT}.{setting.name}",
                help=setting.description,
                layer=leaf.layer.name,
            )
