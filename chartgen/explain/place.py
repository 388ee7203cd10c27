"""What stands at a place of the settings schema, as reports tell places: a rule, or a keyword of a setting."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from chartgen.documents.nodes import Entry, Mapping, Node, Sequence
from chartgen.documents.parsing import parse
from chartgen.records import dataclass
from chartgen.settings.model import Rule, Setting, Settings
from chartgen.source import Span

_PLACE = re.compile(r"(?P<file>.+?):(?P<line>[0-9]{1,9})(?::(?P<column>[0-9]{1,9}))?")


@dataclass(frozen=True)
class At:
    """What a place names: a rule, else settings, several where they share a line and no column tells them apart."""

    rule: Rule | None = None
    settings: tuple[Setting, ...] = ()


def at_place(place: str, settings: Settings) -> At:
    """What stands at `FILE:LINE` or `FILE:LINE:COLUMN`; the folder of FILE does not count."""
    found = _PLACE.fullmatch(place)
    if found is None or os.path.basename(found["file"]) != os.path.basename(settings.source.name):
        return At()
    line, column = int(found["line"]), int(found["column"]) if found["column"] else None
    on_line = [rule for rule in settings.rules if rule.span is not None and rule.span.line == line]
    exact = [rule for rule in on_line if rule.span is not None and rule.span.column == column]
    held = tuple(setting for setting, span in _spans(settings) if _holds(span, line, column))
    if exact or (on_line and (column is None or not held)):
        return At(next(iter(exact or on_line)))
    return At(settings=held)


def _holds(span: Span, line: int, column: int | None) -> bool:
    end = span.start + len(span.text.rstrip())
    first, last = span.source.line_column(span.start), span.source.line_column(end)
    return first[0] <= line <= last[0] if column is None else first <= (line, column) < last


def _spans(settings: Settings) -> Iterator[tuple[Setting, Span]]:
    """From the key of each setting to the end of its keywords."""
    by_start = {setting.span.start: setting for setting in settings.settings if setting.span is not None}
    root = parse(settings.source)[0]
    for entry in _entries(root) if root is not None else ():
        setting = by_start.get(entry.key_span.start)
        if setting is not None:
            yield setting, Span(settings.source, entry.key_span.start, entry.value.span.end)


def _entries(node: Node) -> Iterator[Entry]:
    if isinstance(node, Mapping):
        for entry in node.entries:
            yield entry
            yield from _entries(entry.value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _entries(item)
