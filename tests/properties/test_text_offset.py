"""A character of a decoded string is found again in the file, in each style of YAML and in JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chartgen.documents.nodes import Scalar, find
from chartgen.documents.parsing import parse
from chartgen.documents.text_offset import text_offset
from chartgen.source import Source
from tests.counts import examples

ORDINARY = "abz09.,!&|>'\"\\#:?-é😀€{}[]()=<"
WORDS = st.text(ORDINARY + " ", min_size=1, max_size=12)
LINE = WORDS.map(str.strip).filter(bool)
BREAKS = st.sampled_from(["\n", "\r\n", "\n\n", "\r\n\r\n\r\n"])


def scalar(source: Source, *path: str) -> Scalar:
    tree, findings = parse(source)
    assert tree is not None, findings
    node = find(tree, path)
    assert isinstance(node, Scalar)
    return node


def readable(source: Source) -> bool:
    """Whether the value is a text: not a number, nor broken YAML, nor a mapping."""
    tree, _ = parse(source)
    node = find(tree, ("é", "a")) if tree is not None else None
    return isinstance(node, Scalar) and isinstance(node.value, str)


def check(node: Scalar) -> None:
    """Every ordinary character is at its offset, and offsets never go back."""
    assert isinstance(node.value, str)
    offsets = [text_offset(node, index) for index in range(len(node.value) + 1)]

    assert sorted(offsets) == offsets
    for character, offset in zip(node.value, offsets, strict=False):
        if character not in ' \n"\\' and not node.span.source.text.startswith(("\\", "''"), offset):
            assert character == node.span.source.text[offset]


@settings(max_examples=examples(3000))
@given(text=st.text(ORDINARY + "\n\t/\x00\u2028", max_size=20), ascii_only=st.booleans())
def test_in_json(text: str, ascii_only: bool) -> None:
    check(scalar(Source("x.json", json.dumps({"é": {"a": text}}, ensure_ascii=ascii_only)), "é", "a"))


@settings(max_examples=examples(3000))
@given(lines=st.lists(LINE, min_size=1, max_size=4), line_break=BREAKS, quote=st.sampled_from(["", "'", '"']))
def test_in_flow_text_of_several_lines(lines: list[str], line_break: str, quote: str) -> None:
    text = f"{line_break}    ".join(escaped(line, quote) for line in lines)
    source = Source("x.yaml", f"é:\n  a: &x {quote}{text}{quote}\nb: 1\n")
    assume(readable(source))

    check(scalar(source, "é", "a"))


def escaped(line: str, quote: str) -> str:
    return json.dumps(line)[1:-1] if quote == '"' else line.replace("'", "''") if quote else line


@settings(max_examples=examples(3000))
@given(
    header=st.sampled_from(["|", ">", "|-", ">+", "|2", ">2-", "|+ # why"]),
    lines=st.lists(st.tuples(st.integers(0, 2), LINE | st.just("")), min_size=1, max_size=6),
    line_break=st.sampled_from(["\n", "\r\n"]),
)
def test_in_block_text(header: str, lines: list[tuple[int, str]], line_break: str) -> None:
    content = line_break.join(f"    {' ' * indent}{line}" if line else "" for indent, line in lines)

    source = Source("x.yaml", f"é:\n  a: {header}{line_break}{content}{line_break}b: 1\n")
    assume(readable(source))

    check(scalar(source, "é", "a"))


@pytest.mark.parametrize(
    ("text", "index", "offset"),
    [
        ("a: bc", 1, 4),
        ("a: bc", 2, 5),
        ("a: bc", 99, 5),
        ("a: 'b''c'", 2, 7),
        ('a: "\\u00e9b"', 1, 10),
        ('a: "b\\\n   c"', 1, 10),
        ("a: b\n  c", 1, 4),
        ("a: b\n\n  c", 2, 8),
        ("a: |\n  b\n  c\n", 2, 11),
        ("a: |\n\n  b\n", 1, 8),
        ("a: >2\n   b\n  c\n", 3, 13),
        ("x: &x bc\na: *x", 1, 12),
        ("a: ''", 0, 4),
    ],
)
def test_a_place_that_can_be_counted_by_hand(text: str, index: int, offset: int) -> None:
    assert offset == text_offset(scalar(Source("x.yaml", text), "a"), index)


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert text_offset(scalar(Source("x.json", '{"a": "\\ud83d\\ude00b"}'), "a"), 1) == 19


def test_a_number_has_offsets_too() -> None:
    tree, _ = parse(Source("x.yaml", "a: 123"))
    node = find(tree, ("a",)) if tree else None
    assert isinstance(node, Scalar)

    assert [text_offset(node, index) for index in (0, 2, 9)] == [3, 5, 6]
