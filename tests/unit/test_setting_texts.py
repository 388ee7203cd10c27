"""What is said of a setting's text, and what is proposed in its place: never a number that nobody wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from chartgen.asked import Asked
from chartgen.verdict import verdict_of

SCHEMA = """\
title: Clock
description: When the clock of a page is set.
type: object
properties:
  intervalMs: {type: integer, description: How often., default: 5000, minimum: 1000, maximum: 60000, multipleOf: 100, x-env: CLOCK_MS, x-unit: ms}
  share: {type: number, description: How much., default: 0.5, maximum: 0.9, x-env: CLOCK_SHARE}
  theme: {type: string, description: Which one., default: auto, enum: [auto, dark], x-env: CLOCK_THEME}
  zone: {type: string, description: Where., default: UTC, pattern: '^[A-Z]+$', x-env: CLOCK_ZONE}
"""
GIVEN = {"CLOCK_MS": "5000", "CLOCK_SHARE": "0.5", "CLOCK_THEME": "auto", "CLOCK_ZONE": "UTC"}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("clock.schema.yaml").write_text(SCHEMA)


def said(env: str, text: str) -> tuple[str, str, str, list[str]]:
    """The code, the message, the help and the new texts of the one finding of a text."""
    given = {**{name: f'"{value}"' for name, value in GIVEN.items()}, env: text}
    data = "".join(f"  {name}: {value}\n" for name, value in given.items())
    Path("map.yaml").write_text(f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: m}}\ndata:\n{data}")
    (found,) = verdict_of(Asked(("map.yaml",), settings="clock.schema.yaml")).findings
    return found.code, found.message, found.help, [edit.text for edit in found.edits]


@pytest.mark.parametrize(
    ("env", "text", "code", "help_"),
    [
        ("CLOCK_MS", '"1e+06"', "CG409", "1e+06 is 1000000; expected at most 60000 ms"),
        ("CLOCK_MS", '"5_050"', "CG409", "5_050 is 5050; expected a multiple of 100 ms"),
        ("CLOCK_MS", '"2min"', "CG409", "2min is 120000; expected at most 60000 ms"),
        ("CLOCK_MS", '" 500"', "CG414", "500 is not allowed either; expected at least 1000 ms"),
        ("CLOCK_MS", "1000000", "CG408", "1000000 is not allowed either; expected at most 60000 ms"),
        ("CLOCK_SHARE", '"15e-1"', "CG409", "15e-1 is 1.5; expected at most 0.9"),
    ],
)
def test_what_is_out_of_bounds_is_told_as_that_and_not_guessed_at(env: str, text: str, code: str, help_: str) -> None:
    found = said(env, text)

    assert (found[0], found[2], found[3]) == (code, help_, [])


@pytest.mark.parametrize(
    ("text", "code", "new"),
    [
        ('"1e+04"', "CG409", '"10000"'),
        ('"5s"', "CG409", '"5000"'),
        ('" 6000"', "CG414", '"6000"'),
        ("6000", "CG408", '"6000"'),
    ],
)
def test_what_is_in_bounds_is_written_as_it_is_meant(text: str, code: str, new: str) -> None:
    found = said("CLOCK_MS", text)

    assert (found[0], found[2], found[3]) == (code, f"write {new}", [new])


@pytest.mark.parametrize(
    ("env", "text", "new"),
    [("CLOCK_THEME", '"auto "', "auto"), ("CLOCK_ZONE", '" CET"', "CET"), ("CLOCK_ZONE", '"CET\\n"', "CET")],
)
def test_a_text_that_is_right_without_blanks_has_blanks_for_a_fault(env: str, text: str, new: str) -> None:
    code, message, help_, edits = said(env, text)

    assert (code, [edit.strip('"') for edit in edits]) == ("CG414", [new])
    assert "with blanks around the value; expected" in message
    assert help_.startswith("write ")


def test_a_text_that_is_wrong_without_blanks_too_is_not_told_for_them() -> None:
    assert said("CLOCK_ZONE", '"cet "')[0] == "CG205"
