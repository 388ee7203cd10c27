"""Of several branches that a value fits none of, the one that was meant is told; in realistic schemas."""

from __future__ import annotations

from typing import Any

import pytest

from chartgen.documents.json_schema import compile_schema

KINDS: dict[str, Any] = {
    "oneOf": [
        {"properties": {"type": {"const": "ClusterIP"}, "port": {"type": "integer"}}, "required": ["type", "port"]},
        {"properties": {"type": {"enum": ["NodePort"]}, "nodePort": {"minimum": 30000}}, "required": ["type"]},
        {"properties": {"type": {"const": "LoadBalancer"}, "ips": {"items": {"type": "string"}}}, "required": ["type"]},
    ]
}
NESTED: dict[str, Any] = {
    "anyOf": [
        {"properties": {"spec": {"properties": {"kind": {"const": "a"}, "size": {"maximum": 5}}}}},
        {"properties": {"spec": {"properties": {"kind": {"const": "b"}, "name": {"maxLength": 2}}}}},
    ]
}
CLOSED: dict[str, Any] = {
    "oneOf": [
        {"properties": {"secretName": {"type": "string"}}, "additionalProperties": False},
        {"properties": {"configMap": {"properties": {"key": {"type": "string"}}}}, "additionalProperties": False},
    ]
}
EXISTING: dict[str, Any] = {"oneOf": [{"required": ["existingSecret"]}, {"required": ["user", "password"]}]}
PORT: dict[str, Any] = {"anyOf": [{"type": "integer", "maximum": 65535}, {"type": "string", "pattern": "^[a-z]+$"}]}


@pytest.mark.parametrize(
    ("schema", "value", "expected"),
    [
        (KINDS, {"type": "NodePort", "nodePort": 80}, [(("nodePort",), "minimum")]),
        (KINDS, {"type": "ClusterIP"}, [((), "required")]),
        (KINDS, {"type": "ClusterIP", "port": "80"}, [(("port",), "type")]),
        (KINDS, {"type": "LoadBalancer", "ips": [1]}, [(("ips", 0), "type")]),
        (KINDS, {"type": "Loadbalancer"}, [(("type",), "enum")]),
        (NESTED, {"spec": {"kind": "b", "name": "xyz"}}, [(("spec", "name"), "maxLength")]),
        (NESTED, {"spec": {"kind": "c"}}, [(("spec", "kind"), "enum")]),
        (CLOSED, {"configMap": {"key": 1}}, [(("configMap", "key"), "type")]),
        (CLOSED, {"secretName": 1}, [(("secretName",), "type")]),
        (EXISTING, {}, [((), "oneOf")]),
        (EXISTING, {"user": "x"}, [((), "oneOf")]),
        (PORT, 99999, [((), "maximum")]),
        (PORT, "HTTP", [((), "pattern")]),
        (PORT, None, [((), "type")]),
    ],
)
def test_the_branch_that_was_meant_is_told(schema: Any, value: Any, expected: list[tuple[Any, str]]) -> None:
    assert [(fault.path, fault.keyword) for fault in compile_schema(schema).faults(value)] == expected


def test_a_word_of_no_branch_is_told_with_the_words_of_all() -> None:
    (fault,) = compile_schema(KINDS).faults({"type": "Loadbalancer"})

    assert fault.limit == ["ClusterIP", "NodePort", "LoadBalancer"]


def test_keys_that_any_branch_would_do_with_are_told_together() -> None:
    (fault,) = compile_schema(EXISTING).faults({})

    assert fault.message == 'the value lacks "existingSecret" or "user" and "password"'
