"""Settings that a values file is to say: each enters it by a span edit, so that comments, quotes and order stay."""

from __future__ import annotations

import json

from chartgen.documents.inserted import entry_lines, insertion, insertion_with_groups
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
        end = "" if not source.text or source.text.endswith("\n") else "\n"
        return Source(source.name, f"{source.text}{end}{entry_lines(path, written(value))}\n")
    return None


def written(value: Value) -> str:
    """A value as YAML and JSON have it."""
    return quoted(value) if isinstance(value, str) else json.dumps(value)
