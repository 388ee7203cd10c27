"""The user's `values.yaml` at a later `chartgen render`: what enters it, and what it says otherwise than the project."""

from __future__ import annotations

import json
from collections.abc import Iterator

from chartgen.chart.new_settings import known_settings, with_new_settings
from chartgen.documents.nodes import Node, Plain
from chartgen.documents.parsing import parse
from chartgen.edits import apply_edits
from chartgen.finding import Finding
from chartgen.project_differences import Difference, difference_findings, differences, outdated
from chartgen.project_model import Project
from chartgen.records import dataclass
from chartgen.settings.model import Settings
from chartgen.source import Source


@dataclass(frozen=True)
class Kept:
    """The new text (None without a file), a line for each value that was taken over, and what still differs."""

    text: str | None = None
    taken_over: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def kept_values(source: Source, schema: str, settings: Settings, project: Project) -> Kept:
    """What becomes of a `values.yaml`; `schema` is the text of the `values.schema.json` that was written with it."""
    root, _ = parse(source)
    mended: list[Difference] = []
    text, lines = source.text, list[str]()
    for one in [] if root is None else outdated(differences(project, root), _read(schema)):
        edited = _with_project(text, one, project)
        if edited is not None:
            text = edited
            mended.append(one)
            lines.append("{}: {}: {} -> {}, as chartgen.yaml says".format(source.name, one.wanted.name, *one.words))
    findings = () if root is None else tuple(difference_findings(project, root, mended))
    return Kept(with_new_settings(text, settings, known_settings(schema)), tuple(lines), findings)


def _with_project(text: str, one: Difference, project: Project) -> str | None:
    """The text with a value as the project has it; None where no edit does that and nothing else."""
    now = next(_same(one, text, project), None)
    edit = now.edit() if now is not None else None
    return apply_edits(text, [edit]) if edit is not None else None


def _same(one: Difference, text: str, project: Project) -> Iterator[Difference]:
    """The difference in a text that others have changed since."""
    root: Node | None = parse(Source(one.root.span.source.name, text))[0]
    if root is not None:
        yield from (other for other in differences(project, root) if other.wanted == one.wanted)


def _read(schema: str) -> Plain:
    try:
        found: Plain = json.loads(schema)
    except (ValueError, RecursionError):
        return None
    return found
