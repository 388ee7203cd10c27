"""The values that a plan is about: those of a project's environment, of files, of a profile, or a schema's defaults."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chartgen.documents.layers import Layer, merge
from chartgen.documents.nodes import Scalar
from chartgen.documents.reading import read_source
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.finding import Finding, InvalidStop, UsageStop, is_error
from chartgen.manifests.stack import Asked, judged_stack
from chartgen.names import did_you_mean
from chartgen.project import PROJECT_FILE, find_project, load_project
from chartgen.project_model import Project
from chartgen.records import dataclass
from chartgen.rule_findings import schema_defaults, settings_layer
from chartgen.settings.expression import Path, Value
from chartgen.settings.model import Profile, Settings
from chartgen.settings.schema import load_settings
from chartgen.source import Span
from chartgen.validate import Judge, setting_values


@dataclass(frozen=True)
class Given:
    """The settings, and the value of each; `project` is None where a schema alone was named."""

    settings: Settings
    values: Mapping[Path, Value]
    project: Project | None = None


def given(schema: str, asked: Asked) -> Given:
    """The settings and values of a schema, or else of the project here.

    Raises:
        UsageStop: there is no project, environment or profile of the name.
        InvalidStop: the schema, the project or the values have errors.
    """
    if schema:
        return _of_schema(schema, asked)
    project = _project()
    judged = judged_stack(project, asked)
    _check(judged.findings)
    return Given(judged.settings, setting_values(judged.settings, dict(judged.values)), project)


def files_of(schema: str, asked: Asked) -> tuple[str, ...]:
    """The files of the stack, the environment's too."""
    environments = {} if schema or not asked.environment else _project().environments
    known = environments.get(asked.environment)
    return (*(known.values if known is not None else ()), *asked.files)


def _project() -> Project:
    path = find_project(".")
    if path is None:
        message = f"there is no {PROJECT_FILE} here or in a folder above"
        raise UsageStop(message, "go to the project's folder, or name the schema: --settings FILE")
    return load_project(path)


def _of_schema(path: str, asked: Asked) -> Given:
    if asked.environment:
        raise UsageStop(
            f"--env names an environment of a {PROJECT_FILE}, but --settings names a schema alone",
            "leave one of them out",
        )
    settings = load_settings(path)
    layers = [_layer(_profile(settings, asked.profile), settings)] if asked.profile else []
    for file in asked.files:
        source = read_source(file)
        root, findings = (None, [source]) if isinstance(source, Finding) else parse_yaml(source)
        _check(findings)
        assert root is not None
        layers.append(Layer(file, root))
    _check(Judge(settings).findings(layers))
    return Given(settings, setting_values(settings, merge([schema_defaults(settings), *layers]).values))


def _check(findings: Sequence[Finding]) -> None:
    errors = tuple(filter(is_error, findings))
    if errors:
        raise InvalidStop("the values have errors, so that there is nothing to plan with", errors, exit_code=1)


def _profile(settings: Settings, name: str) -> Profile:
    profiles = {profile.name: profile for profile in settings.profiles}
    if name not in profiles:
        raise UsageStop(f'{settings.source.name} has no profile "{name}"', did_you_mean(name, profiles))
    return profiles[name]


def _layer(profile: Profile, settings: Settings) -> Layer:
    nowhere = Span(settings.source, 0, 0)
    return settings_layer(
        profile.name, {path: Scalar(value, nowhere) for path, value in profile.values.items()}, nowhere
    )
