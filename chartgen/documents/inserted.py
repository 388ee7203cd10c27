"""A value that a file does not write yet enters it beside its siblings; comments, order and line ends stay.

An edit is proven by reading the new text: it holds what the old one held, and the one value.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from chartgen.documents.nodes import Entry, Mapping, Node, Plain, Scalar, plain
from chartgen.documents.scalar_text import scalar_text
from chartgen.documents.scalars import resolve_plain
from chartgen.documents.written import Step
from chartgen.documents.yaml_tree import parse_documents, parse_yaml
from chartgen.edits import Edit, apply_edits
from chartgen.source import Source, Span

if TYPE_CHECKING:
    from chartgen.documents.layers import Path
    from chartgen.documents.scalars import Value
    from chartgen.documents.written import Written

_PROVEN = 200_000
"""The longest text (code points) that is read once more for an edit."""


def replacement(file: Written, place: Span, value: Value) -> Edit | None:
    """The edit that writes another scalar in the place of the one that stands there.

    None where the old one is shared with other values, or where the edit cannot be proven.
    """
    steps = file.to_scalar(place)
    return _replaced(file, steps, value) if steps else None


def insertion(file: Written, path: Path, value: Value, siblings: Iterable[str] = ()) -> Edit | None:
    """The edit that makes the file say the value at the path: in place of what it says there, else by a new line.

    `siblings` are the keys that it is to stand behind, the best first. None where the file does not write the mapping
    that holds it, or only in a way that is shared with other values, or where the edit cannot be proven.
    """
    steps = file.to_path(path)
    if steps is not None:
        return _replaced(file, steps, value)
    above = file.to_path(path[:-1])
    group = above[-1].node if above else None
    new, key = scalar_text(value, is_json=file.is_json), path[-1]
    if not isinstance(group, Mapping) or not isinstance(key, str) or new is None:
        return None
    edit = _new_entry(group, key, new, siblings, is_json=file.is_json)
    return edit if edit is not None and _is_proven(file, edit, path, value) else None


def insertion_with_groups(file: Written, path: Path, value: Value) -> Edit | None:
    """The edit that writes the mappings that a value is missing in, and the value; what is empty there is filled.

    None where the file has no mapping to begin with, something else stands where a mapping must, or as above.
    """
    roots = [Step("", root, start) for start, root in file.documents][:1]
    depth = next((depth for depth in range(len(path) - 1, -1, -1) if file.to_path(path[:depth]) is not None), 0)
    steps = [*roots, *(file.to_path(path[:depth]) or ())]
    keys, new = [str(key) for key in path[depth:]], scalar_text(value, is_json=file.is_json)
    if not roots or new is None:
        return None
    edit = _with_groups(steps, keys, new, is_json=file.is_json)
    return edit if edit is not None and _is_proven(file, edit, path, value) else None


def _with_groups(steps: list[Step], keys: list[str], new: str, *, is_json: bool) -> Edit | None:
    group = steps[-1].node
    if isinstance(group, Mapping):
        if keys[0] in {entry.key for entry in group.entries}:
            return None
        if _is_flow(group):
            near, value = next(reversed(group.entries), None), _flow(keys[1:], new, is_json=is_json)
            return _in_flow(group, near, keys[0], value, is_json=is_json)
        return _line(group, group.span.end, entry_lines(keys, new, group.span.column - 1)) if group.entries else None
    above = steps[-2].node if len(steps) > 1 else None
    if not isinstance(above, Mapping) or not _is_bare_null(steps[-1]):
        return None
    if _is_flow(above) or group.span.text:
        glue = " " if group.span.source.text[: group.span.start].endswith(":") and not is_json else ""
        return Edit(group.span, glue + _flow(keys, new, is_json=is_json))
    return _line(above, steps[-1].before, "  " + entry_lines(keys, new, above.span.column + 1))


def _is_bare_null(step: Step) -> bool:
    """Whether a node says nothing, and has no tag and no anchor."""
    span = step.node.span
    between = span.source.text[step.before : span.start].strip()
    return isinstance(step.node, Scalar) and step.node.value is None and between in {"", ":"}


def _is_flow(group: Mapping) -> bool:
    return group.span.text.startswith("{")


def _flow(keys: list[str], new: str, *, is_json: bool) -> str:
    names = [json.dumps(key) if is_json else _key(key) for key in keys]
    return "".join(f"{{{name}: " for name in names) + new + "}" * len(keys)


def entry_lines(keys: Iterable[str], new: str, indent: int = 0) -> str:
    """The lines of an entry of mappings in mappings, of which the first one is indented where it is put."""
    lines = [f"{' ' * (indent + 2 * depth)}{_key(key)}:" for depth, key in enumerate(keys)]
    return "\n".join(lines).lstrip() + f" {new}"


def _replaced(file: Written, steps: list[Step], value: Value) -> Edit | None:
    edit = file.replaced(steps[-1], value)
    if edit is None:
        return None
    plainly = edit.span.start != edit.span.end and edit.span.text[0] not in "*|>"
    path = tuple(step.key for step in steps)
    return edit if plainly or _is_proven(file, edit, path, value) else None


def _new_entry(group: Mapping, key: str, new: str, siblings: Iterable[str], *, is_json: bool) -> Edit | None:
    own = {entry.key: entry for entry in group.entries if _is_within(entry, group)}
    if key in own:
        return None
    merges = "<<" in group.span.text
    near = next((own[name] for name in siblings if name in own), None) if not merges else None
    if _is_flow(group):
        return _in_flow(group, near or next(reversed(own.values()), None), key, new, is_json=is_json)
    end = _end(near) if near is not None else group.span.end
    return _line(group, end, f"{_key(key)}: {new}")


def _line(group: Mapping, end: int, entry: str) -> Edit:
    """The lines of an entry behind the one that `end` lies in."""
    source = group.span.source
    text, indent = source.text, " " * (group.span.column - 1)
    at = text.find("\n", end) + 1
    newline = "\r\n" if (text[at - 2 : at] if at else text[-2:]) == "\r\n" or (not at and "\r\n" in text) else "\n"
    lines = f"{indent}{entry}".replace("\n", newline)
    if not at:
        return Edit(Span(source, len(text), len(text)), f"{newline}{lines}")
    return Edit(Span(source, at, at), f"{lines}{newline}")


def _in_flow(group: Mapping, near: Entry | None, key: str, new: str, *, is_json: bool) -> Edit:
    source = group.span.source
    if near is None:
        at = group.span.start + 1
        return Edit(Span(source, at, at), f"{json.dumps(key) if is_json else _key(key)}: {new}")
    text, start, at = source.text, near.key_span.start, _end(near)
    line = text.rfind("\n", 0, start) + 1
    blanks = text[line:start]
    newline = "\r\n" if text[line - 2 : line] == "\r\n" else "\n"
    gap = " " if blanks.strip() or not line else newline + blanks
    quoted = text[start : start + 1] == '"'
    return Edit(Span(source, at, at), f",{gap}{json.dumps(key) if quoted else _key(key)}: {new}")


def _key(key: str) -> str:
    return key if key.isidentifier() and resolve_plain(key) == key else json.dumps(key)


def _is_within(entry: Entry, group: Mapping) -> bool:
    """Whether an entry is written in the mapping itself, not taken over from another one."""
    return group.span.start <= entry.key_span.start < group.span.end


def _end(entry: Entry) -> int:
    """The end of what an entry writes; an alias ends where its key does, which is good enough for the line."""
    span = entry.value.span
    return span.end if span.start >= entry.key_span.end else entry.key_span.end


def _is_proven(file: Written, edit: Edit, path: Path, value: Value) -> bool:
    text = file.source.text
    if len(text) > _PROVEN:
        return False
    new = apply_edits(text, [edit])
    source = Source(file.source.name, new)
    if file.start is None:
        root: Node | None = parse_yaml(source, file.helm_version)[0]
    else:
        root = dict(parse_documents(source, file.helm_version)[0]).get(file.start)
    expected = _with(plain(file.root), path, value)
    if root is None or plain(root) != expected:
        return False
    return not file.is_json or _is_json(new) or not _is_json(text)


def _with(values: Plain, path: Path, value: Value) -> Plain:
    """The values with one more, or with another one, at a path."""
    key, below = path[0], path[1:]
    if isinstance(values, dict | None) and isinstance(key, str):
        old = values or {}
        return {**old, key: _with(old.get(key), below, value) if below else value}
    if isinstance(values, list) and isinstance(key, int):
        new = _with(values[key], below, value) if below else value
        return [*values[:key], new, *values[key + 1 :]]
    return value


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
