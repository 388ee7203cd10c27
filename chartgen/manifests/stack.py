"""The layers of values that manifests are made of: judged as `chartgen validate` judges them, then merged."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from chartgen.chart.files import VALUES
from chartgen.chart.values_file import first_values, profile_values
from chartgen.documents.flag import Flag
from chartgen.documents.layers import Layer, merge
from chartgen.documents.nodes import Plain
from chartgen.documents.reading import read_source
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.enforce.values_schema import values_schema
from chartgen.environments import (
    EnvironmentLayers,
    environment_layers,
    in_environments,
    judge_of_project,
    missing_files,
    placed,
)
from chartgen.finding import Finding, UsageStop, is_error
from chartgen.ignored import WORD, unignored
from chartgen.names import did_you_mean
from chartgen.project import PROJECT_FILE
from chartgen.project_model import Project
from chartgen.records import dataclass, field, replace
from chartgen.settings.model import Settings
from chartgen.source import Source
from chartgen.validate import Judge


@dataclass(frozen=True)
class Asked:
    """What the command line lays over the chart's defaults: an environment, a profile, files, then flags."""

    environment: str = ""
    profile: str = ""
    files: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True)
class Judged:
    """A stack as it was read once: the chart's own values, the texts of its files, all flags, and what is wrong.

    Without an error among the findings, `values` are those that the chart's templates would see.
    """

    settings: Settings
    findings: tuple[Finding, ...]
    defaults: str = ""
    texts: tuple[Source, ...] = ()
    flags: tuple[Flag, ...] = ()
    values: Mapping[str, Plain] = field(default_factory=dict)


class _Reader:
    """Reads each file once: what is judged is what is used, of a pipe, too."""

    def __init__(self) -> None:
        self.kept: dict[str, Source | Finding] = {}

    def __call__(self, path: str) -> Source | Finding:
        if path not in self.kept:
            self.kept[path] = read_source(path)
        return self.kept[path]


def judged_stack(project: Project, asked: Asked, helm_version: int = 4) -> Judged:
    """The verdict on a stack over the project's chart, and its effective values.

    An error counts even where the project or a comment accepts it: no guard comes with manifests.

    Raises:
        UsageStop: the project has no such environment, or the schema no such profile.
        InvalidStop: the settings schema or the chart's own values are wrong.
    """
    read = _Reader()
    layers = _environment(project, asked.environment)
    judge = _judge(project, read)
    of_profile = [_profile(project, judge.settings, asked.profile, read)] if asked.profile else []
    files = (*layers.files, *of_profile, *asked.files)
    flags = (*layers.flags, *asked.flags)
    found = list(missing_files(project, asked.environment)) if asked.environment else []
    found = found or judge.findings_of_stack(files, flags, helm_version)
    of_values = in_environments((asked.environment, placed(finding, layers.places)) for finding in found)
    told = [*project.warnings, *judge.settings.warnings, *of_values]
    told = _without_accepted(told, project, read, helm_version)
    if any(map(is_error, told)):
        return Judged(judge.settings, tuple(told))
    defaults = judge.chart.defaults(helm_version)[0] if judge.chart is not None else judge.defaults
    assert defaults is not None
    texts = tuple(source for source in map(read, files) if isinstance(source, Source))
    values = _values(defaults, texts, flags, helm_version)
    return Judged(judge.settings, tuple(told), defaults.node.span.source.text, texts, flags, values)


def _environment(project: Project, name: str) -> EnvironmentLayers:
    if not name:
        return EnvironmentLayers((), (), {})
    if name not in project.environments:
        path = os.path.normpath(os.path.join(project.root, PROJECT_FILE))
        raise UsageStop(f'{path} has no environment "{name}"', did_you_mean(name, project.environments))
    return environment_layers(project, name)


def _judge(project: Project, read: _Reader) -> Judge:
    """The judge over the chart's own values, or over those that `chartgen render` would write first."""
    judge = judge_of_project(project, read)
    if judge.chart is not None or judge.defaults is not None:
        return judge
    text = first_values(judge.settings, values_schema(judge.settings), project)
    source = Source(os.path.join(project.chart.output, VALUES), text)
    root, _ = parse_yaml(source)
    assert root is not None
    return replace(judge, defaults=Layer(source.name, root))


def _profile(project: Project, settings: Settings, name: str, read: _Reader) -> str:
    """The path of a profile's values file in the chart; its text is what the schema says now."""
    profiles = {profile.name: profile for profile in settings.profiles}
    if name not in profiles:
        raise UsageStop(f'{settings.source.name} has no profile "{name}"', did_you_mean(name, profiles))
    path = os.path.join(project.chart.output, "profiles", f"{name}.yaml")
    read.kept[path] = Source(path, profile_values(settings, profiles[name]))
    return path


def _values(defaults: Layer, texts: Sequence[Source], flags: Sequence[Flag], helm_version: int) -> Mapping[str, Plain]:
    roots = [(source.name, parse_yaml(source, helm_version)[0]) for source in texts]
    layers = [Layer(name, root) for name, root in roots if root is not None]
    if flags:
        from chartgen.documents.set_flags import flag_layers  # noqa: PLC0415 - files alone do not need it

        layers += flag_layers(layers, flags, helm_version)[0]
    return merge([defaults, *layers], helm_version).values


def _without_accepted(findings: Sequence[Finding], project: Project, read: _Reader, helm_version: int) -> list[Finding]:
    """The errors, and the warnings that neither the project nor a comment accepts, by their places."""
    errors = [finding for finding in findings if is_error(finding)]
    warnings = unignored((finding for finding in findings if not is_error(finding)), project)
    sources = [source for source in read.kept.values() if isinstance(source, Source) and WORD in source.text]
    if sources:
        from chartgen.ignore_comments import without_accepted  # noqa: PLC0415 - few files have such comments

        warnings, _ = without_accepted(warnings, sources, lambda _: False, helm_version)
    return sorted(dict.fromkeys([*errors, *warnings]), key=lambda finding: finding.order)
