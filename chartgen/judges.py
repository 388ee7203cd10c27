"""Which judge values files are held to: a settings schema's or a chart folder's.

A generated chart carries its settings and rules in `values.schema.json`, so that a chart alone is enough to judge by.
For a chart of another make only its JSON Schema counts.
"""

from __future__ import annotations

from pathlib import Path

from chartgen.documents import nodes
from chartgen.documents.json_schema import UnusableSchema, compile_schema
from chartgen.documents.layers import Layer
from chartgen.documents.parsing import parse
from chartgen.documents.reading import read_source
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.finding import Finding, InvalidStop, Severity, UsageStop, is_error
from chartgen.records import replace
from chartgen.rule_findings import ROOT
from chartgen.settings.model import Settings
from chartgen.settings.schema import load_settings, settings_of
from chartgen.source import Source
from chartgen.validate import Judge

VALUES = "values.yaml"
VALUES_SCHEMA = "values.schema.json"


def judge_of_settings(path: str) -> Judge:
    """The judge of values over the defaults of a settings schema (a file).

    Raises:
        InvalidStop: the settings schema is wrong.
    """
    return Judge(load_settings(path))


def judge_of_chart(folder: str) -> Judge:
    """The judge of values over the `values.yaml` of a chart (a folder), by the chart's own schema and rules.

    Raises:
        UsageStop: the folder holds no chart with a schema.
        InvalidStop: the chart's schema or defaults are wrong.
    """
    path = Path(folder) / VALUES_SCHEMA
    if not path.is_file():
        message = f"{folder} holds no {VALUES_SCHEMA}"
        raise UsageStop(message, "name a chart's folder, or judge by a settings schema: --settings FILE")
    source = read_source(str(path))
    root, findings = (None, [source]) if isinstance(source, Finding) else parse(source)
    if root is None or isinstance(source, Finding) or any(map(is_error, findings)):
        raise _unusable(path, findings)
    _compile(root, path)
    document = nodes.plain(root)
    schema = document if isinstance(document, dict) else {}
    return Judge(_settings_of_chart(root, source), schema=schema, defaults=_defaults(Path(folder)))


def _defaults(folder: Path) -> Layer | None:
    path = folder / VALUES
    if not path.is_file():
        return None
    source = read_source(str(path))
    root, findings = (None, [source]) if isinstance(source, Finding) else parse_yaml(source)
    if root is None or any(map(is_error, findings)):
        raise _unusable(path, findings, exit_code=1)
    return Layer(str(path), root)


def _settings_of_chart(root: nodes.Node, source: Source) -> Settings:
    part = nodes.find(root, ("properties", ROOT))
    if not isinstance(part, nodes.Mapping) or not _declares(part):
        return Settings((), (), (), "", "", "", {}, source)
    settings, findings = settings_of(_as_written(part), source)
    if settings is None:
        raise _unusable(Path(source.name), findings)
    return settings


def _declares(node: nodes.Node) -> bool:
    """Whether settings or rules of ours are anywhere below."""
    if isinstance(node, nodes.Sequence):
        return any(map(_declares, node.items))
    if isinstance(node, nodes.Mapping):
        ours = {"x-env", "x-kubernetes-validations"}
        return any(entry.key in ours or _declares(entry.value) for entry in node.entries)
    return False


def _as_written(node: nodes.Mapping) -> nodes.Mapping:
    """The settings schema that a values schema was made of: without the step that Helm needs for numbers."""
    kind = nodes.find(node, ("type",))
    dropped = {"multipleOf"} if isinstance(kind, nodes.Scalar) and kind.value == "number" else set()
    kept = (entry for entry in node.entries if entry.key not in dropped)
    below = (
        replace(entry, value=_as_written(entry.value)) if isinstance(entry.value, nodes.Mapping) else entry
        for entry in kept
    )
    return replace(node, entries=tuple(below))


def _compile(root: nodes.Node, path: Path) -> None:
    document = nodes.plain(root)
    try:
        compile_schema(document if isinstance(document, dict) else {})
    except UnusableSchema as error:
        node = nodes.find(root, error.path) or root
        finding = Finding("CG302", Severity.ERROR, error.message, node.span, help="Helm refuses this schema, too")
        raise _unusable(path, [finding]) from None


def _unusable(path: Path, findings: list[Finding], exit_code: int = 2) -> InvalidStop:
    return InvalidStop(f"{path} cannot be used to judge values", findings, exit_code)
