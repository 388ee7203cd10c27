"""The files of a new project as texts, proven by the readers that will read them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from chartgen.chart.yaml_text import entry
from chartgen.finding import Finding, InvalidStop, UsageStop, is_error
from chartgen.project import PROJECT_FILE, parse_project
from chartgen.records import dataclass
from chartgen.resources import read_text
from chartgen.settings.schema import read_settings
from chartgen.source import Source
from chartgen.start.draft import Draft, declaration

if TYPE_CHECKING:
    from chartgen.documents.nodes import Plain

METASCHEMA = "schemas/settings-schema.json"
PROJECT_SCHEMA = "schemas/project.schema.json"
EDITOR_FILES = (METASCHEMA, PROJECT_SCHEMA)
"""Copies of chartgen's own schemas, by which editors complete the two files; they may be there already."""

_IMAGE = re.compile(r"(?P<repository>[^@]+?)(:(?P<tag>[^:/@]+))?(@(?P<digest>.+))?")


@dataclass(frozen=True)
class Start:
    """What a project starts from; `config_map` and `namespace` may be empty."""

    name: str
    image: str
    settings: tuple[Draft, ...]
    config_map: str = ""
    namespace: str = ""


def settings_file(start: Start) -> str:
    """The path of the settings schema in the project."""
    return f"schemas/{start.name}.schema.json"


def first_files(start: Start) -> dict[str, str]:
    """The files by their path in the project's folder.

    Raises:
        UsageStop: a name, the image or a setting is not one that chartgen could use; nothing else is wrong then.
    """
    schema = json.dumps(_schema(start), indent=2, ensure_ascii=False) + "\n"
    modeline = f"# yaml-language-server: $schema={PROJECT_SCHEMA}"
    project = "\n".join([modeline, *(line for key, value in _project(start).items() for line in entry(key, value))])
    files = {PROJECT_FILE: project + "\n", settings_file(start): schema}
    _prove(files, start)
    return files | {path: read_text(path) for path in EDITOR_FILES}


def _prove(files: dict[str, str], start: Start) -> None:
    try:
        parse_project(Source(PROJECT_FILE, files[PROJECT_FILE]))
    except InvalidStop as stop:
        raise _refused(stop.findings) from None
    settings, findings = read_settings(Source(settings_file(start), files[settings_file(start)]))
    if settings is None:
        raise _refused(findings)


def _refused(findings: Iterable[Finding]) -> UsageStop:
    errors = [finding for finding in findings if is_error(finding)]
    helps = dict.fromkeys(finding.help for finding in errors if finding.help)
    return UsageStop("; ".join(finding.message for finding in errors), "; ".join(helps))


def _schema(start: Start) -> dict[str, Plain]:
    return {
        "$schema": METASCHEMA.replace("schemas/", "./"),
        "title": f"Settings of {start.name}",
        "type": "object",
        "properties": {draft.name: declaration(draft) for draft in start.settings},
        "x-kubernetes-validations": [],
    }


def _project(start: Start) -> dict[str, Plain]:
    image = _image(start.image)
    project: dict[str, Plain] = {
        "settings": settings_file(start),
        "chart": {"name": start.name, "version": "0.1.0", "output": f"charts/{start.name}"},
        "image": image,
    }
    if start.config_map:
        project["names"] = {"configMap": start.config_map}
    if start.namespace:
        project["environments"] = {"default": {"namespace": start.namespace}}
    return project


def _image(image: str) -> dict[str, Plain]:
    found = _IMAGE.fullmatch(image)
    if found is None:
        message = f'"{image}" is not an image'
        raise UsageStop(message, "write registry.example.com/team/frontend:1.0.0")
    return {key: value for key, value in found.groupdict().items() if value}
