"""Keys that are missing, or there though they must not be: which ones, who needs them, and the null that took them away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from chartgen.documents.form import dotted
from chartgen.documents.keys import key_text
from chartgen.documents.layers import Leaf
from chartgen.documents.layers import Path as Steps
from chartgen.documents.nodes import Mapping, Scalar
from chartgen.documents.scalars import go_value
from chartgen.finding import Finding, Note
from chartgen.records import replace
from chartgen.schema_case import Case, writer
from chartgen.settings.constraints import show

_NULLS_TOLD = 5
"""How many of the nulls that took keys away one finding names."""

_ASKED = 100
"""Of how many keys it is asked whether a null took them away."""


def missing_key(case: Case) -> Finding:
    """A key that a mapping must have, or one of several."""
    if case.fault.limit is None:  # one key of several would do
        names = case.fault.message.removeprefix("the value lacks ")
        finding = case.finding(f"{case.name} {case.verb('lacks')} {names}", expected=names, help_="add one of them")
        meant = [key for key in _written_keys(case) if f'"{key}"' in names]
        return replace(finding, primary=case.key_span or finding.primary, notes=_nulls(case, meant))
    key, steps = str(case.fault.limit), case.fault.schema_path
    needing = [
        steps[place + 1] for place, step in enumerate(steps[:-1]) if step in ("dependentRequired", "dependencies")
    ]
    because = f", which {needing[-1]} needs" if needing else ""
    path = dotted((*case.view.prefix, *case.fault.path, key))
    message = f"{case.name} {case.verb('lacks')} the key {key}{because}"
    finding = case.finding(message, "", f"the key {key}", f"set {path}")
    null = _null(case, key)
    if null:
        return _at_null(finding, case, *null)
    return _of_odd_key(replace(finding, primary=case.key_span or finding.primary), case, key)


def too_few_keys(case: Case) -> Finding:
    """A mapping with fewer keys than it must have."""
    number = len(case.found) if isinstance(case.found, dict) else 0
    found, expected = f"{number} key{'' if number == 1 else 's'}", f"at least {show(case.fault.limit)}"
    help_ = f"add at least {int(case.fault.limit) - number} more" if isinstance(case.fault.limit, int | float) else ""
    finding = case.finding(f"{case.name} {case.verb('has')} {found}; expected {expected}", found, expected, help_)
    return replace(finding, notes=_nulls(case, _written_keys(case)))


def keys_too_many(case: Case, keys: Sequence[str]) -> Finding:
    """Keys that must not be there together, told at the one that came last."""
    named = " and ".join(keys)
    finding = case.finding(f"{case.name} must not have {named}", show(case.found), f"no {named}", _help(keys))
    leaves = [(key, case.view.leaf(_below(case, key))) for key in keys]
    order = {id(layer): place for place, layer in enumerate(case.view.layers)}
    placed = sorted(
        (
            (order.get(id(leaf.layer), -1), leaf.key_span.start, key, leaf)
            for key, leaf in leaves
            if leaf and leaf.key_span
        ),
        key=lambda each: each[:2],
    )
    if not placed:
        return finding
    *others, (_, _, _, last) = placed
    names = ((dotted((*case.view.prefix, *_below(case, key))), leaf.key_span) for _, _, key, leaf in others)
    notes = tuple(Note(f"{name} is set here", span) for name, span in names)
    return replace(finding, primary=last.key_span, notes=notes[:_NULLS_TOLD], layer=writer(last, case.view).name)


def _of_odd_key(finding: Finding, case: Case, key: str) -> Finding:
    """The finding as it is, unless Helm makes another key of what is written: `on` without quotes is "true"."""
    read = key_text(go_value(key))
    if read is None or read == key:
        return finding
    leaf = case.view.leaf(_below(case, read))
    span = leaf.key_span if leaf is not None else None
    notes = (*finding.notes, Note(f"Helm reads the key {key} as {read}"))
    if span is not None and span.text == key:
        return replace(finding, primary=span, notes=notes, help=f"put the key in quotes: {show(key)}")
    return replace(finding, notes=notes, help=f"{finding.help}, with the key in quotes: {show(key)}")


def _help(keys: Sequence[str]) -> str:
    return f"remove {keys[0]}" if len(keys) == 1 else f"remove one of them: {', '.join(keys)}"


def _at_null(finding: Finding, case: Case, null: Leaf, default: Leaf | None) -> Finding:
    """The finding at the null to take away, with the default that it deletes."""
    note, help_ = Note("Helm drops a null of a chart's own values"), finding.help
    if default is not None:
        note = Note("null deletes this default", default.key_span or default.node.span)
        help_ = f"remove the null, so that the default stays, or {finding.help} to another value"
    layer = writer(null, case.view).name
    return replace(finding, primary=null.node.span, found="null", notes=(note,), help=help_, layer=layer)


def _nulls(case: Case, keys: Iterable[str]) -> tuple[Note, ...]:
    """Notes for the nulls that took the keys away."""
    return tuple(islice(_notes(case, keys), _NULLS_TOLD))


def _notes(case: Case, keys: Iterable[str]) -> Iterator[Note]:
    for key in keys:
        null, default = _null(case, key) or (None, None)
        if null is not None and default is not None:
            place = (default.key_span or default.node.span).place()
            yield Note(f"null deletes the default of {place}", null.key_span or null.node.span)


def _null(case: Case, key: str) -> tuple[Leaf, Leaf | None] | None:
    """The null that the last layer with the key has there, and the default that it deletes."""
    if isinstance(case.found, dict) and key in case.found:
        return None
    leaves = case.view.written(_below(case, key))
    if not leaves or not _is_null(leaves[0]):
        return None
    return leaves[0], next((leaf for leaf in leaves[1:] if not _is_null(leaf)), None)


def _written_keys(case: Case) -> list[str]:
    """The keys that any layer has in the mapping, those of the last layer first; of very many the first."""
    nodes = [leaf.node for leaf in case.view.written(case.fault.path)]
    keys = dict.fromkeys(entry.key for node in nodes if isinstance(node, Mapping) for entry in node.entries)
    return [*islice(keys, _ASKED)]


def _below(case: Case, key: str) -> Steps:
    return (*case.fault.path, key)


def _is_null(leaf: Leaf) -> bool:
    return isinstance(leaf.node, Scalar) and leaf.node.value is None
