"""Mends are written into files whole, or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from chartgen.finding import OutsideStop, UsageStop
from chartgen.mend import fix
from chartgen.source import Source
from chartgen.validate import Judge
from chartgen.write import rewrite
from tests.mends import ASYNC


def test_a_file_is_written_whole_with_its_mode_its_mark_and_by_its_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.yaml", tmp_path / "link.yaml"
    real.write_bytes(b"\xef\xbb\xbfsettings: {pollIntervalMs: 9}\r\n")
    real.chmod(0o640)
    link.symlink_to(real)
    made = fix(lambda read: Judge(ASYNC, read=read).findings_of_file(str(link)))

    rewrite(made.texts)

    assert real.read_bytes() == b"\xef\xbb\xbfsettings: {pollIntervalMs: 2500}\r\n"
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link.yaml", "real.yaml"]


def test_a_file_with_two_names_has_the_new_text_by_both(tmp_path: Path) -> None:
    one, two = tmp_path / "1.yaml", tmp_path / "2.yaml"
    one.write_text("settings: {pollIntervalMs: 9}  # long before\n")
    two.hardlink_to(one)

    rewrite({str(one): (Source(str(one), one.read_text()), "short\n")})

    assert two.read_text() == "short\n"
    assert one.samefile(two)


def test_a_read_only_file_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    one, two = tmp_path / "1.yaml", tmp_path / "2.yaml"
    one.write_text("a: 1\n")
    two.write_text("a: 1\n")
    two.chmod(0o444)

    with pytest.raises(OutsideStop, match=r"2\.yaml is read-only; nothing is written"):
        rewrite({str(path): (Source(str(path), "a: 1\n"), "a: 2\n") for path in (one, two)})

    assert (one.read_text(), two.read_text()) == ("a: 1\n", "a: 1\n")


def test_a_file_that_changed_meanwhile_is_not_written_nor_is_any_other(tmp_path: Path) -> None:
    one, two = tmp_path / "1.yaml", tmp_path / "2.yaml"
    one.write_text("settings: {pollIntervalMs: 9}\n")
    two.write_text("settings: {pollIntervalMs: 9}\n")
    made = fix(lambda read: Judge(ASYNC, read=read).findings_of_files([str(one), str(two)]))
    two.write_text("settings: {pollIntervalMs: 8}\n")

    with pytest.raises(UsageStop, match="has changed since it was read"):
        rewrite(made.texts)

    assert one.read_text() == "settings: {pollIntervalMs: 9}\n"


def test_a_disk_that_refuses_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("settings: {pollIntervalMs: 9}\n")
    made = fix(lambda read: Judge(ASYNC, read=read).findings_of_file(str(path)))

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left on the disk")

    monkeypatch.setattr(os, "replace", full)

    with pytest.raises(OutsideStop, match=r"a\.yaml cannot be written: no space left on the disk"):
        rewrite(made.texts)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [
        ("a.yaml", "settings: {pollIntervalMs: 9}\n")
    ]
