"""A broken rule told at the value to change, in whatever layer that is."""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from typing import Any

from chartgen.documents.layers import Layer, Leaf, View
from chartgen.documents.nodes import Entry, Mapping, Scalar
from chartgen.finding import Finding, Note
from chartgen.settings.constraints import show
from chartgen.settings.expression import Path, Value
from chartgen.settings.judge import BrokenRule
from chartgen.settings.model import Settings
from chartgen.source import Span

ROOT = "settings"
"""The key of a chart's values under which the settings are."""

SETTINGS = ("properties", ROOT)
"""Where a values schema has the schema of the settings."""

RULE = "rule"
"""The message of the note that tells where the rule, or the keyword of the schema, is written."""

SCHEMA_DEFAULTS = "the schema's defaults"
"""The name of the layer of the schema's defaults."""


def schema_defaults(settings: Settings) -> Layer:
    """The schema's defaults as the lowest layer of values, where no chart has a values.yaml of its own."""
    nowhere = Span(settings.source, 0, 0)
    nodes = {setting.path: Scalar(setting.default, setting.span or nowhere) for setting in settings.settings}
    return settings_layer(SCHEMA_DEFAULTS, nodes, nowhere)


def settings_layer(name: str, nodes: MappingType[Path, Scalar], span: Span) -> Layer:
    """Settings by their paths as a layer of values; `span` is where all of them stand."""
    root: dict[str, Any] = {}
    for path, node in nodes.items():
        below = root
        for key in (ROOT, *path[:-1]):
            below = below.setdefault(key, {})
        below[path[-1]] = node
    return Layer(name, _tree(root, span))


def _tree(values: dict[str, Any], span: Span) -> Mapping:
    entries = ((key, _tree(value, span) if isinstance(value, dict) else value) for key, value in values.items())
    return Mapping(tuple(Entry(key, node.span, node) for key, node in entries), span)


def rule_finding(settings: Settings, view: View, values: MappingType[Path, Value], broken: BrokenRule) -> Finding:
    """The finding of a broken rule, at the operand to change, with the others and the rule as notes."""
    leaves = {path: view.leaf((ROOT, *path)) for path in broken.rule.operands}
    path = _operand_to_change(broken, leaves, view)
    leaf = leaves.get(path) if path is not None else None
    others = [other for other in broken.rule.operands if other != path]
    return Finding(
        "CG203",
        broken.rule.severity,
        broken.heading,
        leaf.node.span if leaf is not None else broken.rule.span,
        label=" ".join(filter(None, (broken.explanation, overriding(leaf) if leaf else ""))),
        notes=(*(_operand(settings, other, leaves[other], values) for other in others), Note(RULE, broken.rule.span)),
        path=".".join((*view.prefix, ROOT, *(path or ()))),
        found=show(values[path]) if path is not None else "",
        expected=broken.rule.expression,
        help=broken.help,
        layer=leaf.layer.name if leaf is not None else "",
    )


def _operand_to_change(broken: BrokenRule, leaves: MappingType[Path, Leaf | None], view: View) -> Path | None:
    """The operand in the last layer that has one; the rule's `fieldPath` where that layer has it."""
    order = {id(layer): place for place, layer in enumerate(view.layers)}
    placed = {path: order[id(leaf.layer)] for path, leaf in leaves.items() if leaf is not None}
    if not placed:
        return None
    last = max(placed.values())
    candidates = [path for path, place in placed.items() if place == last]
    return broken.rule.field_path if broken.rule.field_path in candidates else candidates[0]


def _operand(settings: Settings, path: Path, leaf: Leaf | None, values: MappingType[Path, Value]) -> Note:
    name, value = ".".join(path), show(values[path])
    if leaf is None or leaf.layer.name == SCHEMA_DEFAULTS:
        return Note(f"{name}: {value} (the schema's default)", settings.setting(path).span)
    return Note(f"{name}: {value}", leaf.node.span)


def overriding(leaf: Leaf) -> str:
    """Which place the value's layer overrides, in parentheses; nothing where it overrides none.

    A mapping overrides no mapping: Helm has what both of them say.
    """
    if not leaf.beaten or leaf.beaten[0].layer.name == SCHEMA_DEFAULTS:
        return ""
    beaten = leaf.beaten[0].node.span
    if isinstance(leaf.node, Mapping) and isinstance(leaf.beaten[0].node, Mapping):
        return f"(this layer adds to {beaten.source.name}:{beaten.line})"
    return f"(this layer overrides {beaten.source.name}:{beaten.line})"
