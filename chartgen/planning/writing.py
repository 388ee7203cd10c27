"""A recommendation enters a values file: judged with it first, by the whole stack that the file is part of."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from chartgen.documents.layers import Layer, merge
from chartgen.documents.reading import read_source
from chartgen.documents.set_flags import flag_layers
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.entered_values import entered
from chartgen.environments import EnvironmentLayers, environment_layers, judge_of_project
from chartgen.finding import InvalidStop, UsageStop, is_error
from chartgen.manifests.stack import Asked
from chartgen.planning.stack import Given
from chartgen.rule_findings import ROOT, schema_defaults
from chartgen.settings.expression import Path, Value
from chartgen.source import Source
from chartgen.validate import Judge, setting_values


def file_with(given: Given, asked: Asked, file: str, changes: Mapping[Path, Value]) -> tuple[Source, Source]:
    """The file as it is, and with the settings that change, the others' texts as they were.

    `asked` is the stack that the values are of, with the file in it; its profile is left out.

    Raises:
        UsageStop: a setting cannot be written there, or another layer would override it.
        InvalidStop: with it, the values would have errors.
    """
    layers = _layers(given, asked)
    sources = [_read(each) for each in (*layers.files, *asked.files)]
    at = max(place for place, source in enumerate(sources) if is_same(source.name, file))
    old = sources[at]
    for path, value in changes.items():
        root = parse_yaml(sources[at])[0]
        setting = given.settings.setting(path)
        new = None if root is None else entered(sources[at], root, given.settings, setting, value)
        if new is None:
            raise UsageStop(f"{ROOT}.{setting.name} cannot be written into {file}", f"write it there by hand: {value}")
        sources[at] = new
    _check(given, layers, sources, changes, file)
    return old, sources[at]


def is_same(name: str, other: str) -> bool:
    """Whether two paths lead to one file."""
    return os.path.realpath(name) == os.path.realpath(other)


def _layers(given: Given, asked: Asked) -> EnvironmentLayers:
    if given.project is None or not asked.environment:
        return EnvironmentLayers((), (), {})
    return environment_layers(given.project, asked.environment)


def _read(file: str) -> Source:
    source = read_source(file)
    if isinstance(source, Source):
        return source
    raise InvalidStop("a values file cannot be read", [source], exit_code=1)


def _check(
    given: Given, layers: EnvironmentLayers, sources: Sequence[Source], changes: Mapping[Path, Value], file: str
) -> None:
    """That the values are right, and that they are those of the changes."""
    roots = [(source.name, parse_yaml(source)[0]) for source in sources]
    trees = [Layer(name, root) for name, root in roots if root is not None]
    of_flags = flag_layers(trees, layers.flags)[0] if layers.flags else []
    merged = merge([schema_defaults(given.settings), *trees, *of_flags])
    values = setting_values(given.settings, merged.values)
    for path, value in changes.items():
        if values[path] != value:
            name = ".".join(path)
            leaf = merged.leaf((ROOT, *path))
            beats = leaf.layer.name if leaf is not None else "another layer"
            raise UsageStop(
                f"{file} would not have its way: {beats} overrides {ROOT}.{name}",
                "write into that one, or take the setting out of it",
            )
    judge = judge_of_project(given.project) if given.project is not None else Judge(given.settings)
    errors = [finding for finding in judge.findings_of_sources(sources, layers.flags) if is_error(finding)]
    if errors:
        raise InvalidStop(
            f"with the recommended settings in {file}, the values have errors: nothing was written", errors, exit_code=1
        )
