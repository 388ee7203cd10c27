"""Settings that a values file is to say: each enters it by a span edit, so that comments, quotes and order stay."""

from __future__ import annotations

import json
from collections.abc import Sequence

from chartgen.documents.inserted import insertion, insertion_with_groups
from chartgen.documents.nodes import Node, find
from chartgen.documents.scalar_text import quoted
from chartgen.documents.written import Written
from chartgen.edits import apply_edits
from chartgen.rule_findings import ROOT
from chartgen.settings.expression import Value
from chartgen.settings.model import Setting, Settings
from chartgen.source import Source


def entered(source: Source, root: Node, settings: Settings, setting: Setting, value: Value) -> Source | None:
    """The file, whose tree `root` is, with the setting's value in it; None where it cannot be written there."""
    path = (ROOT, *setting.path)
    siblings = [other.path[-1] for other in settings.settings if other.path[:-1] == setting.path[:-1]]
    before = siblings[: siblings.index(setting.path[-1])][::-1]
    file = Written(source, root)
    edit = insertion(file, path, value, before) or insertion_with_groups(file, path, value)
    if edit is not None:
        return Source(source.name, apply_edits(source.text, [edit]))
    if find(root, (ROOT,)) is None and not file.is_json:
        return Source(source.name, source.text + _block(source.text, path, value))
    return None


def written(value: Value) -> str:
    """A value as YAML and JSON have it."""
    return quoted(value) if isinstance(value, str) else json.dumps(value)


def _block(text: str, path: Sequence[str], value: Value) -> str:
    """The lines that give a file its first setting."""
    before = "" if not text or text.endswith("\n") else "\n"
    lines = [f"{'  ' * depth}{key}:" for depth, key in enumerate(path)]
    return before + "\n".join(lines) + f" {written(value)}\n"
