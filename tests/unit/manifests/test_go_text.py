"""Texts as Helm prints them; that these are Helm's is for `tests/properties/test_manifests_as_helm.py` to show."""

from __future__ import annotations

import pytest

from chartgen.manifests.go_text import quoted, to_yaml


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain é 😀", '"plain é 😀"'),
        ('"\\', r'"\"\\"'),
        ("\a\b\f\n\r\t\v", r'"\a\b\f\n\r\t\v"'),
        ("\x00\x1b\x7f", r'"\x00\x1b\x7f"'),
        ("\x85\xa0\xad\u2028\ufeff", r'"\u0085\u00a0\u00ad\u2028\ufeff"'),
        ("\U0010ffff", r'"\U0010ffff"'),
        ("\ufffd", '"\ufffd"'),
    ],
)
def test_a_text_is_quoted_with_gos_escapes(text: str, expected: str) -> None:
    assert quoted(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "1", "1e3", "0x1F", "08", "1_0", "y", "NO", "off", "true", "null", "2020-01-31", "2020-1-1", "0000-2-29"],
)
def test_what_would_be_read_as_something_else_stands_in_quotes(text: str) -> None:
    assert list(to_yaml({"a": text})) == [f'a: "{text}"']


@pytest.mark.parametrize("text", ["a", "1.0.0", "v1", "2020-02-30", "2020-13-01", "20-01-01", "yEs", "1e", "0b2"])
def test_what_is_read_as_a_text_stands_without(text: str) -> None:
    assert list(to_yaml({"a": text})) == [f"a: {text}"]


def test_keys_are_sorted_by_the_numbers_in_them_and_letters_come_last() -> None:
    keys = ["a", "a-b", "a.b", "a1", "a01", "a2", "a9", "a10", "a100", "aB", "ab", "b1"]

    assert [line.partition(":")[0] for line in to_yaml(dict.fromkeys(reversed(keys), "x"))] == keys


def test_a_key_that_is_too_long_for_one_line_has_its_own() -> None:
    key = "a" * 129

    assert list(to_yaml({key: "b"})) == [f"? {key}", ": b"]
