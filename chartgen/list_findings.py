"""Items of lists: how many there are, and what became of those that a flag's index replaced."""

from __future__ import annotations

import json

from chartgen.documents.layers import Path as Steps
from chartgen.documents.layers import View
from chartgen.documents.nodes import Node, Plain, Sequence
from chartgen.finding import Finding, Note
from chartgen.records import replace
from chartgen.schema_case import Case
from chartgen.settings.constraints import show

_FLAG = "--set"


def not_unique(case: Case) -> Finding | None:
    """An item that a list holds twice, at its second place; None where none is found."""
    items = case.found if isinstance(case.found, list) else []
    first: dict[str, int] = {}
    second = next((place for place, item in enumerate(items) if first.setdefault(_exact(item), place) != place), None)
    if second is None:
        return None
    leaf, twice = case.view.leaf((*case.fault.path, second)), show(items[second])
    message = f"{case.name} {case.verb('holds')} {twice} twice; expected no item twice"
    finding = case.finding(message, twice, "no item twice", "remove one of them")
    before = case.view.leaf((*case.fault.path, first[_exact(items[second])]))
    notes = (Note("the same item", before.node.span),) if before is not None else ()
    return replace(finding, primary=leaf.node.span if leaf is not None else finding.primary, notes=notes)


def _exact(item: Plain) -> str:
    return json.dumps(item, sort_keys=True)


def replaced_list(view: View, path: Steps) -> tuple[Note, ...]:
    """A note where an index in a flag replaced a whole list of the chart's defaults, which Helm lays below only then."""
    for length in range(len(path), 0, -1):
        leaf = view.leaf(path[:length])
        if leaf is not None and isinstance(leaf.node, Sequence) and _is_by_index(leaf.node):
            lists = [below.node for below in leaf.beaten if not _is_of_flag(below.node)]
            if lists and isinstance(lists[0], Sequence):
                what = f"{_name(leaf.node)} replaces this default as a whole: an index sees no list of the chart's own"
                return (Note(what, lists[0].span),)
    return ()


def is_filled(view: View, path: Steps) -> bool:
    """Whether the item at a path is a null that nobody wrote: a flag's index filled the list with it."""
    item, items = view.leaf(path), view.leaf(path[:-1])
    return item is not None and items is not None and _is_of_flag(item.node) and item.node.span == items.node.span


def _is_by_index(node: Node) -> bool:
    """Whether a flag made the list anew, for an index; one that it found in a file keeps its place there."""
    return _is_of_flag(node) and "[" in _name(node).partition("=")[0]


def _is_of_flag(node: Node) -> bool:
    return _name(node).startswith(_FLAG)


def _name(node: Node) -> str:
    return node.span.source.name
