"""Options of the commands for clusters that nobody can mean: one line says so, before anything is asked of a cluster."""

from __future__ import annotations

from pathlib import Path

import pytest

from chartgen.__main__ import main

SET = ("set", "pollIntervalMs=5000")
COMMANDS = [SET, ("apply", "-f", "-"), ("status",), ("doctor",)]


def refused(repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    monkeypatch.chdir(repository)
    code, said = main(words), capsys.readouterr()

    assert (code, said.out) == (2, "")
    return said.err


@pytest.mark.parametrize("words", [*COMMANDS, ("rbac",)])
@pytest.mark.parametrize("option", ["--namespace", "--env", "--context"])
def test_an_empty_name_is_not_the_default(
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    option: str,
) -> None:
    if (words[0], option) != ("rbac", "--context"):
        said = refused(repository, monkeypatch, capsys, *words, option, "")
        assert said.startswith(f"error: {option} names nothing: its value is empty\n")


@pytest.mark.parametrize(
    ("words", "option"),
    [
        *[(words, "--request-timeout") for words in COMMANDS],
        (SET, "--timeout"),
        (SET, "--users"),
        (("status",), "--every"),
        (("doctor",), "--most-requests"),
    ],
)
@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "1e300", "0", "9" * 400])
def test_a_number_that_is_none_or_has_no_end_is_refused(
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    option: str,
    text: str,
) -> None:
    assert f"Invalid value for '{option}'" in refused(repository, monkeypatch, capsys, *words, option, text)
