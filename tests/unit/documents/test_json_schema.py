"""JSON Schema behind one door: verdicts, faults with their paths, schemas that cannot be used."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from chartgen.documents.json_schema import Fault, UnusableSchema, compile_schema, fault_span
from chartgen.documents.parsing import parse
from chartgen.source import Source


def faults(schema: dict[str, Any], instance: Any) -> list[tuple[tuple[str | int, ...], str, Any]]:
    """Path, keyword and limit of each fault."""
    return [(fault.path, fault.keyword, fault.limit) for fault in compile_schema(schema).faults(instance)]


def test_a_value_that_fits_has_no_faults() -> None:
    checker = compile_schema({"type": "integer", "minimum": 1})

    assert checker.is_valid(1)
    assert checker.faults(1) == []


def test_faults_are_sorted_by_path_and_carry_the_limit() -> None:
    schema = {
        "properties": {"b": {"maximum": 3}, "a": {"items": {"type": ["integer", "null"]}}, "c": {"enum": [1, "x"]}},
        "required": ["d"],
    }

    assert faults(schema, {"c": 2, "b": 4, "a": [0, "y", None, 1.5]}) == [
        ((), "required", "d"),
        (("a", 1), "type", ["integer", "null"]),
        (("a", 3), "type", ["integer", "null"]),
        (("b",), "maximum", 3),
        (("c",), "enum", [1, "x"]),
    ]


def test_each_unknown_key_is_a_fault_of_its_own_that_lists_the_known_ones() -> None:
    schema = {"$ref": "#/$defs/g", "$defs": {"g": {"additionalProperties": False, "properties": {"b": {}, "a": {}}}}}

    assert faults(schema, {"y": 1, "a": 1, "x": 1}) == [
        (("x",), "additionalProperties", ["a", "b"]),
        (("y",), "additionalProperties", ["a", "b"]),
    ]


def test_a_bad_name_is_a_fault_at_the_name() -> None:
    assert faults({"propertyNames": {"pattern": "^[a-z]+$"}}, {"ok": 1, "Bad": 1}) == [
        (("Bad",), "propertyNames", "^[a-z]+$")
    ]


def test_a_fault_that_two_keywords_find_is_told_once() -> None:
    assert faults({"allOf": [{"minimum": 3}, {"minimum": 3}]}, 1) == [((), "minimum", 3)]


def test_a_key_that_another_key_needs_is_named() -> None:
    assert faults({"dependentRequired": {"a": ["b"]}}, {"a": 1}) == [((), "dependentRequired", "b")]


BRANCHES: list[tuple[list[dict[str, Any]], Any, tuple[tuple[str | int, ...], str]]] = [
    # The branch of the right type is the one that was meant.
    ([{"type": "string"}, {"type": "object", "properties": {"k": {"type": "integer"}}}], {"k": "x"}, (("k",), "type")),
    ([{"type": "integer", "maximum": 3}, {"type": "string"}], 7, ((), "maximum")),
    # A key with one value tells branches apart, whatever else is wrong.
    (
        [
            {"properties": {"kind": {"const": "a"}}},
            {"properties": {"kind": {"const": "b"}, "x": {"type": "integer"}, "y": {"type": "integer"}}},
        ],
        {"kind": "b", "x": "", "y": 1},
        (("x",), "type"),
    ),
    # Deep faults mean that the branch fits above them.
    (
        [{"required": ["z"]}, {"properties": {"a": {"properties": {"b": {"minimum": 1}}}}}],
        {"a": {"b": 0}},
        (("a", "b"), "minimum"),
    ),
]


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
@pytest.mark.parametrize(("branches", "instance", "expected"), BRANCHES)
def test_of_several_branches_the_one_that_nearly_fits_is_told(
    keyword: str, branches: list[dict[str, Any]], instance: Any, expected: tuple[tuple[str | int, ...], str]
) -> None:
    assert [found[:2] for found in faults({keyword: branches}, instance)] == [expected]


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_the_branch_told_is_the_one_that_jsonschema_finds_best(keyword: str) -> None:
    for branches, instance, expected in BRANCHES[:2]:
        best = best_match(Draft202012Validator({keyword: branches}).iter_errors(instance))

        assert best is not None
        assert (tuple(best.absolute_path), best.validator) == expected


def test_where_no_branch_has_the_type_all_types_are_told() -> None:
    schema = {"anyOf": [{"type": "integer"}, {"anyOf": [{"type": "object"}, {"type": "null"}]}]}

    assert faults(schema, "x") == [((), "type", ["integer", "null", "object"])]


def test_a_value_that_fits_two_branches_of_one_of_is_told() -> None:
    assert faults({"oneOf": [{"type": "integer"}, {"minimum": 1}]}, 5) == [((), "oneOf", None)]


FORMAT = [
    ("http://json-schema.org/draft-04/schema#", True),
    ("http://json-schema.org/draft-06/schema#", True),
    ("http://json-schema.org/draft-07/schema#", True),
    ("https://json-schema.org/draft/2019-09/schema", False),
    ("https://json-schema.org/draft/2020-12/schema", False),
    (None, False),
]


@pytest.mark.parametrize(("draft", "asserted"), FORMAT)
def test_format_is_asserted_by_the_drafts_that_helm_asserts_it_for(draft: str | None, asserted: bool) -> None:
    schema = {"format": "ipv4"} | ({"$schema": draft} if draft else {})

    assert compile_schema(schema).is_valid("nonsense") is not asserted


def test_without_a_draft_2020_12_counts() -> None:
    assert faults({"prefixItems": [{"type": "string"}]}, [1]) == [((0,), "type", ["string"])]


OUTSIDE = [
    ({"$ref": "https://example.com/other.json"}, ("$ref",)),
    ({"properties": {"a": {"$ref": "other.json"}}}, ("properties", "a", "$ref")),
    ({"properties": {"a": {"$ref": "other.json#/definitions/b"}}}, ("properties", "a", "$ref")),
    ({"items": {"$ref": "urn:example:b"}}, ("items", "$ref")),
    ({"items": {"$ref": "file:///b.json"}}, ("items", "$ref")),
    ({"$id": "https://example.com/a.json", "items": {"$ref": "b.json"}}, ("items", "$ref")),
]
UNUSABLE = [
    ({"properties": {"a": {"type": "integr"}}}, ("properties", "a", "type")),
    ({"properties": {"a": {"pattern": "(?=x)"}}}, ("properties", "a", "pattern")),
    ({"properties": {"a": {"patternProperties": {"[": {}}}}}, ("properties", "a", "patternProperties", "[")),
    ({"pattern": "(a)\\1"}, ("pattern",)),
    ({"$schema": "https://example.com/draft"}, ("$schema",)),
    ({"$schema": "draft-07"}, ("$schema",)),
    ({"$ref": "#/type", "type": "object"}, ("type",)),
    ({"items": {"$ref": "%zz"}}, ("items", "$ref")),
    ({"$defs": {"a": {"$anchor": "x"}, "b": {"$anchor": "x"}}}, ("$defs", "b")),
    ({"$defs": {"a": {"$id": "x"}, "b": {"$id": "x"}}}, ("$defs", "b")),
    ({"allOf": [{"$ref": "#"}]}, ("allOf", 0, "$ref")),
    ({"$schema": "http://json-schema.org/draft-07/schema#", "enum": [1, 1.0]}, ("enum",)),
]


@pytest.mark.parametrize(("schema", "path"), UNUSABLE)
def test_a_schema_that_cannot_be_used_says_where(schema: dict[str, Any], path: tuple[str, ...]) -> None:
    with pytest.raises(UnusableSchema) as caught:
        compile_schema(schema)

    assert (caught.value.path, caught.value.code) == (path, "CG302")
    assert caught.value.message
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(("schema", "path"), OUTSIDE)
def test_a_schema_that_needs_another_document_has_a_code_of_its_own(
    schema: dict[str, Any], path: tuple[str, ...]
) -> None:
    with pytest.raises(UnusableSchema, match="chartgen reads no other") as caught:
        compile_schema(schema)

    assert (caught.value.path, caught.value.code) == (path, "CG313")


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"$id": "https://example.com/a.json", "items": {"$ref": "a.json#/$defs/b"}, "$defs": {"b": False}}, [], [1]),
        ({"items": {"$ref": "#b"}, "$defs": {"x": {"$anchor": "b", "type": "null"}}}, [None], [1]),
        ({"items": {"$ref": "#/x-types/0"}, "x-types": [{"type": "null"}]}, [None], [1]),
        ({"items": {"$ref": "#/$defs/a~1b%25"}, "$defs": {"a/b%": {"type": "null"}}}, [None], [1]),
        ({"$id": "https://a.b/c", "items": {"$ref": "d#/$defs/e"}, "$defs": {"d": {"$id": "d", "$defs": {"e": False}}}}, [], [1]),
        ({"$defs": {"unused": {"$ref": "https://example.com/"}}}, 1, None),
        ({"$ref": "https://json-schema.org/draft/2020-12/schema"}, {"type": "string"}, {"type": "text"}),
        ({"properties": {"a": {"$ref": "#"}}, "type": "object"}, {"a": {"a": {}}}, {"a": {"a": 1}}),
    ],
)  # fmt: skip
def test_references_within_a_schema_are_followed(schema: dict[str, Any], good: Any, bad: Any) -> None:
    checker = compile_schema(schema)

    assert checker.is_valid(good)
    assert bad is None or not checker.is_valid(bad)


def test_a_fault_behind_a_reference_is_placed_where_the_schema_was_written() -> None:
    schema: dict[str, Any] = {
        "items": {"$ref": "#/x-types/0"},
        "x-types": [{"patternProperties": {"^[a]": {"maxLength": 1}}}],
    }
    (fault,) = compile_schema(schema).faults([{"ab": "xy"}])

    assert fault.schema_path == ("x-types", 0, "patternProperties", "^[a]", "maxLength")


def test_a_schema_can_be_a_boolean() -> None:
    everything, nothing = True, False

    assert compile_schema(everything).is_valid(1)
    assert not compile_schema(nothing).is_valid(1)


def test_content_is_never_asserted() -> None:
    schema = {"$schema": "http://json-schema.org/draft-07/schema#", "contentMediaType": "application/json"}

    assert compile_schema(schema).is_valid("{")


@pytest.mark.parametrize("reference", ["#/$defs/missing", "#missing", "#/$defs/a/0"])
def test_a_reference_to_nowhere_is_told_at_it(reference: str) -> None:
    with pytest.raises(UnusableSchema, match="is not in this schema") as caught:
        compile_schema({"items": {"$ref": reference}, "$defs": {"a": {}}})

    assert (caught.value.path, caught.value.code) == (("items", "$ref"), "CG313")


def test_nothing_is_fetched() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        with pytest.raises(UnusableSchema):
            compile_schema({"$ref": f"http://127.0.0.1:{server.getsockname()[1]}/schema.json"})
        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    ("pattern", "text", "verdict"),
    [
        ("^.$", "\r", True),
        ("^.$", "\u2028", True),
        ("^.$", "\n", False),
        (r"^\.$", "\r", False),
        ("^[.]$", "\r", False),
        (r"^\s$", "\u00a0", False),
        (r"^\s$", "\t", True),
        (r"^[\sa]$", "\u00a0", False),
        (r"^[\sa]$", " ", True),
        (r"^\S$", "\u00a0", True),
        (r"^\d$", "\u0663", False),
        (r"^\w$", "\u00e9", False),
        ("^a$", "a\n", False),
    ],
)
def test_patterns_mean_what_re2_means(pattern: str, text: str, verdict: bool) -> None:
    checker = compile_schema({"properties": {"enum": {"properties": {"pattern": {"pattern": pattern}}}}})

    assert checker.is_valid({"enum": {"pattern": text}}) is verdict


def test_a_pattern_is_told_as_it_was_written() -> None:
    (fault,) = compile_schema({"pattern": "^a.$"}).faults("b")

    assert (fault.limit, fault.message) == ("^a.$", 'the value does not match "^a.$"')


def test_data_in_a_schema_is_not_taken_for_patterns() -> None:
    assert compile_schema({"const": {"pattern": "a.c"}}).is_valid({"pattern": "a.c"})
    assert compile_schema({"enum": [{"pattern": "a.c"}]}).is_valid({"pattern": "a.c"})


def test_no_fault_shows_the_value_since_it_may_be_a_secret() -> None:
    schema: dict[str, Any] = {
        "properties": {"a": {"pattern": "^x$"}, "b": {"type": "integer"}, "c": {"not": {"type": "string"}}}
    }
    found = compile_schema(schema).faults({"a": "hunter2", "b": "hunter2", "c": "hunter2"})

    assert len(found) == 3
    assert [fault.message for fault in found if "hunter2" in fault.message] == []


def span_text(text: str, fault_path: tuple[str | int, ...], keyword: str) -> str:
    root, _ = parse(Source("a.yaml", text))
    assert root is not None
    return fault_span(root, Fault(fault_path, keyword, "", None, ())).text


def test_a_fault_is_placed_at_the_value_or_at_the_key_where_that_is_at_fault() -> None:
    text = "a:\n  - b: 12\n"

    assert span_text(text, ("a", 0, "b"), "type") == "12"
    assert span_text(text, ("a", 0, "b"), "additionalProperties") == "b"
    assert span_text(text, ("a", 0, "missing"), "type") == "b: 12"


def test_references_that_double_at_every_step_are_refused_before_they_are_followed() -> None:
    doubled: dict[str, Any] = {f"d{i}": {"allOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(60)}

    with pytest.raises(UnusableSchema, match="applies more than 10000 schemas to one value"):
        compile_schema({"$defs": doubled | {"d60": {"type": "string"}}, "$ref": "#/$defs/d0"})


def test_a_long_chain_of_references_is_followed() -> None:
    links: dict[str, Any] = {f"k{i}": {"allOf": [{"$ref": f"#/properties/k{i + 1}"}]} for i in range(200)}
    checker = compile_schema({"properties": links | {"k200": {"type": "string"}}})

    assert checker.is_valid({"k0": "x"})
    assert not checker.is_valid({"k0": 1})


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("urn:example:d", "Helm lets every value pass there"),
        ("a.json", "Helm looks for it at /a.json, from the root of the disk"),
        ("file:///srv/a.json#/b", "Helm looks for it at /srv/a.json, from the root of the disk"),
        ("https://example.com/a.json", "Helm would fetch it"),
        ("https://json-schema.org/draft-03/schema", "Helm would fetch it"),
        ("http://json-schema.org/draft-07/schema#", "Helm has that one built in"),
        ("https://json-schema.org/draft/2020-12/meta/core", "Helm has that one built in"),
        ("ftp://example.com/a.json", "Helm refuses this schema, too"),
    ],
)
def test_what_helm_does_with_another_document_is_told(reference: str, said: str) -> None:
    with pytest.raises(UnusableSchema) as caught:
        compile_schema({"properties": {"a": {"$ref": reference}}})

    assert caught.value.help == f"put what it refers to into this schema, under $defs; {said}"
