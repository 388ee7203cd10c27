"""`--set` and its kin as layers over the values files.

Helm applies them in a fixed order, whatever the order on the command line, and to the values of the files before the
chart's defaults come in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from collections.abc import Sequence as SequenceOf

from chartgen.documents.flag import KINDS, Flag
from chartgen.documents.json_tree import parse_json
from chartgen.documents.layers import Layer
from chartgen.documents.limits import MAX_NULLS
from chartgen.documents.nodes import Entry, Mapping, Node, Scalar
from chartgen.documents.reading import read_content
from chartgen.documents.set_faults import FlagError, flag_fault, refused
from chartgen.documents.set_grammar import Path, utf8
from chartgen.documents.set_kinds import parser_of
from chartgen.documents.set_values import Map, Room, Value, frozen, overlay
from chartgen.finding import Finding
from chartgen.source import Source, Span

__all__ = ["KINDS", "Flag", "flag_layers"]


def flag_layers(
    layers: SequenceOf[Layer],
    flags: Iterable[Flag],
    helm_version: int = 4,
    read: Callable[[str], Source | Finding] = read_content,
) -> tuple[list[Layer], list[Finding]]:
    """The layers that the flags are, to come after `layers`: those of the values files, without the chart's defaults.

    A finding is an error (CG107: Helm refuses the flag; or what `read` says of a file of `--set-file`) and its flag makes
    no layer. Refused, too, are an index that is not closed, which Helm 4 ignores, two JSON values without a comma
    between, and more than `MAX_NULLS` nulls that indexes fill lists with.
    """
    flags = sorted(flags, key=lambda flag: KINDS.index(flag.kind))
    if not flags:
        return [], []
    values = Map(_nowhere())
    for layer in layers:
        if isinstance(layer.node, Mapping):
            overlay(values, layer.node)
    made: list[Layer] = []
    findings: list[Finding] = []
    room = Room(MAX_NULLS)
    for flag in flags:
        try:
            more, warnings = _applied(flag, values, helm_version, read, room)
            made += more
            findings += warnings
        except FlagError as error:
            findings.append(error.finding)
    return made, findings


def _nowhere() -> Span:
    return Span(Source("", ""), 0, 0)


def _applied(
    flag: Flag, values: Map, helm_version: int, read: Callable[[str], Source | Finding], room: Room
) -> tuple[list[Layer], list[Finding]]:
    # A file's name keeps its bytes.
    source = Source(utf8(flag.name), flag.text if flag.kind == "set-file" else utf8(flag.text))
    if flag.kind == "set-json" and helm_version >= 4 and flag.text.strip().startswith("{"):
        return _json_object(source, values)
    parser = parser_of(flag.kind, source, read, room)
    parser.run(values)
    changes = _outermost(parser.touched)
    found = {path: frozen(node) for path in changes if (node := _at(values, path)) is not None}
    cut = {path: node for path, node in found.items() if isinstance(node, Mapping)}
    nulls: dict[Path, Node] = {path: Scalar(None, node.span) for path, node in cut.items()}
    made = [Layer(source.name, _tree(source, nulls, parser.spans), cuts=True)] if cut else []
    return [*made, Layer(source.name, _tree(source, found, parser.spans))], parser.warnings


def _json_object(source: Source, values: Map) -> tuple[list[Layer], list[Finding]]:
    node, findings = parse_json(source)
    if node is None:
        raise refused(findings)
    if not isinstance(node, Mapping):
        raise flag_fault("expected a JSON object", node.span)
    overlay(values, node)
    return [Layer(source.name, node)], findings


def _outermost(touched: Iterable[Path]) -> list[Path]:
    """The paths that lie in no other one."""
    paths = set(touched)
    return [
        path for path in dict.fromkeys(touched) if not any(path[:length] in paths for length in range(1, len(path)))
    ]


def _at(values: Map, path: Path) -> Value | None:
    """What the values hold at a path, None if a later part of the flag took it away."""
    found: Value = values
    for key in path:
        if not isinstance(found, Map) or key not in found:
            return None
        found = found[key]
    return found


def _tree(source: Source, found: dict[Path, Node], spans: dict[Path, Span], above: Path = ()) -> Mapping:
    """The mapping that holds the nodes at their paths, and nothing else."""
    level = len(above)
    groups: dict[str, dict[Path, Node]] = {}
    for path, node in found.items():
        groups.setdefault(path[level], {})[path] = node
    entries = []
    for key, inner in groups.items():
        path = (*above, key)
        node = inner[path] if path in inner else _tree(source, inner, spans, path)
        entries.append(Entry(key, spans[path], node))
    return Mapping(tuple(entries), Span(source, 0, len(source.text)))
