"""Settings as Go templates: the guard that Helm itself runs, with or without its values schema.

Two files of the chart: `_settings.tpl`, one helper a type, through which every value goes into the ConfigMap, and
`_rules.tpl`, the findings. The values may be of any shape (the schema can be skipped): nothing is dereferenced before
its kind is known, and a setting that is absent or wrong stands in the rules with its default, while no rule that reads
a wrong one is judged.
"""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import assert_never

from chartgen.enforce.goexpression import emit, literal, quoted
from chartgen.finding import Severity
from chartgen.records import dataclass
from chartgen.settings.constraints import TYPE_NAMES, constraints
from chartgen.settings.expression import Path, Type
from chartgen.settings.message import rule_message
from chartgen.settings.model import Rule, Setting, Settings
from chartgen.settings.solve import Mend, mends, moves, new_value, words


@dataclass(frozen=True)
class _Scope:
    """The template's variables: of settings by path, of rules by identity."""

    names: Mapping[Path, str]
    holds: Mapping[int, str]
    prefix: str


def settings_template(settings: Settings, prefix: str) -> str:
    """The text of `_settings.tpl`: helpers per type, and `<prefix>.settings.data`, the ConfigMap's lines."""
    lines = [
        _frame("values.tpl", prefix),
        "{{/* The ConfigMap's data, one line a setting; an absent one has the schema's default. */}}",
        f'{{{{- define "{prefix}.settings.data" -}}}}',
        '{{- $raw := "" }}',
    ]
    for group in _groups(settings):
        lines.append(f"{{{{- {_map_name(group)} := dict }}}}")
        lines += _group(settings, group, prefix, variable=_map_name(group))
    lines[-1] = lines[-1].removesuffix("}}") + "-}}"
    lines += [_data(setting, prefix) for setting in settings.settings]
    lines.append("{{- end }}")
    return "\n".join(lines) + "\n"


def rules_template(settings: Settings, prefix: str) -> str:
    """The text of `_rules.tpl`: `<prefix>.settings.findings`, `.warnings` and `.guard`."""
    judge = "\n".join(_indented(_judge(settings, prefix)))
    return _frame("guard.tpl", prefix).replace("JUDGE", judge)


def _frame(name: str, prefix: str) -> str:
    """The text of a template that is the same for every schema, with the chart's prefix."""
    return pathlib.Path(__file__).with_name(name).read_text(encoding="utf-8").replace("PREFIX", prefix)


def _name(path: Path) -> str:
    return "$v_" + "_".join(path)


def _groups(settings: Settings) -> list[Path]:
    """Every group that holds a setting or a group, outer before inner; the root is ()."""
    groups = {setting.path[:depth] for setting in settings.settings for depth in range(len(setting.path))}
    return sorted(groups | {()})


def _group(
    settings: Settings, group: Path, prefix: str, *, variable: str = "$group", findings: bool = False
) -> Iterator[str]:
    """Set a variable to the map of values at the group's path, empty where there is none."""
    path = ("settings", *group)
    yield f"{{{{- {variable} = .Values }}}}"
    for depth, key in enumerate(path):
        yield f'{{{{- $raw = ternary (get {variable} "{key}") dict (hasKey {variable} "{key}") }}}}'
        wrong = f"{{{{ {variable} = dict }}}}"
        if findings and depth == len(path) - 1:
            shown = f'(include "{prefix}.settings.shown" $raw)'
            wrong += f'{{{{ $errors = append $errors (printf "{".".join(path)} is %s; expected a mapping" {shown}) }}}}'
        yield f'{{{{- if kindIs "map" $raw }}}}{{{{ {variable} = $raw }}}}{{{{ else }}}}{wrong}{{{{ end }}}}'
    if findings:
        yield from _unknown_keys(settings, group, ".".join(path))


def _unknown_keys(settings: Settings, group: Path, dotted: str) -> Iterator[str]:
    below = [setting.path for setting in settings.settings if setting.path[: len(group)] == group]
    known = sorted({path[len(group)] for path in below})
    yield f"{{{{- $known = list {' '.join(map(quoted, known))} }}}}"
    yield "{{- range $key, $_ := $group }}"
    yield "{{- if not (has $key $known) }}"
    said = f'(printf "{dotted}.%s is not a setting; expected one of %s" $key (join ", " $known))'
    yield f"{{{{- $errors = append $errors {said} }}}}"
    yield "{{- end }}"
    yield "{{- end }}"


def _data(setting: Setting, prefix: str) -> str:
    map_, key = _map_name(setting.path[:-1]), quoted(setting.path[-1])
    value = f"ternary (get {map_} {key}) {literal(setting.default, setting.type)} (hasKey {map_} {key})"
    # In quotes: `NO` and `Y` are booleans to Helm's YAML, as keys too.
    return f'"{setting.env}": {{{{ include "{prefix}.settings.{setting.type.value}" ({value}) | quote }}}}'


def _map_name(group: Path) -> str:
    return "$" + "_".join(("in", *group))


def _indented(lines: Iterable[str]) -> Iterator[str]:
    """Each block of a template a step to the right; every line trims the space before it, so none is printed."""
    depth = 1
    for line in lines:
        opened = len(re.findall(r"{{-? (?:if|range|with) ", line))
        closed = len(re.findall(r"{{-? end ", line))
        turned = line.startswith(("{{- end", "{{- else"))
        yield "  " * (depth - turned) + line
        depth += opened - closed


