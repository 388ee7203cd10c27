"""Mutated texts: real ones, with the faults that hands, editors, programs and adversaries leave in them.

A mutation is a few small numbers, so that Hypothesis draws it fast, replays it and shrinks it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any, TypeAlias

from hypothesis import strategies as st

Mutation: TypeAlias = "tuple[int, int, int, int]"
"""Which operation, where, how far or how often, and which token."""

MOST = 200_000
"""No mutated text is longer, in bytes: sizes are tried by hand."""

TOKENS: tuple[bytes, ...] = tuple(
    token.encode() if isinstance(token, str) else token
    for token in (
        # YAML's own marks
        "&a ", "*a", "*b ", "<<: *a", "<<: [*a, *a]", "? ", ": ", "- ", "---\n", "--- ", "...\n", "%YAML 1.2\n---\n",
        "%TAG ! tag:x,2000:\n---\n", "!!int ", "!!float ", "!!binary ", "!!set ", "!!map ", "!!str ", "!x ", "! ", "!<a> ",
        "!!timestamp 2020-01-01", "|\n", ">-\n", "|2+\n", "|9\n", "# ", "#", "\t", " \t ", "{", "}", "[", "]", "{{ .Values.x }}",
        "{a: 1, a: 2}", "{? [a] : b}", "[a, b]: c\n", "a:\n  b:\n c: 1\n", "'", '"', "''", '"\\', '"\\x', '"\\u', "@", "`", "=", "~",
        # values
        "null", "yes", "on: 1\ntrue: 2\n", "0777", "0o17", "1_000", "-0", "1.0", ".5", "1e3", "1e400", "-1e-400", ".inf", "-.inf", ".nan",
        "9007199254740993", "18446744073709551616", "1" * 400, "0x" + "f" * 300, "1:30", "2020-01-01", "true", "false", "", "0", "-1", "1.5",
        # JSON's
        '"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\\/"', ",", ",,", '{"$ref": "#"}', '{"$ref": "http://127.0.0.1:9/x.json"}',
        '{"$ref": "#/nowhere"}', '"$schema": "http://json-schema.org/draft-04/schema#",', '"$id": "urn:x",', '"pattern": "(?=a)"', '"pattern": "("',
        '"pattern": "(a{1000}){1000}"', '"pattern": "(a+)+$"', '"format": "email"', '"type": "strin"', '"type": []', '"enum": []', '"not": {}',
        '"multipleOf": 0', '"multipleOf": 1e-300', '"minimum": 1e300', '"maxLength": -1', '"additionalProperties": false', '"oneOf": [{}, {}]', '"items": [{}]',
        '"properties": 3', '"required": "a"', '"if": {"type": "object"}, "then": false', '"x-env": "A"', '"x-mend": ["a"]', '"default": null', '"default": 1e999',
        # rules
        "self.a", "self.a / self.b", "self.a * self.a * self.a * self.a", "self.a.matches('(')", "1/0", "size(self.a)", "has(self.a)", "self", "[1].all(x, x > 0)",
        "(" * 60, "-" * 60, "!" * 60, "9223372036854775808", "'\\", "é", "\U0001f600",
        # keys that mean something
        "settings:", "settings: {}\n", "settings: null\n", "global: 1\n", "environments:", "ignore: [{code: CG203}]", "# chartgen: ignore[CG203] because\n",
        "# chartgen: ignore[", "values: [x.yaml]\n", "chart:", "../..", "/dev/null", "\\0", '"a\\0b"', "~/x", ".",
        # characters
        "\0", "\x01", "\x1b[31m", "\x7f", "\x85", "\xa0", "\u2028", "\u202e", "\ufeff", "\ufffe", "\uffff", "\r", "\r\n", "\n", "\n\n", " ", "  ",
        b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x82", b"\xff\xfea\0:\0", b"\xef\xbb\xbf",
        # long and deep ones
        "[" * 150, "{a: " * 150, "- " * 150, "a: [" * 120, "\n" * 500, " " * 3000, "\t" * 500, "x" * 5000, "a" * 3000 + ": 1\n", "#" * 5000,
        "---\na: 1\n" * 40, "*a, " * 200, "&x " * 3, "k: v\n" * 200,
    )
)  # fmt: skip

VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 1.5, -0.0, 2**53, 2**53 + 1, -(2**63), 2**64, 10**400, 1e308, 5e-324, "", "a", "x" * 500, "é\u0000\U0001f600", "\ud800",
    "1", "1e3", "yes", "~", "^[a-z]+$", "(", "(?=a)", "\\d{5000}", "^(a+)+$", "[", "self.a", "self.a < 1", "self.pollIntervalMs >= 1 && self.b", "1 / 0",
    "object", "integer", "string", "null", "date-time", "#", "#/$defs/name", "#/nowhere", "other.json", "http://127.0.0.1:9/x", "urn:x",
    "http://json-schema.org/draft-04/schema#", "http://json-schema.org/draft-07/schema", "https://json-schema.org/draft/2019-09/schema", "https://x.example/draft",
    [], {}, [[]], [None], ["a"], ["a", "a"], [1, "1", None], {"a": 1}, {"": ""}, {"$ref": "#"}, {"type": "object"}, {"type": ["string", "null"]},
    {"properties": {"a": {"type": "integer"}}}, {"additionalProperties": False}, {"const": {"a": [1]}}, {"enum": []}, {"not": {}}, {"oneOf": [True, True]},
    {"anyOf": [{"type": "string"}, {"required": ["q"]}]}, {"if": True, "then": False}, {"unevaluatedProperties": False}, {"format": "email"}, {"pattern": "("},
    {"minimum": 10}, {"multipleOf": 1e-9}, {"dependentRequired": {"a": ["b"]}}, {"contains": False}, {"propertyNames": False}, {"$dynamicRef": "#x"},
    {"type": "integer", "default": 3, "minimum": 1, "maximum": 5, "x-env": "Q"}, {"rule": "self.a > 1", "message": "m"}, {"rule": 1},
    {"code": "CG206", "reason": "r"}, {"values": ["base.yaml"]}, {"name": "x", "version": "1.0.0", "repository": "", "condition": "a.b"},
)  # fmt: skip
KEYS = (
    "a", "", "settings", "list", "type", "default", "minimum", "maximum", "enum", "const", "pattern", "multipleOf", "x-env", "x-unit", "x-role", "x-mend",
    "x-kubernetes-validations", "x-profiles", "x-renamed-from", "properties", "items", "required", "oneOf", "anyOf", "allOf", "not", "if", "$ref", "$id", "$defs",
    "additionalProperties", "unevaluatedProperties", "patternProperties", "propertyNames", "dependentRequired", "contains", "format", "deprecated", "$schema",
    "rule", "message", "messageExpression", "fieldPath", "reason", "x-severity", "environments", "ignore", "chart", "global", "<<", "on", "é", "\ud800", "x" * 300,
)  # fmt: skip

_WORD = re.compile(rb"[A-Za-z0-9_.$/-]+|[\x80-\xff]+|[^\sA-Za-z0-9]")


def mutations(most: int = 4) -> st.SearchStrategy[list[Mutation]]:
    """Up to `most` mutations, to be applied one after the other."""
    place = st.integers(0, 2**16 - 1)
    one = st.tuples(st.integers(0, len(_OPERATIONS) - 1), place, place, st.integers(0, len(TOKENS) - 1))
    return st.lists(one, min_size=1, max_size=most)


def mutated(text: bytes, other: bytes, changes: list[Mutation]) -> bytes:
    """The text after all changes; `other` is what is spliced in."""
    for operation, place, size, token in changes:
        text = _OPERATIONS[operation](text, other, place, size, TOKENS[token])[:MOST]
    return text


def grown(text: bytes, changes: list[Mutation]) -> bytes:
    """A JSON text whose tree is changed instead, so that it still is JSON: whatever reads on, reads it."""
    root = [json.loads(text)]
    for operation, place, size, token in changes:
        holders = [
            (holder, key)
            for holder in _holders(root)
            for key in (holder if isinstance(holder, dict) else range(len(holder)))
        ]
        if not holders:
            break
        holder, key = holders[place % len(holders)]
        other, source = holders[size % len(holders)]
        here = holder[key]
        match operation % 5:
            case 0 | 1:
                holder[key] = deepcopy(VALUES[token % len(VALUES)])
            case 2 if isinstance(here, dict):
                here[KEYS[size % len(KEYS)]] = deepcopy(VALUES[token % len(VALUES)])
            case 2 if isinstance(here, list):
                here.append(deepcopy(VALUES[token % len(VALUES)]))
            case 3 if holder is not root:
                del holder[key]
            case _:
                holder[key] = deepcopy(other[source])
    return json.dumps(root[0]).encode()[:MOST]


def _holders(node: Any) -> list[Any]:
    """All mappings and lists of a tree, itself first."""
    below = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    here = [node] if isinstance(node, (dict, list)) else []
    return here + [holder for child in below for holder in _holders(child)]


def _at(text: bytes, place: int) -> int:
    return place * 7919 % (len(text) + 1)


def _chunk(text: bytes, place: int, size: int) -> tuple[int, int]:
    start = _at(text, place)
    return start, min(start + 1 + size % 200, len(text))


def _flip(text: bytes, _other: bytes, place: int, size: int, _token: bytes) -> bytes:
    start, end = _chunk(text, place, 0)
    return text[:start] + bytes(byte ^ (1 << size % 8) for byte in text[start:end]) + text[end:]


def _delete(text: bytes, _other: bytes, place: int, size: int, _token: bytes) -> bytes:
    start, end = _chunk(text, place, size)
    return text[:start] + text[end:]


def _repeat(text: bytes, _other: bytes, place: int, size: int, _token: bytes) -> bytes:
    start, end = _chunk(text, place, size)
    return text[:end] + text[start:end] * (1 + size % 40) + text[end:]


def _move(text: bytes, _other: bytes, place: int, size: int, _token: bytes) -> bytes:
    start, end = _chunk(text, place, size)
    rest = text[:start] + text[end:]
    behind = _at(rest, size)
    return rest[:behind] + text[start:end] + rest[behind:]


def _splice(text: bytes, other: bytes, place: int, size: int, _token: bytes) -> bytes:
    at = _at(text, place)
    start, end = _chunk(other, size, place)
    return text[:at] + other[start:end] + text[at:]


def _insert(text: bytes, _other: bytes, place: int, _size: int, token: bytes) -> bytes:
    at = _at(text, place)
    return text[:at] + token + text[at:]


def _replace_word(text: bytes, _other: bytes, place: int, _size: int, token: bytes) -> bytes:
    word = _WORD.search(text, _at(text, place)) or _WORD.search(text)
    return text + token if word is None else text[: word.start()] + token + text[word.end() :]


def _begin_line(text: bytes, _other: bytes, place: int, _size: int, token: bytes) -> bytes:
    at = text.find(b"\n", _at(text, place)) + 1
    return text[:at] + token + text[at:]


def _end_line(text: bytes, _other: bytes, place: int, _size: int, token: bytes) -> bytes:
    at = text.find(b"\n", _at(text, place))
    return text[:at] + b" " + token + text[at:]


def _cut(text: bytes, _other: bytes, place: int, _size: int, token: bytes) -> bytes:
    return text[: _at(text, place)] + token


def _breaks(text: bytes, _other: bytes, place: int, size: int, _token: bytes) -> bytes:
    at = _at(text, place)
    new = (b"\r\n", b"\r", b"\n\n", b" \n", "\u2028".encode())[size % 5]
    return text[:at] + text[at:].replace(b"\n", new)


def _indent(text: bytes, _other: bytes, place: int, size: int, _token: bytes) -> bytes:
    at = text.find(b"\n", _at(text, place)) + 1
    return text[:at] + b" " * (size % 9) + text[at:].lstrip(b" ")


_OPERATIONS: tuple[Callable[[bytes, bytes, int, int, bytes], bytes], ...] = (
    _insert,
    _replace_word,
    _delete,
    _flip,
    _repeat,
    _move,
    _splice,
    _begin_line,
    _end_line,
    _cut,
    _breaks,
    _indent,
)
