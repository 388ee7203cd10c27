"""The kinds of all values but the settings, for the chart's own check: it holds where the values schema is skipped."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from chartgen.documents.nodes import Plain

# What Go calls the kinds of JSON's types: a number of a file is a float64, one of `--set` an int64.
_KINDS: dict[str, tuple[list[str], str]] = {
    "object": (["map"], "a mapping"),
    "array": (["slice"], "a list"),
    "string": (["string"], "a text"),
    "boolean": (["bool"], "true or false"),
    "integer": (["float64", "int", "int64"], "an integer"),
}


def kinds_json(schema: Mapping[str, Plain]) -> str:
    """The kinds of a chart's values as JSON, one key to a line; `schema` is the chart's `values.schema.json`.

    A kind is `{"kinds": [Go kinds], "words": text}`, with `keys` (by name) and `each` (for all items) where it goes on.
    """
    properties = cast("Mapping[str, Mapping[str, Plain]]", schema["properties"])
    lines = [f"  {json.dumps(key)}: {json.dumps(_kind(part))}" for key, part in properties.items() if key != "settings"]
    return "{\n" + ",\n".join(lines) + "\n}"


def _kind(schema: Mapping[str, Plain]) -> dict[str, Plain]:
    types = _types(schema)
    kind: dict[str, Plain] = {
        "kinds": [name for type_ in types for name in _KINDS[type_][0]],
        "words": " or ".join(_KINDS[type_][1] for type_ in types),
    }
    properties = cast("Mapping[str, Mapping[str, Plain]]", schema.get("properties", {}))
    if properties:
        kind["keys"] = {key: _kind(part) for key, part in properties.items()}
    each = schema.get("items", schema.get("additionalProperties"))
    if isinstance(each, dict):
        kind["each"] = _kind(each)
    return kind


def _types(schema: Mapping[str, Plain]) -> list[str]:
    """The types that a value may have, null left out: as a key's value it is as good as absent."""
    if "anyOf" in schema:
        parts = cast("list[Mapping[str, Plain]]", schema["anyOf"])
        return [type_ for part in parts for type_ in _types(part)]
    types = schema.get("type", "string")  # an enum of texts has no type of its own
    return [str(type_) for type_ in (types if isinstance(types, list) else [types]) if type_ != "null"]
