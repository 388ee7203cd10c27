"""Values with very many faults: the first are told, it is said that there are more, and nothing lets the rest pass."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import chartgen
from tests.projects import foreign_chart, write

SCHEMA = {"properties": {"list": {"items": {"type": "string"}}}}
MORE = "these values have more faults than the 1000 that are told"


def told(folder: Path, text: str, *flags: str) -> tuple[int, list[tuple[str, str]]]:
    """The exit code, and each finding's code and message, for values of a chart whose list holds texts."""
    foreign_chart(folder / "chart", schema=SCHEMA)
    write(folder, {"a.yaml": text})
    done = chartgen("validate", "--chart", "chart", "-f", "a.yaml", *flags, "--format", "json", cwd=folder)
    return done.returncode, [(each["code"], each["message"]) for each in json.loads(done.stdout)["findings"]]


def numbers(count: int, comment: str = "") -> str:
    return "list:\n" + "".join(f"- {number}{comment}\n" for number in range(count))


def test_a_thousand_faults_are_all_told(tmp_path: Path) -> None:
    code, found = told(tmp_path, numbers(1000))

    assert (code, len(found), MORE in dict(found).values()) == (1, 1000, False)


@pytest.mark.parametrize("count", [1001, 3000])
def test_of_more_the_first_are_told_and_that_there_are_more(tmp_path: Path, count: int) -> None:
    code, found = told(tmp_path, numbers(count))

    assert (code, len(found)) == (1, 1001)
    assert [message for each, message in found if each == "CG105"] == [MORE]
    assert found[0] == ("CG201", "list[0] is 0; expected a text")


def test_an_index_that_fills_a_list_with_nulls_is_no_flood(tmp_path: Path) -> None:
    code, found = told(tmp_path, "{}", "--set", "list[65536]=x")

    assert (code, len(found)) == (1, 1001)


def test_what_was_not_told_cannot_be_ignored(tmp_path: Path) -> None:
    code, found = told(tmp_path, numbers(1500, " # chartgen: ignore[CG2xx] a test"))

    assert (code, found) == (1, [("CG105", MORE)])


def test_very_many_bad_keys_do_not_take_the_memory(tmp_path: Path) -> None:
    names = "".join(f"  K{number}: 1\n" for number in range(10_000))
    foreign_chart(tmp_path / "chart", schema={"properties": {"map": {"propertyNames": {"pattern": "^[a-z]+$"}}}})
    write(tmp_path, {"a.yaml": f"map:\n{names}"})

    done = chartgen("validate", "--chart", "chart", "a.yaml", "--format", "json", cwd=tmp_path, most_memory=1 << 30)

    assert (done.returncode, json.loads(done.stdout)["summary"]["errors"]) == (1, 1001)
