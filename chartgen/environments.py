"""A project's values: the chart's own, and those of each environment over them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from chartgen.documents.layers import Layer
from chartgen.documents.reading import read_source
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.finding import Finding, InvalidStop, is_error
from chartgen.project_model import Project
from chartgen.settings.schema import load_settings
from chartgen.source import Source
from chartgen.validate import Judge

VALUES = "values.yaml"


def judge_of_project(project: Project, read: Callable[[str], Source | Finding] = read_source) -> Judge:
    """The judge of values over the `values.yaml` of the project's chart; over the schema's defaults if there is none yet.

    Raises:
        InvalidStop: the settings schema or that file is wrong.
    """
    return Judge(load_settings(project.settings), defaults=_defaults(project, read), read=read)


def _defaults(project: Project, read: Callable[[str], Source | Finding]) -> Layer | None:
    path = str(Path(project.chart.output) / VALUES)
    if not Path(path).is_file():
        return None
    source = read(path)
    root, findings = (None, [source]) if isinstance(source, Finding) else parse_yaml(source)
    if root is None or any(map(is_error, findings)):
        raise InvalidStop(f"{path} cannot be used to judge values", findings, exit_code=1)
    return Layer(path, root)
