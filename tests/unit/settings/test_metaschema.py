"""The schema of settings schemas: what it takes, and each thing that it refuses."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from chartgen.documents.json_schema import compile_schema
from chartgen.resources import load_schema

SETTINGS: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer", "default": 5, "x-env": "AN_INTEGER"},
    "number": {"type": "number", "default": 0.5, "x-env": "A_NUMBER"},
    "boolean": {"type": "boolean", "default": True, "x-env": "A_BOOLEAN"},
    "string": {"type": "string", "default": "x", "x-env": "A_STRING"},
}
RULE = {"rule": "self.a > 1", "message": "a is small"}
EVERYWHERE = {
    "title": "A title",
    "description": "What it does.",
    "deprecated": True,
    "writeOnly": False,
    "$comment": "for authors",
    "x-mend": 1,
    "x-renamed-from": "old.name",
}
ALLOWED = {
    "integer": {
        "minimum": 1,
        "maximum": 9,
        "exclusiveMinimum": 0,
        "exclusiveMaximum": 10,
        "multipleOf": 5,
        "enum": [5],
        "const": 5,
        "examples": [5],
        "x-unit": "ms",
        "x-role": "poll-interval",
    },
    "number": {
        "minimum": 0.1,
        "maximum": 0.9,
        "exclusiveMinimum": 0,
        "exclusiveMaximum": 1.5,
        "enum": [0.5],
        "const": 0.5,
        "examples": [0.5],
        "x-unit": "percent",
    },
    "boolean": {"enum": [True], "const": True, "examples": [False]},
    "string": {
        "minLength": 0,
        "maxLength": 9,
        "pattern": "^x$",
        "enum": ["x"],
        "const": "x",
        "examples": ["x"],
    },
}


def faults(schema: Any) -> list[tuple[str, str]]:
    """Dotted path and keyword of each fault."""
    checker = compile_schema(load_schema("settings-schema.json"))
    return [(".".join(map(str, fault.path)), fault.keyword) for fault in checker.faults(schema)]


def schema(**settings: Any) -> dict[str, Any]:
    """A settings schema with these settings."""
    return {"type": "object", "properties": settings}


def with_rule(**rule: Any) -> dict[str, Any]:
    """A settings schema with one rule."""
    return schema(a=SETTINGS["integer"]) | {"x-kubernetes-validations": [rule]}


def with_profile(name: str, profile: Any) -> dict[str, Any]:
    """A settings schema with one profile."""
    return schema(a=SETTINGS["integer"]) | {"x-profiles": {name: profile}}


def changed(kind: str, **keywords: Any) -> dict[str, Any]:
    """A settings schema with one setting; keywords given as None are left out."""
    setting = {key: value for key, value in {**SETTINGS[kind], **keywords}.items() if value is not None}
    return schema(a=setting)


def test_it_is_a_schema_itself() -> None:
    Draft202012Validator.check_schema(load_schema("settings-schema.json"))


def test_the_reference_schema_fits(repository: Path) -> None:
    assert faults(json.loads((repository / "schemas/async-job.schema.json").read_text())) == []


def test_a_schema_written_in_yaml_fits(repository: Path) -> None:
    assert faults(yaml.safe_load((repository / "examples/storefront/settings.schema.yaml").read_text())) == []


@pytest.mark.parametrize("kind", SETTINGS)
def test_a_setting_needs_its_type_default_and_environment_name_alone(kind: str) -> None:
    assert faults(changed(kind)) == []
    for keyword in SETTINGS[kind]:
        assert faults(changed(kind, **{keyword: None})) == [("properties.a", "required")]


@pytest.mark.parametrize("kind", SETTINGS)
def test_a_setting_takes_every_keyword_of_its_type(kind: str) -> None:
    assert faults(changed(kind, **EVERYWHERE, **ALLOWED[kind])) == []


def keywords_of_other_types() -> Iterator[tuple[str, str, Any]]:
    everything = {keyword: value for allowed in ALLOWED.values() for keyword, value in allowed.items()}
    for kind, allowed in ALLOWED.items():
        yield from ((kind, keyword, value) for keyword, value in everything.items() if keyword not in allowed)


@pytest.mark.parametrize(("kind", "keyword", "value"), sorted(keywords_of_other_types(), key=repr))
def test_a_setting_refuses_the_keywords_of_other_types(kind: str, keyword: str, value: Any) -> None:
    assert faults(changed(kind, **{keyword: value})) == [(f"properties.a.{keyword}", "additionalProperties")]


WRONG_VALUES = [
    ("integer", "default", 1.5, "type"),
    ("integer", "default", "1", "type"),
    ("integer", "default", True, "type"),
    ("integer", "default", 2**53, "maximum"),
    ("integer", "minimum", -(2**53), "minimum"),
    ("integer", "maximum", 1.5, "type"),
    ("integer", "multipleOf", 0, "minimum"),
    ("integer", "multipleOf", 1.5, "type"),
    ("integer", "x-unit", "hours", "enum"),
    ("integer", "x-role", "poll", "enum"),
    ("integer", "x-mend", 0, "minimum"),
    ("integer", "x-mend", 1.5, "type"),
    ("integer", "enum", [], "minItems"),
    ("integer", "enum", [1, 1], "uniqueItems"),
    ("integer", "const", "1", "type"),
    ("integer", "x-env", "lower", "pattern"),
    ("integer", "x-env", "1A", "pattern"),
    ("integer", "x-env", "A-B", "pattern"),
    ("integer", "x-env", "A\n", "pattern"),
    ("integer", "x-renamed-from", "a..b", "pattern"),
    ("integer", "x-renamed-from", 5, "type"),
    ("integer", "x-renamed-from", [], "minItems"),
    ("integer", "x-renamed-from", ["a", "a"], "uniqueItems"),
    ("integer", "title", " ", "pattern"),
    ("integer", "description", 5, "type"),
    ("integer", "deprecated", "yes", "type"),
    ("integer", "writeOnly", 1, "type"),
    ("number", "default", "0.5", "type"),
    ("number", "default", 1e16, "maximum"),
    ("number", "minimum", -1e16, "minimum"),
    ("boolean", "default", "true", "type"),
    ("string", "default", 5, "type"),
    ("string", "default", "a\0", "pattern"),
    ("string", "minLength", -1, "minimum"),
    ("string", "maxLength", 1.5, "type"),
    ("string", "pattern", 5, "type"),
]


@pytest.mark.parametrize(("kind", "keyword", "value", "fault"), WRONG_VALUES)
def test_a_keyword_with_a_wrong_value_is_refused_at_the_value(kind: str, keyword: str, value: Any, fault: str) -> None:
    assert faults(changed(kind, **{keyword: value})) == [(f"properties.a.{keyword}", fault)]


@pytest.mark.parametrize("name", ["Upper", "with-dash", "with_underline", "1st", "", "ümlaut", "in", "self", "true"])
def test_a_name_that_no_rule_could_read_is_refused_at_the_name(name: str) -> None:
    assert faults({"type": "object", "properties": {name: SETTINGS["integer"]}}) == [
        (f"properties.{name}", "propertyNames")
    ]


WRONG: list[tuple[Any, list[tuple[str, str]]]] = [
    ([], [("", "type")]),
    ({}, [("", "required"), ("", "required")]),
    (schema(), [("properties", "minProperties")]),
    (schema(a=SETTINGS["integer"]) | {"type": "array"}, [("type", "const")]),
    (schema(a=SETTINGS["integer"]) | {"required": ["a"]}, [("required", "additionalProperties")]),
    (schema(a=SETTINGS["integer"]) | {"additionalProperties": True}, [("additionalProperties", "const")]),
    (schema(a=SETTINGS["integer"]) | {"$defs": {}}, [("$defs", "additionalProperties")]),
    (schema(a=5), [("properties.a", "type")]),
    (schema(a={"type": "array"}), [("properties.a.type", "enum")]),
    (schema(a={"type": ["integer", "null"]}), [("properties.a.type", "enum")]),
    (schema(g={"type": "object"}), [("properties.g", "required")]),
    (schema(g={"type": "object", "properties": {}}), [("properties.g.properties", "minProperties")]),
    (
        schema(g=schema(a=SETTINGS["integer"]) | {"x-env": "G"}),
        [("properties.g.x-env", "additionalProperties")],
    ),
    (
        schema(g=schema(a=SETTINGS["integer"]) | {"x-profiles": {}}),
        [("properties.g.x-profiles", "additionalProperties")],
    ),
    (schema(g=schema(h=schema(a={"type": "integr"}))), [("properties.g.properties.h.properties.a.type", "enum")]),
    (with_rule(message="no condition"), [("x-kubernetes-validations.0", "required")]),
    (with_rule(**RULE, fieldPath="a"), [("x-kubernetes-validations.0.fieldPath", "pattern")]),
    (with_rule(**RULE, fieldPath=".a[0]"), [("x-kubernetes-validations.0.fieldPath", "pattern")]),
    (with_rule(**RULE, reason="Bad"), [("x-kubernetes-validations.0.reason", "enum")]),
    (with_rule(**RULE, severity="error"), [("x-kubernetes-validations.0.severity", "additionalProperties")]),
    (with_rule(**RULE, **{"x-severity": "info"}), [("x-kubernetes-validations.0.x-severity", "enum")]),
    (with_rule(rule=" ", message="m"), [("x-kubernetes-validations.0.rule", "pattern")]),
    (with_profile("High Load", {"values": {"a": 1}}), [("x-profiles.High Load", "propertyNames")]),
    (with_profile("../x", {"values": {"a": 1}}), [("x-profiles.../x", "propertyNames")]),
    (with_profile("high", {"description": "d"}), [("x-profiles.high", "required")]),
    (with_profile("high", {"values": {}}), [("x-profiles.high.values", "minProperties")]),
    (with_profile("high", {"values": {"a": None}}), [("x-profiles.high.values.a", "type")]),
    (with_profile("high", {"values": {"a": 1}, "vaules": {}}), [("x-profiles.high.vaules", "additionalProperties")]),
]


@pytest.mark.parametrize(("document", "expected"), WRONG)
def test_each_wrong_form_is_refused_at_its_place(document: Any, expected: list[tuple[str, str]]) -> None:
    assert faults(document) == expected


def test_groups_nest_and_may_hold_rules_and_say_that_they_are_closed() -> None:
    inner = schema(a=SETTINGS["integer"]) | {"additionalProperties": False, "x-kubernetes-validations": [RULE]}

    assert faults(schema(g=schema(h=inner) | {"title": "G", "description": "d", "$comment": "c"})) == []


def test_every_keyword_has_words_for_editors_to_show() -> None:
    silent = []

    def look(node: Any, path: str) -> None:
        for key, value in node.get("properties", {}).items():
            described = copy.copy(value)
            while "$ref" in described and "description" not in described:
                described = load_schema("settings-schema.json")["$defs"][described["$ref"].rpartition("/")[2]]  # type: ignore[index]
            if not described.get("description"):
                silent.append(f"{path}.{key}")

    root = load_schema("settings-schema.json")
    look(root, "")
    for name, definition in root["$defs"].items():  # type: ignore[union-attr]
        look(definition, name)

    assert silent == []