def _judge(settings: Settings, prefix: str) -> Iterator[str]:
    yield "{{- $errors := list }}"
    yield "{{- $warnings := list }}"
    yield "{{- $group := dict }}"
    yield '{{- $raw := "" }}'
    yield '{{- $text := "" }}'
    yield "{{- $bad := list }}"
    yield '{{- $message := "" }}'
    yield "{{- $mends := list }}"
    yield "{{- $mend := 0 }}"
    yield "{{- $known := list }}"
    for group in _groups(settings):
        yield from _group(settings, group, prefix, findings=True)
        for setting in settings.settings:
            if setting.path[:-1] == group:
                yield from _setting(setting, prefix)
    names = {setting.path: _name(setting.path) for setting in settings.settings}
    holds = {id(rule): f"$rule_{number}" for number, rule in enumerate(settings.rules, 1)}
    for rule in settings.rules:
        yield f"{{{{- /* {_comment(rule)} */}}}}"
        yield f"{{{{- {holds[id(rule)]} := {emit(rule.check, names, prefix)} }}}}"
    for rule in settings.rules:
        yield from _rule(rule, settings, _Scope(names, holds, prefix))


def _setting(setting: Setting, prefix: str) -> Iterator[str]:
    """`$<path>` is the value, or the default where it is absent or wrong; `$ok_<path>` tells whether it is right."""
    name, key = _name(setting.path), setting.path[-1]
    dotted = quoted(f"settings.{setting.name}")
    yield f"{{{{- /* {_comment(setting)} */}}}}"
    yield f"{{{{- {name} := {_typed_literal(setting)} }}}}"
    yield f"{{{{- {_ok(setting.path)} := true }}}}"
    yield f'{{{{- if hasKey $group "{key}" }}}}'
    yield f'{{{{- $raw = get $group "{key}" }}}}'
    yield "{{- $bad = list }}"
    yield f'{{{{- $text = include "{prefix}.settings.{setting.type.value}" $raw }}}}'
    wrong_type = 'not (kindIs "string" $raw)' if setting.type is Type.STRING else 'eq $text ""'
    shown = f'(include "{prefix}.settings.shown" $raw)'
    yield f"{{{{- if {wrong_type} }}}}"
    yield f"{{{{- $bad = append $bad {_said(dotted, shown, TYPE_NAMES[setting.type])} }}}}"
    yield "{{- else }}"
    yield f"{{{{- {name} = {_parsed(setting.type)} }}}}"
    for limit in constraints(setting):
        holds = emit(limit.holds, {setting.path: name}, prefix)
        yield f"{{{{- if not {holds} }}}}{{{{ $bad = append $bad {_said(dotted, shown, limit.expected)} }}}}{{{{ end }}}}"
    yield "{{- end }}"
    yield (
        f"{{{{- if $bad }}}}{{{{ {_ok(setting.path)} = false }}}}{{{{ {name} = {_typed_literal(setting)} }}}}"
        "{{ $errors = concat $errors $bad }}{{ end }}"
    )
    yield "{{- end }}"


def _said(dotted: str, shown: str, expected: str) -> str:
    return f'(printf "%s is %s; expected %s" {dotted} {shown} {quoted(expected)})'


def _rule(rule: Rule, settings: Settings, scope: _Scope) -> Iterator[str]:
    right = " ".join(_ok(path) for path in rule.operands)
    collected = "$errors" if rule.severity is Severity.ERROR else "$warnings"
    yield f"{{{{- if and {right} (not {scope.holds[id(rule)]}) }}}}"
    yield f"{{{{- $message = {emit(rule_message(rule), scope.names, scope.prefix)} }}}}"
    yield "{{- $mends = list }}"
    for mend in mends(rule, settings):
        yield from _mend(mend, scope)
    yield '{{- if $mends }}{{ $message = printf "%s; %s" $message (join ", or " $mends) }}{{ end }}'
    yield f'{{{{- {collected} = append {collected} (replace "\\n" " " $message) }}}}'
    yield "{{- end }}"


def _mend(mend: Mend, scope: _Scope) -> Iterator[str]:
    new = {**scope.names, mend.path: "$mend"}
    both = {**scope.names, new_value(mend).path: "$mend"}
    demands = [emit(moves(mend), both, scope.prefix)] + [emit(demand, new, scope.prefix) for demand in mend.demands]
    demands += [f"(or (not {scope.holds[id(kept)]}) {emit(kept.check, new, scope.prefix)})" for kept in mend.keeps]
    yield f"{{{{- $mend = {emit(mend.value, scope.names, scope.prefix)} }}}}"
    yield f"{{{{- if and {' '.join(demands)} }}}}"
    yield f"{{{{- $mends = append $mends {emit(words(mend), new, scope.prefix)} }}}}"
    yield "{{- end }}"


def _parsed(type_: Type) -> str:
    match type_:
        case Type.INTEGER:
            return "int64 $text"
        case Type.NUMBER:
            return "float64 $text"
        case Type.BOOLEAN | Type.STRING:
            return "$raw"
        case _:
            assert_never(type_)


def _typed_literal(setting: Setting) -> str:
    default = literal(setting.default, setting.type)
    return f"int64 {default}" if setting.type is Type.INTEGER else default


def _ok(path: Path) -> str:
    return "$ok_" + "_".join(path)


def _comment(origin: Setting | Rule) -> str:
    """Where the author wrote what the next lines enforce; the file's name alone, so that every machine writes it alike."""
    place = f"{pathlib.PurePath(origin.span.source.name).name}:{origin.span.line}" if origin.span is not None else ""
    said = f"settings.{origin.name}" if isinstance(origin, Setting) else " ".join(origin.expression.split())
    return f"{place} {said}".strip().replace("*/", "* /")
