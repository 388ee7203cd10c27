"""Why a part of the schema counts at all: the values that chose it among alternatives, or that its `if` asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from chartgen.documents.form import dotted
from chartgen.documents.json_schema import Fault
from chartgen.documents.layers import Path as Steps
from chartgen.documents.layers import View
from chartgen.documents.nodes import Plain, plain
from chartgen.finding import Note
from chartgen.settings.constraints import show

_MOST = 4
"""How many values that chose one finding names."""

_ONE_STEP = frozenset({"items", "additionalItems", "unevaluatedItems", "contains"})
_NAMED = frozenset({"properties", "patternProperties", "prefixItems"})
_BY_NAME = frozenset({"dependentSchemas", "dependencies"})
_LISTED = frozenset({"allOf", "anyOf", "oneOf", "items"})
_KEYS = frozenset({"additionalProperties", "unevaluatedProperties", "propertyNames"})
_NEEDING = frozenset({"dependencies", "dependentRequired", "dependentSchemas"})
_WORDS = frozenset({"const", "enum"})


def branch_notes(fault: Fault, view: View, schema: Mapping[str, Plain]) -> tuple[Note, ...]:
    """Notes at the values that made the broken keyword count; of very many the first."""
    return tuple(dict.fromkeys(islice(_notes(fault, view, schema), _MOST)))


def _notes(fault: Fault, view: View, schema: Mapping[str, Plain]) -> Iterator[Note]:
    for path in fault.chosen_by:
        if path != fault.path:
            yield from _value(path, view, "which chooses this alternative of the schema")
    here: object = schema
    for place, step in enumerate(fault.schema_path):
        condition = here.get("if") if isinstance(here, Mapping) else None
        if step in ("then", "else") and isinstance(condition, dict) and fault.schema_path[place - 1] != "properties":
            base = fault.path[: len(fault.path) - _steps_into(fault.schema_path[place:])]
            yield from _condition(condition, base, view, str(step))
        elif step in _NEEDING:
            yield from _needing(fault, here, place, view)
        here = _below(here, step)
    if fault.keyword == "oneOf" and isinstance(here, list):
        yield from _asked_for(here, fault.path, view, schema)


def _needing(fault: Fault, schema: object, place: int, view: View) -> Iterator[Note]:
    """The key that another one is needed for, or that a whole schema depends on."""
    after = fault.schema_path[place + 1 :]
    base = fault.path[: len(fault.path) - _steps_into(fault.schema_path[place:])]
    needs = _below(schema, fault.schema_path[place])
    names = [str(after[0])] if after else [name for name, keys in _entries(needs) if fault.limit in _list(keys)]
    why = "needs it" if fault.keyword in ("required", "dependentRequired") else "this part of the schema is for"
    for name in names:
        leaf = view.leaf((*base, name))
        if leaf is not None:
            yield Note(f"{_name((*base, name), view)} is set, which {why}", leaf.key_span)


def _asked_for(branches: list[Plain], path: Steps, view: View, schema: Mapping[str, Plain]) -> Iterator[Note]:
    """The keys that one alternative asks for and others do not, where a value fits several."""
    required = [[*map(str, _list(_below(_resolved(branch, schema), "required")))] for branch in branches]
    for number, names in enumerate(required):
        for name in names:
            leaf = view.leaf((*path, name))
            if leaf is not None and not all(name in others for others in required):
                yield Note(
                    f"{_name((*path, name), view)} is set, which alternative {number + 1} asks for", leaf.key_span
                )


def _resolved(branch: Plain, schema: Mapping[str, Plain]) -> object:
    """What a branch refers to in the same document, or the branch itself."""
    reference = branch.get("$ref") if isinstance(branch, dict) else None
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return branch
    here: object = schema
    for step in reference[2:].split("/"):
        here = _below(here, step.replace("~1", "/").replace("~0", "~"))
    return here


def _entries(found: object) -> list[tuple[str, object]]:
    return [*found.items()] if isinstance(found, Mapping) else []


def _list(found: object) -> list[Any]:
    return found if isinstance(found, list) else []


def _below(schema: object, step: str | int) -> object:
    if isinstance(schema, Mapping):
        return schema.get(step)
    return schema[step] if isinstance(schema, list) and isinstance(step, int) and step < len(schema) else None


def _steps_into(schema_path: Steps) -> int:
    """How many steps into the value a path of the schema's takes."""
    steps, place = 0, 0
    while place < len(schema_path):
        step, following = schema_path[place], schema_path[place + 1 : place + 2]
        steps += step in _NAMED or step in _KEYS or (step in _ONE_STEP and following != ())
        by_index = step in _LISTED and following and isinstance(following[0], int)
        place += 2 if step in _NAMED or step in _BY_NAME or by_index else 1
    return steps


def _condition(condition: dict[str, Plain], base: Steps, view: View, branch: str) -> Iterator[Note]:
    """What an `if` asks of keys: their words, or that they are there."""
    asked, required = condition.get("properties"), condition.get("required")
    words = asked if isinstance(asked, dict) else {}
    names = required if isinstance(required, list) else []
    for key, keyword in words.items():
        path = (*base, key)
        if not isinstance(keyword, dict):
            continue
        if view.leaf(path) is not None and _WORDS & keyword.keys():
            yield from _value(path, view, f'which the schema\'s "{branch}" is for')
        elif view.leaf(path) is None and key not in names and branch == "then":
            yield Note(f'{_name(path, view)} is not set, which the schema\'s "if" lets pass')
        elif isinstance(keyword.get("properties"), dict):
            yield from _condition(keyword, path, view, branch)
    for name in map(str, names):
        path = (*base, name)
        leaf = view.leaf(path)
        if leaf is None and branch == "else":
            yield Note(f'{_name(path, view)} is not set, which the schema\'s "else" is for')
        elif leaf is not None and name not in words and branch == "then":
            yield Note(f'{_name(path, view)} is set, which the schema\'s "then" is for', leaf.key_span)


def _value(path: Steps, view: View, what: str) -> Iterator[Note]:
    leaf = view.leaf(path)
    if leaf is not None:
        yield Note(f"{_name(path, view)}: {show(plain(leaf.node))}, {what}", leaf.node.span)


def _name(path: Steps, view: View) -> str:
    return dotted((*view.prefix, *path))
