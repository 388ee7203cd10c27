"""A bug in chartgen is told in a few lines; the traceback goes into a file."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from chartgen import __version__
from chartgen.crash import crash_text


def broken() -> ZeroDivisionError:
    """An exception with a traceback."""
    try:
        1 / 0  # noqa: B018 - the bug
    except ZeroDivisionError as error:
        return error
    raise AssertionError


def test_the_text_is_short_and_the_traceback_is_in_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    text = crash_text(broken())
    (file,) = tmp_path.iterdir()

    assert text.splitlines()[0] == (
        f"error: this is a bug in chartgen {__version__}, not in your files: ZeroDivisionError"
    )
    assert str(file) in text
    assert "Traceback" not in text
    kept = file.read_text(encoding="utf-8")
    assert "Traceback (most recent call last)" in kept
    assert "ZeroDivisionError: division by zero" in kept
    assert kept.startswith(f"chartgen {__version__} Python ")


def test_where_no_file_can_be_written_the_place_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)

    assert "test_crash.py:" in crash_text(broken())


def test_the_traceback_is_shown_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHARTGEN_TRACEBACK", "1")

    assert crash_text(broken()).startswith("Traceback (most recent call last)")
