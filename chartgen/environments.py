"""A project's values: the chart's own, and those of each environment over them."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from chartgen.documents import nodes
from chartgen.documents.chart_source import is_chart
from chartgen.documents.flag import Flag
from chartgen.documents.layers import Layer
from chartgen.documents.nodes import Node
from chartgen.documents.reading import read_source
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.edits import Edit
from chartgen.finding import Finding, InvalidStop, Note, Severity, is_error
from chartgen.judges import chart_of
from chartgen.project_model import Project
from chartgen.records import dataclass, replace
from chartgen.settings.schema import load_settings
from chartgen.source import Source, Span
from chartgen.validate import Judge

VALUES = "values.yaml"
_PASS = re.compile(r"pass --set(-string)? (\S+)")


def judge_of_project(project: Project, read: Callable[[str], Source | Finding] = read_source) -> Judge:
    """The judge of values over the `values.yaml` of the project's chart; over the schema's defaults if there is none yet.

    Charts in that chart are judged, too.

    Raises:
        InvalidStop: the settings schema or that file is wrong.
    """
    settings, output = load_settings(project.settings), project.chart.output
    if not is_chart(output):
        return Judge(settings, defaults=_defaults(project, read), read=read)
    chart, findings = chart_of(output, read)
    defaults = chart.defaults(4)[0] if chart is not None else None
    return Judge(settings, defaults=defaults, read=read, chart=chart, problems=tuple(findings))


def values_of_chart(project: Project) -> str:
    """The path of the chart's own values, whether or not it is there."""
    return os.path.normpath(os.path.join(project.chart.output, VALUES))


def _defaults(project: Project, read: Callable[[str], Source | Finding]) -> Layer | None:
    path = values_of_chart(project)
    if not os.path.isfile(path):
        return None
    source = read(path)
    root, findings = (None, [source]) if isinstance(source, Finding) else parse_yaml(source)
    if root is None or any(map(is_error, findings)):
        raise InvalidStop(f"{path} cannot be used to judge values", findings, exit_code=1)
    return Layer(path, root)


@dataclass(frozen=True)
class EnvironmentLayers:
    """What an environment lays over the chart's defaults: files, then flags; and where chartgen.yaml says each flag."""

    files: tuple[str, ...]
    flags: tuple[Flag, ...]
    places: Mapping[str, FlagPlace]


@dataclass(frozen=True)
class FlagPlace:
    """Where a project file says a flag: the name of the layer, and the span of the text."""

    layer: str
    span: Span


def environment_layers(project: Project, name: str) -> EnvironmentLayers:
    """The layers of one of the project's environments."""
    environment = project.environments[name]
    flags: list[Flag] = []
    places: dict[str, FlagPlace] = {}
    for key, kind, texts in (("set", "set", environment.set), ("setString", "set-string", environment.set_string)):
        for index, text in enumerate(texts):
            flag = Flag(kind, text)
            flags.append(flag)
            node = _node(project, name, key, index)
            if node is not None:
                layer = f"{node.span.source.name} environments.{name}.{key}[{index}]"
                places[flag.name] = FlagPlace(layer, node.span)
    return EnvironmentLayers(environment.values, tuple(flags), places)


def missing_files(project: Project, name: str) -> Iterator[Finding]:
    """CG352 for each values file of an environment that is not there, at its line in the project file."""
    for index, file in enumerate(project.environments[name].values):
        if not os.path.exists(file):
            node = _node(project, name, "values", index)
            yield Finding(
                "CG352",
                Severity.ERROR,
                f"environment {name} names {file}, which is not there",
                node.span if node is not None else None,
                path=f"environments.{name}.values[{index}]",
                found=file,
                help="correct the path (it starts at this file's folder), or remove it",
            )


def _node(project: Project, name: str, key: str, index: int) -> Node | None:
    return nodes.find(project.tree, ("environments", name, key, index)) if project.tree is not None else None


def in_environments(told: Iterable[tuple[str, Finding]]) -> Iterator[Finding]:
    """Each finding once, with a note that names the environments that have it; the name of no environment is empty.

    What is wrong with a file is so wherever it is used, so that only findings in merged values get the note.
    """
    found: dict[object, list[tuple[str, Finding]]] = {}
    for name, finding in told:
        found.setdefault(_said(finding), []).append((name, finding))
    for those in found.values():
        finding = _joined([finding for _, finding in those])
        names = [name for name in dict.fromkeys(name for name, _ in those) if name]
        if names and finding.code.startswith("CG2"):
            message = f"in environment{'' if len(names) == 1 else 's'}: {', '.join(names)}"
            yield replace(finding, notes=(*finding.notes, Note(message)))
        else:
            yield finding


def _said(finding: Finding) -> object:
    """What is told, whatever mends it."""
    fields = (finding.code, finding.severity, finding.primary, finding.label, finding.notes, finding.path)
    return *fields, finding.message, finding.found, finding.expected, finding.layer


def _joined(findings: Sequence[Finding]) -> Finding:
    """Findings that tell the same as one: the mends of the first, and those of the others beside them."""
    first = findings[0]
    if all(other == first for other in findings):
        return first
    options = dict.fromkeys(edits for each in findings for edits in (each.edits, *each.alternatives) if edits)
    edits, *others = options or [()]
    help_ = ", or ".join(dict.fromkeys(each.help for each in findings if each.help))
    return replace(first, help=help_, edits=edits, alternatives=tuple(others))


def placed(finding: Finding, places: Mapping[str, FlagPlace]) -> Finding:
    """The finding, with what it tells of flags told at their places in the project file."""
    if not places:
        return finding
    label = finding.label
    for name, place in places.items():
        label = label.replace(f"{name}:1", f"{place.span.source.name}:{place.span.line}")
    layer, help_ = finding.layer, finding.help
    if layer in places:
        layer, help_ = places[layer].layer, _PASS.sub(_written_instead, help_)
    options = [_placed_edits(edits, places) for edits in (finding.edits, *finding.alternatives)]
    return replace(
        finding,
        primary=finding.primary and _placed(finding.primary, places),
        label=label,
        notes=tuple(Note(note.message, note.span and _placed(note.span, places)) for note in finding.notes),
        layer=layer,
        help=help_,
        edits=options[0],
        alternatives=tuple(filter(None, options[1:])),
    )


def _placed_edits(edits: Sequence[Edit], places: Mapping[str, FlagPlace]) -> tuple[Edit, ...]:
    found = tuple(Edit(_placed(edit.span, places), edit.text) for edit in edits)
    return found if all(map(_is_exact, edits, found)) else ()


def _written_instead(passed: re.Match[str]) -> str:
    """In place of a flag to pass, what to write into the project file."""
    return f"write {passed[2]} under {'setString' if passed[1] else 'set'}"


def _placed(span: Span, places: Mapping[str, FlagPlace]) -> Span:
    """The same characters in the project file; the whole text of the flag where YAML writes it in another way."""
    place = places.get(span.source.name)
    if place is None:
        return span
    written, text = place.span, span.source.text
    for quote in ("", '"', "'"):
        if written.text == f"{quote}{text}{quote}":
            start = written.start + len(quote)
            return Span(written.source, start + span.start, start + span.end)
    return written


def _is_exact(before: Edit, after: Edit) -> bool:
    return before.span.text == after.span.text
