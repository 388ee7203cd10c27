"""Offsets become lines and columns that editors understand."""

from __future__ import annotations

import pytest

from chartgen.source import Source, Span


@pytest.mark.parametrize(
    ("offset", "place"), [(0, (1, 1)), (2, (1, 3)), (3, (2, 1)), (5, (2, 3)), (7, (3, 1)), (99, (3, 2))]
)
def test_lines_and_columns_count_code_points_from_one(offset: int, place: tuple[int, int]) -> None:
    assert place == Source("x", "ab\né😀\r\nc").line_column(offset)


def test_a_line_comes_without_its_break() -> None:
    source = Source("x", "ab\r\ncd")

    assert [source.line(1), source.line(2)] == ["ab", "cd"]


def test_a_span_tells_its_place_and_text() -> None:
    span = Span(Source("values.yaml", "a: 1\nb: 22\n"), 8, 10)

    assert (span.place(), span.text, span.end_line_column) == ("values.yaml:2:4", "22", (2, 6))
