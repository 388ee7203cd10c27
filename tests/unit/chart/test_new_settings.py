from __future__ import annotations

import json

import pytest

from chartgen.chart.new_settings import known_settings, with_new_settings
from chartgen.enforce.values_schema import values_schema
from chartgen.settings.expression import Path
from chartgen.settings.model import Settings
from chartgen.settings.schema import load_settings
from tests.charts import STOREFRONT
from tests.unit.chart.small import settings_of

NEW = """\
  # b
  # Integer; default 2; environment variable B
  b: 2
"""
SMALL = settings_of({"a": 1, "b": 2, "c": 3})
NESTED = settings_of({"a": 1, "g": {"x": 1, "h": {"z": 2}}})


def entered(text: str, settings: Settings = SMALL, known: frozenset[Path] = frozenset()) -> str:
    return with_new_settings(text, settings, known)


def test_a_new_setting_enters_behind_the_one_before_it_in_the_schema() -> None:
    text = "# mine\nsettings:\n  a: 10  # ten\n  # three\n  c: 30\n\nimage: {tag: 'x'}\n"

    assert entered(text) == f"# mine\nsettings:\n  a: 10  # ten\n{NEW}  # three\n  c: 30\n\nimage: {{tag: 'x'}}\n"


def test_a_setting_without_one_before_it_enters_at_the_end_of_its_group() -> None:
    text = "settings:\n    b: 1\n    c: 1\nother: 1\n"
    added = "    # a\n    # Integer; default 1; environment variable A\n    a: 1\n"

    assert entered(text) == f"settings:\n    b: 1\n    c: 1\n{added}other: 1\n"


def test_nothing_changes_where_nothing_is_new() -> None:
    text = "settings: {c: 1, b: 2, a: 3}   # all\n"

    assert entered(text) == text


def test_a_setting_that_the_user_took_out_stays_out() -> None:
    text = "settings:\n  a: 1\n  c: 1\n"

    assert entered(text, known=frozenset({("b",)})) == text


def test_a_group_that_is_new_enters_whole() -> None:
    expected = """\
settings:
  a: 1
  g:
    # g.x
    # Integer; default 1; environment variable G_X
    x: 1
    h:
      # g.h.z
      # Integer; default 2; environment variable G_H_Z
      z: 2
"""
    assert entered("settings:\n  a: 1\n", NESTED) == expected


def test_settings_enter_a_file_that_has_none() -> None:
    assert entered("image: {}", settings_of({"b": 2})) == f"image: {{}}\n\nsettings:\n{NEW}"


def test_settings_enter_an_empty_file() -> None:
    assert entered("", settings_of({"b": 2})) == f"settings:\n{NEW}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("settings: {a: 1, c: 3} # x\n", "settings: {a: 1, b: 2, c: 3} # x\n"),
        ("settings: {c: 3, a: 1,}\n", "settings: {c: 3, a: 1, b: 2,}\n"),
        ("settings: {\n  a: 1,\n  c: 3\n}\n", "settings: {\n  a: 1, b: 2,\n  c: 3\n}\n"),
        ('{"settings": {"a": 1, "c": 3}}\n', '{"settings": {"a": 1, b: 2, "c": 3}}\n'),
    ],
)
def test_a_mapping_in_braces_stays_in_braces(text: str, expected: str) -> None:
    assert entered(text) == expected


def test_empty_braces_are_filled() -> None:
    assert entered("settings: {}\n") == "settings: {a: 1, b: 2, c: 3}\n"
    assert entered("settings: {a: 1}\n", NESTED) == "settings: {a: 1, g: {x: 1, h: {z: 2}}}\n"


def test_line_breaks_stay_those_of_the_file() -> None:
    text = "settings:\r\n  a: 1\r\n  c: 3"

    assert entered(text) == "settings:\r\n  a: 1\r\n" + NEW.replace("\n", "\r\n") + "  c: 3"


def test_a_last_line_without_a_break_gets_one() -> None:
    assert entered("settings:\n  a: 1\n  b: 1", settings_of({"a": 1, "b": 2, "c": 3})).endswith("  b: 1\n  # c\n" + C)


C = "  # Integer; default 3; environment variable C\n  c: 3\n"


def test_values_of_many_lines_are_passed_whole() -> None:
    text = "settings:\n  a: |\n    # no comment\n\n    text\n\n  # next\n  c: [1,\n    2]\n"

    assert entered(text) == f"settings:\n  a: |\n    # no comment\n\n    text\n{NEW}\n  # next\n  c: [1,\n    2]\n"


@pytest.mark.parametrize(
    "text",
    [
        "settings:\n",
        "settings: null\n",
        "settings: 5\n",
        "settings: [1]\n",
        "base: &base {a: 1}\nsettings: *base\n",
        "settings: {a: 1\n",
        "- 1\n",
        "a: 1\n...\n",
    ],
)
def test_a_file_that_cannot_be_edited_safely_is_left_alone(text: str) -> None:
    assert entered(text) == text


def test_known_settings_are_those_of_the_chart_before() -> None:
    settings = load_settings(str(STOREFRONT))

    assert known_settings(json.dumps(values_schema(settings))) == set(settings.by_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"properties": {"settings": 1}}', "[" * 100_000])
def test_without_a_chart_before_no_setting_is_known(text: str) -> None:
    assert known_settings(text) == frozenset()
