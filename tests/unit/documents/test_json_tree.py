"""JSON becomes a tree by its own rules; what is wrong with it is said at its place."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chartgen.documents.json_tree import parse_json
from chartgen.documents.nodes import Mapping, Plain, find, plain
from chartgen.documents.parsing import parse
from chartgen.finding import Severity
from chartgen.source import Source
from tests.reading import through_float64


def test_values_and_keys_have_their_places() -> None:
    node, _ = parse_json(Source("x.json", '{"a": [1, "b\\n"],\n "c": {}}'))

    assert isinstance(node, Mapping)
    assert node.span.text == node.span.source.text
    assert [entry.key_span.text for entry in node.entries] == ['"a"', '"c"']
    assert [(found := find(node, path)) and found.span.place() for path in (("a", 1), ("c",))] == [
        "x.json:1:11",
        "x.json:2:7",
    ]


leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(value=values, ascii_only=st.booleans(), indent=st.sampled_from([None, 2, "\t"]))
def test_what_python_writes_is_read_with_numbers_as_float64(
    value: Plain, ascii_only: bool, indent: str | int | None
) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    node, findings = parse_json(Source("x.json", text))

    assert node is not None, findings
    assert through_float64(value) == plain(node)


@given(st.text(alphabet='{}[]",:0123456789.eE+-truefalsn \\ud\n', max_size=20))
def test_what_python_refuses_is_refused_and_what_it_reads_is_read(text: str) -> None:
    try:
        expected = json.loads(text)
    except ValueError:
        assert parse_json(Source("x.json", text))[0] is None
        return
    node, findings = parse_json(Source("x.json", text))

    if node is not None:
        assert through_float64(expected) == plain(node)
    else:
        assert unholdable(expected), findings


def unholdable(value: Any) -> bool:
    """Whether Python reads what no JSON value holds: a number too large, half a pair of surrogates."""
    if isinstance(value, dict):
        return any(unholdable(key) or unholdable(item) for key, item in value.items())
    if isinstance(value, list):
        return any(map(unholdable, value))
    if isinstance(value, str):
        return any("\ud800" <= character <= "\udfff" for character in value)
    return isinstance(value, float) and not math.isfinite(value)


def test_a_key_written_twice_is_told_and_the_last_one_counts() -> None:
    node, findings = parse_json(Source("x.json", '{"a": 1, "b": 2,\n "a": 3}'))

    assert node is not None
    assert plain(node) == {"b": 2, "a": 3}
    assert [(finding.code, finding.severity) for finding in findings] == [("CG103", Severity.WARNING)]
    assert [finding.primary and finding.primary.place() for finding in findings] == ["x.json:2:2"]


ERRORS = [
    ("", "CG102", "1:1", "the file is empty: expected a JSON value"),
    ('{"a": 1,}', "CG102", "1:8", "expected another value, not a comma before `}`"),
    ("[1,]", "CG102", "1:3", "expected another value, not a comma before `]`"),
    ('{"a": 1 "b": 2}', "CG102", "1:9", "expected `,` or `}`"),
    ('{"a": 1\n', "CG102", "1:8", "expected `,` or `}`"),
    ("[1 2]", "CG102", "1:4", "expected `,` or `]`"),
    ("{a: 1}", "CG102", "1:2", "expected a key in double quotes"),
    ("{'a': 1}", "CG102", "1:2", "expected a key in double quotes"),
    ("{,}", "CG102", "1:2", "expected a key in double quotes, not a comma"),
    ('{"a" 1}', "CG102", "1:6", 'expected `:` after the key "a"'),
    ('{"a":}', "CG102", "1:6", "expected a JSON value, found `}`"),
    ('{"a": ', "CG102", "1:7", "expected a JSON value, found the end of the text"),
    ('{"a": True}', "CG102", "1:7", "expected a JSON value, found `True`"),
    ('{"a": NaN}', "CG102", "1:7", "expected a JSON value, found `NaN`"),
    ('{"a": 01}', "CG102", "1:7", "`01` is not a number in JSON"),
    ('{"a": 1.}', "CG102", "1:7", "`1.` is not a number in JSON"),
    ('{"a": -}', "CG102", "1:7", "`-` is not a number in JSON"),
    ('{"a": +1}', "CG102", "1:7", "expected a JSON value, found `+1`"),
    ('{"a": ٣}', "CG102", "1:7", "expected a JSON value, found `٣`"),
    ('{"a": 1e400}', "CG104", "1:7", "1e400 is larger than any number that JSON readers hold"),
    ('{"a": "b\n"}', "CG102", "1:7", "the string has no closing quote on its line"),
    ('{"a": "b', "CG102", "1:7", "the string has no closing quote on its line"),
    ('{"a": "\t"}', "CG102", "1:8", "a string cannot hold the control character U+0009 unescaped"),
    ('{"a": "\\x"}', "CG102", "1:8", "`\\x` is not an escape in JSON"),
    ('{"a": "\\u12"}', "CG102", "1:8", "expected four hexadecimal digits after `\\u`"),
    ('{"a": "\\ud83d"}', "CG102", "1:8", "half a surrogate pair is not a character"),
    ('{"a": "\\ud83d\\ud83d"}', "CG102", "1:8", "half a surrogate pair is not a character"),
    ("{} {}", "CG102", "1:4", "expected the end of the text after the JSON value"),
    ("// a\n{}", "CG102", "1:1", "expected a JSON value, found `/`"),
    ("[" * 100_000, "CG105", "1:101", "the text is nested deeper than 100 levels"),
]


@pytest.mark.parametrize(("text", "code", "where", "message"), ERRORS)
def test_what_is_wrong_is_said_where_it_is(text: str, code: str, where: str, message: str) -> None:
    node, findings = parse_json(Source("x.json", text))

    assert node is None
    assert [(code, f"x.json:{where}", message)] == [
        (finding.code, finding.primary and finding.primary.place(), finding.message) for finding in findings
    ]


def test_an_escaped_character_outside_the_basic_plane_is_one_character() -> None:
    node, _ = parse_json(Source("x.json", '"\\ud83d\\ude00"'))

    assert node is not None
    assert plain(node) == "😀"


@pytest.mark.parametrize(("name", "code"), [("a.json", "CG102"), ("a.JSON", "CG102"), ("a.yaml", ""), ("<stdin>", "")])
def test_the_name_says_by_which_rules_a_file_is_read(name: str, code: str) -> None:
    _, findings = parse(Source(name, "{a: 1}"))

    assert [code] * bool(code) == [finding.code for finding in findings]


def test_a_number_of_a_schema_that_would_become_zero_is_refused() -> None:
    tiny, zero = (parse_json(Source("x.json", text), exact=True) for text in ('{"a": -1e-400}', '{"a": -0.0e-400}'))

    assert [finding.code for finding in tiny[1]] == ["CG104"]
    assert zero[1] == []
