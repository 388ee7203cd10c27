"""Where a setting's value lives that a release is made of: what to write there, and what has Helm take it from there."""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator, Mapping, Sequence

from chartgen.cluster.connection import IN_CLUSTER
from chartgen.cluster.owner import Owner
from chartgen.cluster.target import Target
from chartgen.documents.flag import Flag
from chartgen.documents.layers import Layer, merge
from chartgen.documents.reading import read_source
from chartgen.documents.set_flags import flag_layers
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.entered_values import entered, written
from chartgen.environments import environment_layers, in_environments, judge_of_project
from chartgen.finding import Finding, is_error
from chartgen.mend_places import Places
from chartgen.project_model import Project
from chartgen.records import dataclass
from chartgen.rule_findings import ROOT, schema_defaults
from chartgen.settings.expression import Type, Value
from chartgen.settings.model import Setting
from chartgen.settings.strings import parse_text
from chartgen.source import Source
from chartgen.validate import Judge


@dataclass(frozen=True)
class Home:
    """The file that is to say the values, as it is and as it is to be; without one, `file` is None.

    `lines` are what it is to say. `why_not` tells why there is no file that chartgen could change. `shared` are the other
    environments that have it. With `says_so` the environment's values say all that already. `findings` are those of the
    environment's values as they would be, if they have errors, and the errors that other environments would have; `faulty`
    are these environments.
    """

    lines: tuple[str, ...]
    file: tuple[Source, str] | None = None
    why_not: str = ""
    shared: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    faulty: tuple[str, ...] = ()
    says_so: bool = False


def home_of(project: Project, target: Target, texts: Mapping[str, str]) -> Home:
    """Where the settings among some texts belong."""
    given = _values(target, texts)
    lines = tuple(f"{ROOT}.{setting.name}: {written(value)}" for setting, value in given)
    if not target.environment:
        return Home(lines, why_not="no environment is named, whose values files these are: --env NAME")
    layers = environment_layers(project, target.environment)
    if not layers.files:
        return Home(lines, why_not=f"environment {target.environment} names no values file")
    sources = [found for found in map(read_source, layers.files) if isinstance(found, Source)]
    if len(sources) < len(layers.files):
        return Home(lines, why_not=f"a values file of environment {target.environment} cannot be read")
    old = sources[-1]
    if all(target.texts.get(setting.env) == texts[setting.env] for setting, _ in given):
        return Home(lines, (old, old.text), says_so=True)
    for setting, value in given:
        new = _with(sources, layers.flags, target, setting, value)
        if new is None:
            name = layers.files[-1]
            return Home(lines, why_not=f"{ROOT}.{setting.name} cannot be written into {name}, or would be overridden")
        sources = new
    changed = next((new for new in sources if new.name == old.name), old)
    judge = judge_of_project(project)
    own = judge.findings_of_sources(sources, layers.flags)
    told = [(target.environment, each) for each in own] if any(map(is_error, own)) else []
    shared = tuple(_sharing(project, target.environment, old.name))
    told += [(name, each) for name in shared for each in _new_errors(project, judge, name, old, changed)]
    return Home(
        lines,
        (old, changed.text),
        shared=shared,
        findings=tuple(in_environments(told)),
        faulty=tuple(dict.fromkeys(name for name, _ in told)),
    )


def _sharing(project: Project, own: str, file: str) -> Iterator[str]:
    """The other environments that have a values file."""
    path = os.path.realpath(file)
    for name, environment in project.environments.items():
        if name != own and path in map(os.path.realpath, environment.values):
            yield name


def _new_errors(project: Project, judge: Judge, name: str, old: Source, new: Source) -> Iterator[Finding]:
    """The errors that an environment has with a new text of a file, and does not have now."""
    layers, path = environment_layers(project, name), os.path.realpath(old.name)
    sources = [read_source(file) for file in layers.files]
    changed = [
        Source(file, new.text) if os.path.realpath(file) == path else source
        for file, source in zip(layers.files, sources, strict=True)
    ]
    known = {(each.code, each.path, each.message) for each in judge.findings_of_sources(sources, layers.flags)}
    for finding in judge.findings_of_sources(changed, layers.flags):
        if is_error(finding) and (finding.code, finding.path, finding.message) not in known:
            yield finding


def has_files(project: Project, target: Target) -> bool:
    """Whether an environment is named, and names values files."""
    return bool(target.environment and project.environments[target.environment].values)


def upgrade_command(project: Project, target: Target, context: str, owner: Owner, texts: Mapping[str, str]) -> str:
    """The `helm upgrade` that keeps the values: from the environment's files, else by flags."""
    words = ["helm", "upgrade", owner.name, project.chart.output, "--namespace", owner.namespace]
    words += ["--kube-context", context] if context != IN_CLUSTER else []
    if not has_files(project, target):
        words.append("--reset-then-reuse-values")
        words += [word for setting, value in _values(target, texts) for word in _flag(setting, value)]
        return shlex.join(words)
    layers = environment_layers(project, target.environment)
    words += [word for file in layers.files for word in ("--values", file)]
    words += [word for flag in layers.flags for word in (f"--{flag.kind}", flag.text)]
    return shlex.join(words)


def _values(target: Target, texts: Mapping[str, str]) -> list[tuple[Setting, Value]]:
    found: list[tuple[Setting, Value]] = []
    for setting in target.settings.settings:
        value = parse_text(setting.type, texts[setting.env]) if setting.env in texts else None
        if value is not None:
            found.append((setting, int(value) if isinstance(value, float) and value.is_integer() else value))
    return found


def _with(
    sources: Sequence[Source], flags: Sequence[Flag], target: Target, setting: Setting, value: Value
) -> list[Source] | None:
    """The files with the value in the last one, which is the environment's own more than those before it.

    None where it cannot be written there, or where a flag beats it.
    """
    roots = [parse_yaml(source)[0] for source in sources]
    layers = [Layer(source.name, root) for source, root in zip(sources, roots, strict=True) if root is not None]
    if len(layers) < len(sources):
        return None
    of_flags, _ = flag_layers(layers, flags, 4) if flags else ([], None)
    view = merge([schema_defaults(target.settings), *layers, *of_flags])
    path, last = (ROOT, *setting.path), sources[-1]
    if Places(view, layers).flag_of(path):
        return None
    new = entered(last, layers[-1].node, target.settings, setting, value)
    return None if new is None else [*sources[:-1], new]


def _flag(setting: Setting, value: Value) -> list[str]:
    name = f"{ROOT}.{setting.name}"
    if setting.type is Type.STRING:
        return ["--set-string", f"{name}={str(value).replace(',', chr(92) + ',')}"]
    return ["--set" if setting.type is not Type.NUMBER else "--set-json", f"{name}={json.dumps(value)}"]
