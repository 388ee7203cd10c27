"""JSON Schema: one compiled schema says yes or no, and tells each fault with its path.

The engine is `jsonschema-rs`; `engine_schema.py` rewrites a schema so that it gives Helm's verdict. Nothing is ever
fetched. As in Helm, a missing `$schema` means 2020-12, and `format` is asserted by the drafts 4 to 7 only. For `anyOf`
and `oneOf` the engine hands over the faults of each branch, so that the branch that nearly fits is found with the
verdict's own engine, and no second one has to be loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import jsonschema_rs

from chartgen.documents import nodes
from chartgen.documents.branches import Fault, nearest_branch
from chartgen.documents.dialects import Steps, UnusableSchema, draft_of
from chartgen.documents.engine_schema import EngineSchema, engine_schema, pointer
from chartgen.documents.instance_paths import instance_path
from chartgen.documents.limits import MAX_TOLD
from chartgen.records import dataclass

if TYPE_CHECKING:
    from chartgen.documents.nodes import Plain
    from chartgen.source import Span

Schema: TypeAlias = "Mapping[str, Plain] | bool"

__all__ = ["Checker", "Fault", "Schema", "UnusableSchema", "compile_schema", "fault_span"]

_UNKNOWN_KEY = frozenset({"additionalProperties", "unevaluatedProperties"})
_BRANCHES = frozenset({"anyOf", "oneOf"})
_MASK = "the value"
_WHOLE = "urn:chartgen:schema"
# Where the engine's own words are hard to follow.
_SAID = {
    "contains": "has no item that fits",
    "falseSchema": "is not allowed here",
    "format": 'is not of the format "{}"',
    "not": "is of the kind that is not allowed here",
    "pattern": 'does not match "{}"',
}
_FEW = 100
_PATTERN_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Checker:
    """A compiled schema. Made by `compile_schema`. `schema` is empty for one that is true or false."""

    schema: Mapping[str, Plain]
    _rewritten: EngineSchema
    _engine: jsonschema_rs.Validator

    def is_valid(self, instance: Plain) -> bool:
        """Whether the value satisfies the schema; stops at the first fault."""
        return self._engine.is_valid(instance)

    def faults(self, instance: Plain) -> list[Fault]:
        """Each fault once, sorted by path, then keyword; of more than `MAX_TOLD`, one more than those, so that it is seen."""
        found = _Teller(self.schema, self._rewritten, instance).faults(self._engine.iter_errors(instance))
        unique: dict[tuple[Steps, str, str], Fault] = {}
        for fault in found:
            unique[fault.path, fault.keyword, _limit(fault)] = fault
            if len(unique) > MAX_TOLD:
                break
        return sorted(unique.values(), key=_order)


def compile_schema(schema: Schema) -> Checker:
    """The checker of a JSON Schema (drafts 4, 6, 7, 2019-09, 2020-12).

    Raises:
        UnusableSchema: it is not a valid schema, has a pattern that Go's RE2 does not read, names a draft that Helm does
            not know, or (CG313) refers to what is not in it.
    """
    document = cast("dict[str, Any] | bool", schema)
    draft_of(document)
    try:
        _check_form(document)
        rewritten = engine_schema(document)
        engine = _engine(cast("dict[str, Any] | bool", rewritten.schema), rewritten.uses_formats)
    except jsonschema_rs.ValidationError as error:
        message = error.message.splitlines()[0]
        raise UnusableSchema(message, tuple(error.instance_path)) from None
    except jsonschema_rs.ReferencingError as error:
        raise UnusableSchema(str(error)) from None
    return Checker(schema if isinstance(schema, Mapping) else {}, rewritten, engine)


def _engine(
    schema: dict[str, Any] | bool, uses_formats: bool, registry: jsonschema_rs.Registry | None = None
) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(
        schema,
        pattern_options=jsonschema_rs.RegexOptions(size_limit=_PATTERN_BYTES),
        formats=_formats() if uses_formats else None,
        validate_formats=uses_formats,
        registry=registry,
        offline=True,
        mask=_MASK,
    )


def compile_own_schema(schema: Mapping[str, Plain]) -> Checker:
    """The checker of a schema that travels with chartgen: written for the engine, it needs nothing of what Helm does."""
    engine = jsonschema_rs.validator_for(
        cast("dict[str, Any]", schema), pattern_options=jsonschema_rs.RegexOptions(), offline=True, mask=_MASK
    )
    return Checker(schema, EngineSchema(cast("dict[str, Plain]", schema)), engine)


def _formats() -> dict[str, Callable[[str], bool]]:
    from chartgen.documents.go_formats import FORMATS  # noqa: PLC0415 - few schemas have a format that is asserted

    return dict(FORMATS)


def _check_form(document: dict[str, Any] | bool) -> None:
    """Hold a schema to its draft's metaschema, but for its patterns: those are Go's, not the engine's."""
    if jsonschema_rs.meta.is_valid(document):
        return
    draft = draft_of(document)
    engine = jsonschema_rs.validator_for(
        {"$schema": draft.url, "$ref": draft.url}, validate_formats=False, offline=True
    )
    errors = engine.iter_errors(document)
    faults = sorted(_Teller({}, EngineSchema({}), document).faults(errors), key=_order)
    for fault in faults:
        if draft.version != 6 or fault.path[-1:] != ("examples",):  # the metaschema that Helm has does not know them
            raise UnusableSchema(fault.message.splitlines()[0], fault.path)


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


