"""The line of a long run fits the terminal, whatever the file is called."""

from __future__ import annotations

import os

import pytest

from chartgen.commands import progress


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal of 40 columns."""
    monkeypatch.setattr(os, "get_terminal_size", lambda _number: os.terminal_size((40, 20)))


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("envs/prod.yaml", "judging envs/prod.yaml (12 s)"),
        ("a" * 30 + "/values.yaml", "judging ...aaaaaaaaa/values.yaml (12 s)"),
        ("日" * 30, "judging ...日日日日日日日日日 (12 s)"),
        ("a\n\x1b[2J\tb", "judging a \\x1b[2J b (12 s)"),
    ],
)
def test_the_line_fits(path: str, expected: str) -> None:
    line = progress._line(path, 12.3)

    assert line == expected
    assert len(line) < 40
