"""Colours where a terminal shows them, and what is under the caret, however wide it is."""

from __future__ import annotations

import re

import pytest

from chartgen.finding import Finding, Severity
from chartgen.report.excerpt import caret_line, excerpt
from chartgen.report.formats import FORMATS, render
from chartgen.report.paint import coloured, wants_colour
from chartgen.source import Source, Span
from tests.findings import FINDINGS


@pytest.mark.parametrize(
    ("environ", "is_terminal", "expected"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, True, False),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "0"}, False, False),
        ({"FORCE_COLOR": ""}, False, False),
        ({"CLICOLOR_FORCE": "1"}, False, True),
        ({"CLICOLOR_FORCE": "0"}, True, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False, True),
    ],
)
def test_who_gets_colours(environ: dict[str, str], is_terminal: bool, expected: bool) -> None:
    assert wants_colour(environ, is_terminal) is expected


def test_a_coloured_report_says_the_same() -> None:
    plain, painted = render(FINDINGS, "text"), render(FINDINGS, "text", paint=coloured)

    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain
    assert "\x1b[1;31merror[CG203]\x1b[0m" in painted
    assert "\x1b[1;33mwarning[CG206]\x1b[0m" in painted


def test_only_the_report_for_people_has_colours() -> None:
    assert [name for name in FORMATS if "\x1b" in render(FINDINGS, name, paint=coloured)] == ["text"]


@pytest.mark.parametrize(
    ("text", "marked", "blank", "carets"),
    [
        ("ab: 12", "12", 4, "^^"),
        ("日本: 12", "12", 6, "^^"),
        ("a: 日本", "日本", 3, "^^^^"),
        ("e\u0301a: 12", "12", 4, "^^"),  # an accent of its own
        ("\u0e01\u0e31: 12", "12", 3, "^^"),  # Thai: a vowel over its consonant
        ("\u1112\u1161\u11ab: 12", "12", 4, "^^"),  # a Korean syllable in its letters
        ("👍🏽: 12", "12", 4, "^^"),  # an emoji and a colour
        ("❤\ufe0f: 12", "12", 4, "^^"),  # a text character, drawn as an emoji
        ("🇩🇪: 12", "12", 4, "^^"),  # a flag of two letters
        ("ｶ: 12", "12", 3, "^^"),  # half-width
        ("a: e\u0301", "e\u0301", 3, "^"),
    ],
)
def test_wide_characters_move_the_caret_as_far_as_they_are_wide(
    text: str, marked: str, blank: int, carets: str
) -> None:
    start = text.index(marked)

    assert caret_line(excerpt(Span(Source("a", text), start, start + len(marked)))) == (" " * blank, carets)


def test_tabs_stay_before_the_caret_and_between_carets() -> None:
    assert caret_line(excerpt(Span(Source("a", "\ta:\tb\tc"), 4, 7))) == ("\t  \t", "^\t^")
    assert caret_line(excerpt(Span(Source("a", "a\tb"), 1, 2))) == (" ", "^")


def test_what_prints_nothing_takes_the_place_of_its_replacement() -> None:
    finding = Finding("CG201", Severity.ERROR, "x", Span(Source("a", "👩\u200d💻: 1"), 5, 6))

    assert render([finding], "text").splitlines()[3:5] == ["1 | 👩\ufffd💻: 1", "  |        ^"]
