"""JSON Schema: one compiled schema says yes or no, and tells each fault with its path.

The engine is `jsonschema-rs`, whose regular expressions are Rust's: linear in time and, like Helm's RE2, without
lookaround or backreferences; `re2.py` levels the rest. Nothing is ever fetched. As in Helm, a missing `$schema` means 2020-12, and `format` is
asserted by the drafts 4 to 7 only. For `anyOf` and `oneOf` the engine hands over the faults of each branch, so that the
branch that nearly fits is found with the verdict's own engine, and no second one has to be loaded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import jsonschema_rs

from chartgen.documents import nodes
from chartgen.documents.re2 import re2_schema
from chartgen.records import dataclass

if TYPE_CHECKING:
    from chartgen.documents.nodes import Plain
    from chartgen.source import Span

Steps: TypeAlias = tuple[str | int, ...]

_UNKNOWN_KEY = frozenset({"additionalProperties", "unevaluatedProperties"})
_BRANCHES = frozenset({"anyOf", "oneOf"})
_MASK = "the value"


class UnusableSchema(ValueError):  # noqa: N818 - it is the schema that is at fault, not a step that failed
    """A schema that is not JSON Schema, or that refers to what is not in it; `path` leads to the fault, where known."""

    def __init__(self, message: str, path: Steps = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


@dataclass(frozen=True)
class Fault:
    """One keyword that a value breaks.

    `path` leads to the value, or to the key where the key is at fault. `limit` is the keyword's own value: a number for
    `maximum`, a list of types for `type`, the missing key for `required`; for a key that is not allowed it is the sorted
    list of those that are. `schema_path` leads to the keyword in the schema, references resolved.
    """

    path: Steps
    keyword: str
    message: str
    limit: Plain
    schema_path: Steps


@dataclass(frozen=True)
class Checker:
    """A compiled schema. Made by `compile_schema`."""

    schema: Mapping[str, Plain]
    _engine: jsonschema_rs.Validator

    def is_valid(self, instance: Plain) -> bool:
        """Whether the value satisfies the schema; stops at the first fault."""
        return self._engine.is_valid(instance)

    def faults(self, instance: Plain) -> list[Fault]:
        """Every fault once, sorted by path, then keyword."""
        found = _expand(self._engine.iter_errors(instance), self.schema)
        unique = {(fault.path, fault.keyword, repr(fault.limit)): fault for fault in found}
        return sorted(unique.values(), key=_order)


def compile_schema(schema: Mapping[str, Plain]) -> Checker:
    """The checker of a JSON Schema (drafts 4, 6, 7, 2019-09, 2020-12).

    Raises:
        UnusableSchema: it is not a valid schema, has a pattern that RE2-like engines do not read, names a draft that is
            not known, or refers to a document outside itself.
    """
    try:
        engine = jsonschema_rs.validator_for(
            cast("dict[str, Any]", re2_schema(schema)),
            pattern_options=jsonschema_rs.RegexOptions(),
            offline=True,
            mask=_MASK,
        )
    except jsonschema_rs.ValidationError as error:
        message = error.message.splitlines()[0]
        raise UnusableSchema(message, tuple(error.instance_path)) from None
    except (ValueError, jsonschema_rs.ReferencingError) as error:
        raise UnusableSchema(str(error)) from None
    return Checker(schema, engine)


def fault_span(root: nodes.Node, fault: Fault) -> Span:
    """The place of a fault in the tree that was checked: the key where the key is at fault, else the value."""
    if fault.path:
        parent = nodes.find(root, fault.path[:-1])
        if fault.keyword in _UNKNOWN_KEY | {"propertyNames"} and isinstance(parent, nodes.Mapping):
            entry = parent.get(str(fault.path[-1]))
            if entry is not None:
                return entry.key_span
    for length in range(len(fault.path), -1, -1):
        node = nodes.find(root, fault.path[:length])
        if node is not None:
            return node.span
    return root.span


def _expand(errors: Iterable[jsonschema_rs.ValidationError], schema: Mapping[str, Plain]) -> Iterator[Fault]:
    for error in errors:
        keyword = error.kind.name
        if keyword in _UNKNOWN_KEY:
            yield from _unknown_keys(error, schema)
        elif keyword in _BRANCHES and isinstance(error.kind.value, list):
            yield from _nearest_branch(error, schema)
        else:
            yield _fault(error, schema)


def _fault(error: jsonschema_rs.ValidationError, schema: Mapping[str, Plain]) -> Fault:
    keyword, limit, path = error.kind.name, error.kind.value, tuple(error.instance_path)
    schema_path = tuple(error.schema_path)
    if keyword == "propertyNames":
        inner = error.kind.as_dict()["error"]
        return Fault((*path, str(inner.instance)), keyword, inner.message, inner.kind.value, schema_path)
    if keyword == "pattern":  # as it was written, not as the engine got it
        limit = _at(schema, schema_path)
        return Fault(path, keyword, f'{_MASK} does not match "{limit}"', limit, schema_path)
    if keyword == "type":
        limit = sorted(limit)
    if keyword == "required" and "dependentRequired" in schema_path:
        keyword = "dependentRequired"
    return Fault(path, keyword, error.message, cast("Plain", limit), schema_path)


def _unknown_keys(error: jsonschema_rs.ValidationError, schema: Mapping[str, Plain]) -> Iterator[Fault]:
    schema_path = tuple(error.schema_path)
    known = _known_keys(schema, schema_path[:-1])
    for key in error.kind.as_dict()["unexpected"]:
        message = f'"{key}" is not allowed here'
        yield Fault((*error.instance_path, key), error.kind.name, message, known, schema_path)


def _known_keys(schema: Mapping[str, Plain], path: Steps) -> list[Plain]:
    here = _at(schema, path)
    properties = here.get("properties") if isinstance(here, dict) else None
    return [*sorted(properties)] if isinstance(properties, dict) else []


def _at(schema: Mapping[str, Plain], path: Steps) -> Plain:
    here: Plain = dict(schema)
    for step in path:
        if isinstance(here, dict) and isinstance(step, str):
            here = here.get(step)
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            return None
    return here


def _nearest_branch(error: jsonschema_rs.ValidationError, schema: Mapping[str, Plain]) -> Iterator[Fault]:
    path = tuple(error.instance_path)
    branches = [list(_expand(branch, schema)) for branch in error.kind.value]
    failed = [branch for branch in branches if branch]
    if len(failed) < len(branches) or not failed:
        yield Fault(path, error.kind.name, error.message, None, tuple(error.schema_path))
    elif all(_wrong_type(branch, path) for branch in failed):
        yield _any_type(error, failed, path)
    else:
        yield from min(failed, key=lambda branch: _distance(branch, path))


def _wrong_type(branch: list[Fault], path: Steps) -> bool:
    return any(fault.keyword == "type" and fault.path == path for fault in branch)


def _any_type(error: jsonschema_rs.ValidationError, branches: list[list[Fault]], path: Steps) -> Fault:
    faults = [fault for branch in branches for fault in branch if fault.keyword == "type" and fault.path == path]
    names = sorted({str(name) for fault in faults for name in cast("list[Plain]", fault.limit)})
    message = f"{_MASK} is not of types {', '.join(names)}"
    return Fault(path, "type", message, [*names], tuple(error.schema_path))


def _distance(branch: list[Fault], path: Steps) -> tuple[bool, bool, int, int]:
    """Near is the right type, then the right value of a key that tells branches apart, then deep, then few."""
    tells_apart = any(fault.keyword in {"const", "enum"} and len(fault.path) == len(path) + 1 for fault in branch)
    return _wrong_type(branch, path), tells_apart, -min(len(fault.path) for fault in branch), len(branch)


def _order(fault: Fault) -> tuple[list[tuple[bool, int, str]], str, str]:
    steps = [(isinstance(step, str), 0 if isinstance(step, str) else step, str(step)) for step in fault.path]
    return steps, fault.keyword, repr(fault.limit)
