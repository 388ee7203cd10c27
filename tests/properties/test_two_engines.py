"""jsonschema-rs, as chartgen uses it, against Python's `jsonschema`: where the two differ, it is known why.

A difference is explained by a cause if the engines agree once what causes it is taken out of the schema. Every cause
has an example, so that none stays here that is no longer one. `docs/explanation/as-helm-reads.md` lists them.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import jsonschema
import pytest
import referencing
from hypothesis import event, given, settings
from jsonschema.validators import validator_for

from chartgen.documents.dialects import draft_named
from chartgen.documents.json_schema import UnusableSchema, compile_schema
from tests.counts import examples
from tests.foreign_schemas import DRAFTS, root_schemas, roots

Verdict: TypeAlias = "bool | str"
"""Whether the value fits, or "unusable": the schema is not one to judge by."""


def of_rust(schema: Any, value: Any) -> Verdict:
    """The verdict of jsonschema-rs, behind chartgen's door."""
    try:
        return compile_schema(schema).is_valid(value)
    except UnusableSchema:
        return "unusable"


def of_python(schema: Any, value: Any) -> Verdict:
    """The verdict of `jsonschema`, which fetches nothing here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python's `re` warns of sets that look nested
        try:
            validator = validator_for(schema, default=jsonschema.Draft202012Validator)
            validator.check_schema(schema)
            return bool(validator(schema, registry=referencing.Registry()).is_valid(value))
        except BaseException as error:  # on schemas that cannot be used it fails in many ways
            # Where Python's stack ends in the map that holds its schemas, that panics: no Exception.
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            return "unusable"


def without(*keywords: str) -> Callable[[Any], Any]:
    """A schema without keywords, wherever they stand."""

    def taken_out(schema: Any) -> Any:
        if isinstance(schema, list):
            return [taken_out(item) for item in schema]
        if isinstance(schema, dict):
            return {key: taken_out(item) for key, item in schema.items() if key not in keywords}
        return schema

    return taken_out


def only_known_drafts(schema: Any) -> Any:
    """A schema whose `$schema` is spelled as `jsonschema` knows it; without one that Helm does not know."""
    if not isinstance(schema, dict) or "$schema" not in schema:
        return schema
    draft = draft_named(schema["$schema"]) if isinstance(schema["$schema"], str) else None
    rest = {key: value for key, value in schema.items() if key != "$schema"}
    return {"$schema": DRAFTS[draft.version], **rest} if draft is not None else rest


def only_plain_references(schema: Any) -> Any:
    """A schema without the references that lead to no schema in it, or back to the whole."""

    def leads_on(reference: Any) -> bool:
        here: Any = schema
        for step in str(reference).split("/")[1:]:
            here = here.get(step.replace("~1", "/")) if isinstance(here, dict) else None
        return str(reference).startswith("#/") and isinstance(here, dict | bool) and reference not in CONTAINERS

    def taken_out(part: Any) -> Any:
        if isinstance(part, list):
            return [taken_out(item) for item in part]
        if isinstance(part, dict):
            return {key: taken_out(item) for key, item in part.items() if key != "$ref" or leads_on(item)}
        return part

    return taken_out(schema)


CONTAINERS = {"#/definitions", "#/$defs"}


def only_plain_enums(schema: Any) -> Any:
    """A schema without the `enum`s that the metaschemas of the first drafts refuse."""
    if isinstance(schema, list):
        return [only_plain_enums(item) for item in schema]
    if isinstance(schema, dict):
        kept = {key: value for key, value in schema.items() if key != "enum" or is_plain(value)}
        return {key: only_plain_enums(value) for key, value in kept.items()}
    return schema


def is_plain(options: Any) -> bool:
    return isinstance(options, list) and bool(options) and len({as_text(item) for item in options}) == len(options)


def as_text(value: Any) -> str:
    """A value as JSON, in which equal numbers look alike."""
    number = lambda text: float(text) + 0.0  # noqa: E731 - -0.0 is 0.0
    return json.dumps(json.loads(json.dumps(value), parse_int=number, parse_float=number), sort_keys=True)


@dataclass(frozen=True)
class Cause:
    """Why the engines differ: what takes it out of a schema, and an example, with both verdicts."""

    why: str
    taken_out: Callable[[Any], Any]
    example: Any
    value: Any
    verdicts: tuple[Verdict, Verdict]


OLD, NEW = DRAFTS[7], DRAFTS[2019]
LOOP = {"$defs": {"d": {"$ref": "#/$defs/d"}}, "properties": {"a": {"$ref": "#/$defs/d"}}}
CAUSES = [
    Cause(
        "Helm knows the addresses of drafts 4 to 2020-12, by http and https; for others Python takes the latest",
        only_known_drafts, {"$schema": "http://nowhere.invalid/schema"}, {}, ("unusable", True),
    ),
    Cause(
        "Patterns are Go's: classes are ASCII, `$` is the very end, no lookaround; Python reads its own",
        without("pattern", "patternProperties"), {"properties": {"a": {"pattern": "^\\d$"}}}, {"a": "\u0663"}, (False, True),
    ),
    Cause(
        "Helm asserts `format` for the drafts 4 to 7; Python asserts none unless asked",
        without("format"), {"$schema": OLD, "format": "ipv4"}, "x", (False, True),
    ),
    Cause(
        "Helm compiles all references that a value may meet, and refuses the schema if one leads nowhere or to another "
        "document; Python follows them when a value gets there",
        only_plain_references, {"properties": {"a": {"$ref": "#/nowhere"}}}, {}, ("unusable", True),
    ),
    Cause(
        "chartgen refuses a schema that applies itself to the same value without end; Python fails when a value gets there",
        without("$ref", "$recursiveRef", "$dynamicRef"), LOOP, {}, ("unusable", True),
    ),
    Cause(
        "Helm refuses identifiers that are no URLs or stand there twice",
        without("$id", "id", "$anchor", "$dynamicAnchor"), {"$defs": {"a": {"$anchor": "x"}, "b": {"$anchor": "x"}}}, {}, ("unusable", True),
    ),
    Cause(
        "Helm holds the names of `$vocabulary` to be URLs",
        without("$vocabulary"), {"$vocabulary": {"x": True}}, {}, ("unusable", True),
    ),
    Cause(
        "Helm heeds `$recursiveRef` in 2020-12, too",
        without("$recursiveRef"), {"type": "object", "properties": {"a": {"$recursiveRef": "#"}}}, {"a": 1}, (False, True),
    ),
    Cause(
        "Helm's metaschemas of the drafts 4 to 7 want an `enum` to hold something, and nothing twice",
        only_plain_enums, {"$schema": OLD, "properties": {"a": {"enum": []}}}, {}, ("unusable", True),
    ),
    Cause(
        "Python divides as floats do, Helm as decimals: 4.35 is a multiple of 0.01",
        without("multipleOf"), {"multipleOf": 0.01}, 4.35, (True, False),
    ),
    Cause(
        "Helm heeds `dependencies` in the newer drafts, too",
        without("dependencies"), {"$schema": NEW, "dependencies": {"a": ["b"]}}, {"a": 1}, (False, True),
    ),
]  # fmt: skip


def agree(schema: Any, value: Any) -> bool:
    return of_rust(schema, value) == of_python(schema, value)


def explained_by(schema: Any, value: Any) -> list[Cause]:
    """The causes of a difference: one that explains it alone, else several of them together; none if it is not known."""
    for cause in CAUSES:
        if agree(cause.taken_out(schema), value):
            return [cause]
    found = []
    for cause in CAUSES:
        if (less := cause.taken_out(schema)) != schema:
            schema = less
            found.append(cause)
            if agree(schema, value):
                return found
    return []


@settings(max_examples=examples(3000))
@given(made=root_schemas(), value=roots)
def test_where_the_engines_differ_it_is_known_why(made: tuple[Any, int], value: Any) -> None:
    schema = made[0]
    if agree(schema, value):
        event("the engines agree")
        return
    causes = explained_by(schema, value)

    event(" + ".join(cause.why for cause in causes))
    assert causes, (json.dumps(schema), value, of_rust(schema, value), of_python(schema, value))


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.why[:40])
def test_every_cause_still_makes_a_difference(cause: Cause) -> None:
    schema = cause.example

    assert (of_rust(schema, cause.value), of_python(schema, cause.value)) == cause.verdicts
    assert agree(cause.taken_out(schema), cause.value)
