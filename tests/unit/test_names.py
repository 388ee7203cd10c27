"""The name that was probably meant."""

from __future__ import annotations

import pytest

from chartgen.names import did_you_mean, nearest


@pytest.mark.parametrize(
    ("word", "expected"),
    [("minimun", "minimum"), ("MINIMUM", "minimum"), ("defualt", "default"), ("xyz", None), ("", None)],
)
def test_the_nearest_known_name_is_found_whatever_its_case(word: str, expected: str | None) -> None:
    assert nearest(word, ["maximum", "default", "minimum"]) == expected


def test_a_word_that_is_like_none_gets_the_list() -> None:
    assert did_you_mean("xyz", ["b", "a"]) == "known here: a, b"


def test_a_word_that_is_like_one_gets_that_one() -> None:
    assert did_you_mean("imge", ["image", "page"]) == 'did you mean "image"?'


def test_where_nothing_is_known_nothing_is_said() -> None:
    assert did_you_mean("xyz", []) == ""


def test_of_very_many_names_the_first_are_listed() -> None:
    assert did_you_mean("zzz", [f"n{number:03}" for number in range(500)]).endswith(", n058, n059 and 440 more")


def test_too_many_names_or_too_long_a_word_are_not_compared() -> None:
    assert nearest("name7x", [f"name{number}" for number in range(100_000)]) is None
    assert nearest("x" * 1_000_000 + "y", ["x" * 1_000_000]) is None
