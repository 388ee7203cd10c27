"""What tests need from the system is found where servers are, and named where it is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools import system


def test_a_program_that_is_not_there_is_named_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system, "where", lambda program: None if program == "bwrap" else "/x")

    assert system.missing() == ["bubblewrap"]


def test_who_is_not_root_is_told_and_nothing_is_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system, "where", lambda _: None)
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    assert system.main() == 0
    assert "some tests are skipped: nginx, chromium, bubblewrap, strace" in capsys.readouterr().out


def test_servers_are_found_that_the_path_leaves_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "nginx").write_text("")
    (tmp_path / "nginx").chmod(0o755)

    assert system.where("nginx") == str(tmp_path / "nginx")