class _Teller:
    """Makes faults of the engine's errors: told by the schema as it was written, of branches only the nearest."""

    def __init__(self, schema: Mapping[str, Plain], rewritten: EngineSchema, root: Plain) -> None:
        self.schema = schema
        self.rewritten = rewritten
        self.root = root

    def faults(self, errors: Iterable[jsonschema_rs.ValidationError]) -> Iterator[Fault]:
        for error in errors:
            keyword = error.kind.name
            if keyword in _UNKNOWN_KEY:
                yield from self._unknown_keys(error)
            elif keyword == "not" and self._place(error)[-1:] != ("not",):
                yield from self._wrapped(error)
            elif keyword in _BRANCHES and isinstance(error.kind.value, list):
                path, place = instance_path(error, self.root), self._place(error)
                branches = [list(self.faults(branch)) for branch in error.kind.value]
                yield from nearest_branch(branches, Fault(path, keyword, _several(error), None, place))
            else:
                yield self._fault(error)

    def _place(self, error: jsonschema_rs.ValidationError) -> Steps:
        return self.rewritten.written(tuple(error.schema_path))

    def _fault(self, error: jsonschema_rs.ValidationError) -> Fault:
        keyword, limit, path = error.kind.name, cast("Plain", error.kind.value), instance_path(error, self.root)
        place = self._place(error)
        if keyword == "propertyNames":
            return self._name(error.kind.as_dict()["error"], path, place)
        limit = self._as_written(limit)
        if keyword == "type":
            limit = sorted(cast("list[str]", limit))  # type: ignore[assignment]
        if keyword == "contains":
            limit = self._at(place)
        if keyword == "required" and "dependentRequired" in place:
            keyword = "dependentRequired"
        return Fault(path, keyword, _message(error, limit), limit, place)

    def _wrapped(self, error: jsonschema_rs.ValidationError) -> Iterator[Fault]:
        """What is wrong by a keyword of which the engine says only that: for `propertyNames` a fault for each key."""
        path, place = instance_path(error, self.root), self._place(error)
        if place[-1] == "contains":
            yield Fault(path, "contains", f"{_MASK} {_SAID['contains']}", self._at(place), place)
            return
        engine = self._engine_of_names((*error.schema_path, "not", "propertyNames"))
        for key in cast("dict[str, Any]", error.instance):
            for inner in engine.iter_errors(key):
                yield self._name(inner, path, self._place(inner))

    def _engine_of_names(self, place: Steps) -> jsonschema_rs.Validator:
        """What judges the names of keys alone, by the schema at a place of the engine's."""
        schema = cast("dict[str, Any]", self.rewritten.schema)
        registry = jsonschema_rs.Registry([(_WHOLE, schema)])
        start = {"$schema": schema["$schema"], "$ref": _WHOLE + pointer(place)}
        return _engine(start, self.rewritten.uses_formats, registry)

    def _name(self, inner: jsonschema_rs.ValidationError, path: Steps, place: Steps) -> Fault:
        limit = self._as_written(inner.kind.value)
        return Fault((*path, str(inner.instance)), "propertyNames", _message(inner, limit), limit, place)

    def _as_written(self, limit: Plain) -> Plain:
        return self.rewritten.patterns.get(limit, limit) if isinstance(limit, str) else limit

    def _unknown_keys(self, error: jsonschema_rs.ValidationError) -> Iterator[Fault]:
        path, place = instance_path(error, self.root), self._place(error)
        known = self._known_keys(place[:-1])
        for key in error.kind.as_dict()["unexpected"]:
            message = f'"{key}" is not allowed here'
            yield Fault((*path, key), error.kind.name, message, known, place)

    def _known_keys(self, place: Steps) -> list[Plain]:
        known = self._at((*place, "properties"))
        return [*sorted(known)] if isinstance(known, dict) else []

    def _at(self, place: Steps) -> Plain:
        """What the schema has at a place, None for nothing."""
        here: Any = self.schema
        for step in place:
            is_there = (
                step in here if isinstance(here, Mapping) else isinstance(here, list) and step in range(len(here))
            )
            if not is_there:
                return None
            here = here[step]
        return cast("Plain", here)


def _message(error: jsonschema_rs.ValidationError, limit: Plain) -> str:
    said = _SAID.get(error.kind.name)
    return error.message if said is None else f"{_MASK} {said.format(limit)}"


def _several(error: jsonschema_rs.ValidationError) -> str:
    """What to say where no branch is to be told: the value fits two of them, or there are none."""
    return f"{_MASK} fits more than one of the schemas of {error.kind.name}"


def _order(fault: Fault) -> tuple[list[tuple[bool, int, str]], str, str]:
    steps = [(isinstance(step, str), 0 if isinstance(step, str) else step, str(step)) for step in fault.path]
    return steps, fault.keyword, _limit(fault)


def _limit(fault: Fault) -> str:
    """What tells faults of one keyword apart: not a long list, of keys or of choices, but its place."""
    is_long = isinstance(fault.limit, list) and len(fault.limit) > _FEW
    return repr(fault.schema_path if is_long else fault.limit)
