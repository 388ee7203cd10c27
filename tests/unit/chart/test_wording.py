from __future__ import annotations

import pytest

from chartgen.chart.wording import about, limits
from chartgen.settings.expression import Type
from chartgen.settings.model import Bounds, Setting


def setting(bounds: Bounds, type_: Type = Type.INTEGER, unit: str = "") -> Setting:
    return Setting(("a",), type_, 1, "A", bounds, unit)


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        (Bounds(), "integer"),
        (Bounds(minimum=1, maximum=10), "integer, 1 to 10"),
        (Bounds(minimum=1), "integer, at least 1"),
        (Bounds(exclusive_minimum=0, maximum=10), "integer, more than 0, at most 10"),
        (Bounds(exclusive_maximum=10), "integer, less than 10"),
        (Bounds(minimum=1, maximum=10, multiple_of=5), "integer, 1 to 10, a multiple of 5"),
        (Bounds(enum=(1, 2)), "integer, one of 1, 2"),
        (Bounds(const=3), "integer, always 3"),
        (Bounds(min_length=1, max_length=5), "integer, 1 to 5 characters"),
        (Bounds(min_length=1), "integer, at least 1 character"),
        (Bounds(max_length=5), "integer, at most 5 characters"),
        (Bounds(pattern="^a b$"), "integer, matching ^a b$"),
    ],
)
def test_bounds_are_told_in_words(bounds: Bounds, expected: str) -> None:
    assert limits(setting(bounds)) == expected


def test_units_are_told_in_words_but_for_a_count() -> None:
    assert limits(setting(Bounds(), unit="ms")) == "integer, milliseconds"
    assert limits(setting(Bounds(), unit="count")) == "integer"


def test_a_setting_is_told_by_title_and_description_or_else_by_its_name() -> None:
    bare = Setting(("group", "name"), Type.INTEGER, 1, "A")
    both = Setting(("a",), Type.INTEGER, 1, "A", title="Poll interval.", description="How often.\n")

    assert about(bare) == "group.name"
    assert about(both) == "Poll interval. How often."
