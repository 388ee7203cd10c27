"""Where a chart's `values.yaml` has another value than its project file: what to tell, and what mends it.

The file is its user's, and Helm reads it alone: what the project file says of a chart that is there already counts only
once it stands in there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from chartgen.documents import nodes
from chartgen.documents.nodes import Mapping, Node, Plain
from chartgen.documents.scalar_text import scalar_text
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.edits import Edit, apply_edits
from chartgen.finding import Finding, Note, Severity
from chartgen.project_model import Project
from chartgen.project_values import ProjectValue, project_values
from chartgen.records import dataclass
from chartgen.source import Source, Span


@dataclass(frozen=True)
class Difference:
    """A value that the file at `root` has otherwise, at `node`, or not at all (None: null or absent)."""

    wanted: ProjectValue
    root: Node
    node: Node | None

    @property
    def found(self) -> Plain:
        """What the file has; None where there is nothing."""
        return nodes.plain(self.node) if self.node is not None else None

    @property
    def words(self) -> tuple[str, str]:
        """What the file has, and what the project makes of it, as people write them."""
        return shown(self.found), shown(self.wanted.value)

    def edit(self) -> Edit | None:
        """The edit that makes them equal, if it then changes nothing else."""
        text = self.root.span.source.text
        edit = _replacement(self.node, self.wanted.value) or _insertion(self.root, self.wanted)
        if edit is None:
            return None
        after, _ = parse_yaml(Source("", apply_edits(text, [edit])))
        wanted = _with(nodes.plain(self.root), self.wanted.path, self.wanted.value)
        return edit if after is not None and nodes.plain(after) == wanted else None


def differences(project: Project, root: Node) -> Iterator[Difference]:
    """The values of a chart's own file, by its tree, that are not what the project makes of them."""
    for wanted in project_values(project):
        node = nodes.find(root, wanted.path)
        difference = Difference(wanted, root, node if node is not None and nodes.plain(node) is not None else None)
        if difference.found != wanted.value:
            yield difference


def outdated(those: Iterable[Difference], recorded: Plain) -> list[Difference]:
    """Those whose value still is what chartgen wrote, by the `values.schema.json` of the last time; not its user's."""
    return [one for one in those if one.node is not None and _default(recorded, one.wanted.path) == one.found]


def _default(schema: Plain, path: Iterable[str]) -> Plain:
    for key in path:
        properties = schema.get("properties") if isinstance(schema, dict) else None
        schema = properties.get(key) if isinstance(properties, dict) else None
    return schema.get("default") if isinstance(schema, dict) else None


def difference_findings(project: Project, root: Node, but: Sequence[Difference] = ()) -> Iterator[Finding]:
    """CG354 for each difference to what stands in the project file; chartgen's own defaults ask for nothing."""
    for one in differences(project, root):
        said = one.wanted.said(project)
        if said is not None and one not in but:
            yield _finding(one, said)


def _finding(one: Difference, said: Node) -> Finding:
    old, new = one.words
    name, file = one.wanted.name, said.span.source.name
    edit = one.edit()
    is_there = one.node is not None
    what = f"is {old}, but {file} says {new}; values.yaml wins" if is_there else f"is not set, but {file} says {new}"
    return Finding(
        "CG354",
        Severity.WARNING,
        f"{name} {what}",
        one.node.span if one.node is not None else Span(one.root.span.source, 0, 0),
        notes=(Note(f"the project file: {new}", said.span),),
        path=name,
        found=old if is_there else "",
        expected=new,
        help=f"set {name} to {new} in values.yaml, or change {file}",
        layer=one.root.span.source.name,
        edits=(edit,) if edit is not None else (),
    )


def shown(value: Plain) -> str:
    """A value in a sentence."""
    return value if isinstance(value, str) and value else _flow(value)


def _flow(value: Plain, old: str = "") -> str:
    """The value on one line; a text as the old one is written."""
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, dict):
        return json.dumps(value)
    return scalar_text(value, old) or json.dumps(value)


def _replacement(node: Node | None, value: Plain) -> Edit | None:
    """The new value in the place of the old one; a list in block style stays one."""
    if node is None:
        return None
    text = node.span.text
    end = node.span.start + len(text.rstrip())
    span = Span(node.span.source, node.span.start, end)
    if isinstance(node, nodes.Sequence) and not text.startswith("[") and isinstance(value, list) and value:
        between = "\n" + " " * (node.span.column - 1)
        return Edit(span, between.join(f"- {_flow(item)}" for item in value))
    return Edit(span, _flow(value, text))


def _insertion(root: Node, wanted: ProjectValue) -> Edit | None:
    """The value before the first key of its group; at the end of the file where it has none, or where that is null."""
    *above, key = wanted.path
    group = nodes.find(root, tuple(above))
    line = f"{key}: {_flow(wanted.value)}"
    source = root.span.source
    if isinstance(group, Mapping) and group.get(key) is not None:
        null = group.get(key).value.span  # type: ignore[union-attr]
        return Edit(null, _flow(wanted.value) if null.text else f" {_flow(wanted.value)}")
    if above and isinstance(group, Mapping) and group.entries:
        first = group.entries[0].key_span
        is_flow = group.span.text.startswith("{")
        between = ", " if is_flow else "\n" + " " * (first.column - 1)
        return Edit(Span(source, first.start, first.start), line + between)
    if group is not None and above:
        return None
    end = len(source.text)
    head = "" if source.text.endswith("\n") or not source.text else "\n"
    lines = [*(f"{name}:" for name in above), f"{'  ' * len(above)}{line}"]
    return Edit(Span(source, end, end), head + "\n".join(lines) + "\n")


def _with(values: Plain, path: Sequence[str], value: Plain) -> Plain:
    key, *rest = path
    above = values if isinstance(values, dict) else {}
    return {**above, key: _with(above.get(key), rest, value) if rest else value}
