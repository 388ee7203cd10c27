from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chartgen.chart.yaml_text import WIDTH, comment, entry, flow, number, one_line, scalar, setting_value, word
from chartgen.documents.nodes import plain
from chartgen.documents.parsing import parse
from chartgen.documents.scalar_text import quoted
from chartgen.source import Source

LEAVES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text()
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3), max_leaves=8
)


def read(text: str) -> Any:
    """What Helm makes of a YAML text."""
    root, findings = parse(Source("a.yaml", text))
    assert root is not None, findings
    return plain(root)


@given(st.text())
def test_any_text_in_quotes_is_read_as_it_is(text: str) -> None:
    assert read(f"a: {quoted(text)}\n") == {"a": text}


@given(st.text() | st.from_regex(r"[yYnNoO0-9.eE_+:x-]{1,6}", fullmatch=True))
def test_any_text_is_read_as_it_is_with_quotes_only_where_needed(text: str) -> None:
    assert read(f"{word(text)}: {word(text)}\n") == {text: text}


@pytest.mark.parametrize("text", ["IfNotPresent", "/usr/x.y", "64Mi", "kubernetes.io/arch"])
def test_plain_words_stay_without_quotes(text: str) -> None:
    assert word(text) == text


@pytest.mark.parametrize("text", ["y", "No", "1e3", "0x1F", "1.10", "", "~", "a: b", "- a", "2020-01-01", "a #b", "*a"])
def test_what_yaml_could_take_for_something_else_gets_quotes(text: str) -> None:
    assert word(text) == quoted(text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1e-06, "0.000001"),
        (0.25, "0.25"),
        (5.0, "5"),
        (-0.0, "0"),
        (1e15, "1000000000000000"),
        (2**53 - 1, str(2**53 - 1)),
    ],
)
def test_numbers_are_plain_digits(value: float, expected: str) -> None:
    assert number(value) == expected


@given(st.integers(-(10**15), 10**15), st.integers(0, 6))
def test_every_number_is_read_as_it_is(digits: int, decimals: int) -> None:
    value = float(Decimal(digits).scaleb(-decimals))

    assert float(number(value)) == value
    assert "e" not in number(value).lower()


def test_a_setting_that_is_a_text_is_seen_to_be_one() -> None:
    assert [setting_value(each) for each in ("auto", True, 5, 0.5)] == ['"auto"', "true", "5", "0.5"]
    assert scalar(None) == "null"


@given(st.dictionaries(st.text(), VALUES, min_size=1, max_size=4))
def test_any_value_is_read_as_it_is_in_block_and_in_flow_style(values: dict[str, Any]) -> None:
    block = "\n".join(line for key, value in values.items() for line in entry(key, value, 0)) + "\n"

    assert read(block) == values
    assert read(f"a: {flow(values)}\n") == {"a": values}


@given(st.text(), st.integers(0, 8))
def test_any_text_is_a_comment_that_holds_nothing_else(text: str, indent: int) -> None:
    lines = comment(text, indent)

    assert read("\n".join([*lines, "a: 1"]) + "\n") == {"a": 1}
    assert all(line.startswith(" " * indent + "# ") for line in lines)


def test_a_comment_is_wrapped_between_words() -> None:
    lines = comment("word " * 60, 2)

    assert max(map(len, lines)) <= WIDTH
    assert " ".join(line.removeprefix("  # ") for line in lines) == ("word " * 60).strip()


def test_a_long_word_and_a_paragraph_stay_whole() -> None:
    link = "https://example.com/" + "a" * 120

    assert comment(f"See {link} for more.\n\nThe end.") == ["# See", f"# {link}", "# for more.", "# The end."]


def test_one_line_keeps_the_words_alone() -> None:
    assert one_line(" a\n\tb\u2028c\x00d  e ") == "a b c d e"
