"""Environments are made from hashed locks, once, and a Python that cannot make one is told apart."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from scripts import environment


def test_without_any_way_to_make_one_the_message_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(environment, "ways_to_make", lambda _: [[[sys.executable, "-c", "raise SystemExit(1)"]]])
    lock = tmp_path / "run.txt"
    lock.touch()

    assert environment.main([str(tmp_path / "venv"), str(lock)]) == 1
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    assert f"apt install {version}-venv" in capsys.readouterr().err


def test_a_python_without_ensurepip_borrows_pip_from_outside(tmp_path: Path) -> None:
    folder = tmp_path / "venv"
    without_pip, borrowed = list(environment.ways_to_make(folder))[1]

    assert without_pip == [sys.executable, "-m", "venv", "--clear", "--without-pip", str(folder)]
    assert borrowed[:4] == [sys.executable, "-m", "pip", "--python"]


def test_an_environment_that_is_up_to_date_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[Path] = []
    monkeypatch.setattr(environment, "works", lambda _: True)
    monkeypatch.setattr(environment, "install", lambda _, lock: installed.append(lock))
    lock = tmp_path / "run.txt"
    lock.write_text("a==1\n")

    assert [environment.main([str(tmp_path), str(lock)]) for _ in range(2)] == [0, 0]
    assert installed == [lock]


def test_a_changed_lock_is_installed_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed: list[str] = []
    monkeypatch.setattr(environment, "works", lambda _: True)
    monkeypatch.setattr(environment, "install", lambda _, lock: installed.append(lock.read_text()))
    lock = tmp_path / "run.txt"
    for text in ("a==1\n", "a==2\n"):
        lock.write_text(text)
        assert environment.main([str(tmp_path), str(lock)]) == 0

    assert installed == ["a==1\n", "a==2\n"]
