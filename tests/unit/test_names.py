"""The name that was probably meant."""

from __future__ import annotations

import pytest

from chartgen.documents.branches import Fault
from chartgen.documents.nodes import Plain
from chartgen.mend_faults import nearest_value
from chartgen.names import MOST_KNOWN, did_you_mean, likeliest, nearest, suggestion


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


def test_of_many_names_one_that_differs_in_case_alone_is_found() -> None:
    names = [f"Europe/Town{number}" for number in range(MOST_KNOWN)]

    assert nearest("europe/town7", names) == likeliest("europe/town7", names) == "Europe/Town7"


class Counted(str):
    """A text that counts how often it is looked into."""

    __slots__ = ()
    looks = 0

    def casefold(self) -> str:
        Counted.looks += 1
        return super().casefold()

    def __lt__(self, other: str) -> bool:
        Counted.looks += 1
        return super().__lt__(other)


@pytest.mark.parametrize("number", [1000, MOST_KNOWN, 60_000])
def test_unknown_words_among_very_many_names_are_bounded_work(number: int) -> None:
    names: list[str] = sorted(Counted(f"name{place:05}") for place in range(number))
    Counted.looks = 0

    for place in range(10):
        assert suggestion(f"zzz{place}", names).startswith("known here: name00000, ")
        assert likeliest(f"zzz{place}", names) is None

    assert Counted.looks <= 10 * 3 * MOST_KNOWN


def test_a_choice_among_very_many_is_not_guessed() -> None:
    words: list[Plain] = [f"name{place:05}" for place in range(MOST_KNOWN + 1)]

    def mended(limit: list[Plain]) -> object:
        return nearest_value(Fault((), "enum", "", limit, ("enum",)), "NAME00007", "NAME00007", {"enum": limit})

    assert (mended(words[:-1]), mended(words)) == ("name00007", None)
