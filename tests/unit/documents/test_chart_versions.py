"""Ranges of versions, in which a dependency has to lie for its alias to count."""

from __future__ import annotations

import pytest

from chartgen.documents.chart_versions import fits, is_version


@pytest.mark.parametrize(
    ("wanted", "inside", "outside"),
    [
        ("1.2.3", "1.2.3", "1.2.4"),
        ("^1.2", "1.9.0", "2.0.0"),
        ("^0.2.3", "0.2.9", "0.3.0"),
        ("~1.2.3", "1.2.9", "1.3.0"),
        ("1.x.x", "1.0.0", "2.0.0"),
        ("*", "0.0.1", "1.0.0-rc.1"),
        (">=1.0.0-0", "1.0.0-rc.1", "0.9.0"),
        (">=1 <2", "1.5.0", "2.0.0"),
        (">=1, <2", "1.5.0", "0.5.0"),
        ("1.2 - 1.4", "1.3.0", "1.5.0"),
        ("<1 || >2", "3.0.0", "1.5.0"),
        (">1", "2.0.0", "1.9.0"),
        ("<=1", "1.9.0", "2.0.0"),
        ("!=1.2.x", "1.3.0", "1.2.5"),
        (">1.0.0-a", "1.0.0-b", "1.0.0-1"),
    ],
)
def test_a_version_lies_in_a_range_or_not(wanted: str, inside: str, outside: str) -> None:
    assert (fits(wanted, inside), fits(wanted, outside)) == (True, False)


@pytest.mark.parametrize("wanted", ["", "one", "1.0,", "1.2.3.4", "1" * 600, "||".join(["1"] * 33)])
def test_what_is_no_range_fits_nothing(wanted: str) -> None:
    assert not fits(wanted, "1.0.0")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1.2.3", True), ("v1.2", True), ("01.02.03", True), ("1.0.0-rc.1+build", True), ("1.0.0-01", False), ("one", False), ("1.0.0\n", False), ("99999999999999999999.0.0", False), ("", False)],
)  # fmt: skip
def test_versions_are_helms(text: str, expected: bool) -> None:
    assert is_version(text) is expected


def test_a_hostile_range_takes_no_time() -> None:
    assert not fits(f"{'1   ' * 120}!", "1.0.0")
