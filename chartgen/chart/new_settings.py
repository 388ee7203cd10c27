"""New settings enter the user's `values.yaml` by span edits: its comments, order and quotes stay as they are.

An edit is made only if the file then reads as before plus the one setting; otherwise the file is left alone, which is
right as well: an absent setting has its default.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from copy import deepcopy

from chartgen.chart.values_file import properties, setting_lines
from chartgen.chart.yaml_text import setting_value, word
from chartgen.documents.nodes import Entry, Mapping, Node, Plain, Sequence, plain
from chartgen.documents.parsing import parse
from chartgen.edits import Edit, apply_edits
from chartgen.settings.expression import Path
from chartgen.settings.model import Setting, Settings
from chartgen.source import Source, Span

_ROOT = "settings"


def known_settings(schema_text: str) -> frozenset[Path]:
    """The settings that an earlier `values.schema.json` had; none if it cannot be read.

    They tell a setting that is new from one that the user took out of `values.yaml`.
    """
    try:
        document = json.loads(schema_text)
        return frozenset(_leaves(document["properties"][_ROOT], ()))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return frozenset()


def _leaves(schema: dict[str, Plain], path: Path) -> Iterator[Path]:
    for key, part in properties(schema).items():
        if "properties" in part:
            yield from _leaves(dict(part), (*path, key))
        else:
            yield (*path, key)


def with_new_settings(text: str, settings: Settings, known: frozenset[Path]) -> str:
    """The text of a `values.yaml` with every setting that is in the schema, not known, and not in the text."""
    for setting in settings.settings:
        if setting.path not in known:
            text = _with_setting(text, setting, settings)
    return text


def _with_setting(text: str, setting: Setting, settings: Settings) -> str:
    root = _read(text)
    if root is None:
        return text
    group, rest = _deepest(root, (_ROOT, *setting.path))
    if group is None:
        return text
    siblings = _siblings(settings, setting, len(setting.path) + 1 - len(rest))
    edited = apply_edits(text, [_insertion(text, group, rest, setting, siblings, whole=group is root)])
    return edited if _plain(_read(edited)) == _added(_plain(root), setting) else text


def _read(text: str) -> Node | None:
    root, _ = parse(Source("values.yaml", text))
    return root


def _plain(node: Node | None) -> Plain:
    return plain(node) if node is not None else None


def _added(values: Plain, setting: Setting) -> Plain:
    result = deepcopy(values)
    here = result
    for key in (_ROOT, *setting.path[:-1]):
        if not isinstance(here, dict):
            return None
        here = here.setdefault(key, {})
    if isinstance(here, dict):
        here[setting.path[-1]] = setting.default
    return result


def _deepest(root: Node, path: Path) -> tuple[Mapping | None, Path]:
    """The deepest mapping on the path, and the keys that are missing in it; None where the path is taken."""
    node = root
    for depth, key in enumerate(path):
        if not isinstance(node, Mapping):
            return None, ()
        found = node.get(key)
        if found is None:
            return node, path[depth:]
        node = found.value
    return None, ()


def _siblings(settings: Settings, setting: Setting, depth: int) -> list[str]:
    """The keys that the schema has before the setting in the group where it enters, nearest first."""
    path = (_ROOT, *setting.path)
    keys = dict.fromkeys(
        (_ROOT, *other.path)[depth]
        for other in settings.settings
        if (_ROOT, *other.path)[:depth] == path[:depth] and len(other.path) >= depth
    )
    before = list(keys)[: list(keys).index(path[depth])]
    return before[::-1]


def _insertion(  # noqa: PLR0913 - what to write, and all that says where
    text: str, group: Mapping, rest: Path, setting: Setting, siblings: Iterable[str], *, whole: bool
) -> Edit:
    anchor = next(
        (entry for key in siblings if (entry := group.get(key))), group.entries[-1] if group.entries else None
    )
    if text[group.span.start : group.span.start + 1] == "{":
        return _flow(text, group, rest, setting, anchor)
    newline = "\r\n" if "\r\n" in text else "\n"
    indent = anchor.key_span.column - 1 if anchor else 0
    lines = _block(rest, setting, indent)
    at = len(text) if whole or anchor is None else _after_line(text, _end(anchor.value, anchor.key_span.end))
    head = newline if at and text[at - 1] != "\n" else ""
    gap = newline if whole and text.strip() else ""
    return Edit(_place(group, at), head + gap + "".join(line + newline for line in lines))


def _block(rest: Path, setting: Setting, indent: int) -> list[str]:
    groups = [f"{' ' * (indent + 2 * depth)}{word(key)}:" for depth, key in enumerate(rest[:-1])]
    return groups + setting_lines(setting, indent + 2 * (len(rest) - 1))


def _flow(text: str, group: Mapping, rest: Path, setting: Setting, anchor: Entry | None) -> Edit:
    value = setting_value(setting.default)
    for key in reversed(rest[1:]):
        value = f"{{{word(key)}: {value}}}"
    item = f"{word(rest[0])}: {value}"
    if anchor is None:
        return Edit(_place(group, text.index("{", group.span.start) + 1), item)
    return Edit(_place(group, _end(anchor.value, anchor.key_span.end)), f", {item}")


def _place(group: Mapping, at: int) -> Span:
    return Span(group.span.source, at, at)


def _end(node: Node, least: int) -> int:
    """Where the last of a value stands; block mappings and lists end with their last leaf."""
    if isinstance(node, Mapping) and node.entries and node.span.text[:1] != "{":
        last = node.entries[-1]
        return _end(last.value, max(least, last.key_span.end))
    if isinstance(node, Sequence) and node.items and node.span.text[:1] != "[":
        return _end(node.items[-1], least)
    return max(least, node.span.start + len(node.span.text.rstrip()))


def _after_line(text: str, offset: int) -> int:
    following = text.find("\n", offset)
    return len(text) if following < 0 else following + 1
