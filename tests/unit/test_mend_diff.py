"""Mends are shown as a diff that `patch` takes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from chartgen.finding import UsageStop
from chartgen.mend import fix
from chartgen.mend_diff import diff
from chartgen.source import Source
from chartgen.validate import Judge
from chartgen.write import has_mark, rewrite
from tests.mends import ASYNC


def test_the_standard_input_is_read_once_and_its_mends_can_be_shown() -> None:
    reads: list[str] = []

    def read(path: str) -> Source:
        reads.append(path)
        return Source("<stdin>", "settings: {pollIntervalMs: 9}\n")

    made = fix(lambda again: Judge(ASYNC, read=again).findings_of_file("-"), read)

    assert reads == ["-"]
    assert diff(made) == (
        "--- a/<stdin>\n+++ b/<stdin>\n@@ -1 +1 @@\n-settings: {pollIntervalMs: 9}\n+settings: {pollIntervalMs: 2500}\n"
    )
    with pytest.raises(UsageStop, match="<stdin> cannot be changed"):
        rewrite(made.texts)


def shown_in(folder: Path, *names: str) -> str:
    for name in names:
        (folder / name).write_text("settings: {pollIntervalMs: 9}\n")
    return diff(fix(lambda read: Judge(ASYNC, read=read).findings_of_files(names)), has_mark)


@pytest.mark.parametrize("name", ["my file.yaml", "na\nme.yaml", 't\tab "é.yaml', "b\\.yaml", "./sub/../a.yaml"])
def test_patch_finds_the_file_whatever_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)

    shown = shown_in(tmp_path, name)
    subprocess.run(["patch", "-p1"], input=shown.encode(), cwd=tmp_path, check=True, capture_output=True)

    assert (tmp_path / name).read_text() == "settings: {pollIntervalMs: 2500}\n"


def test_patch_finds_the_file_behind_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "real.yaml").touch()
    (tmp_path / "link.yaml").symlink_to("real.yaml")

    shown = shown_in(tmp_path, "link.yaml")

    assert shown.splitlines()[:2] == ["--- a/real.yaml", "+++ b/real.yaml"]


def test_a_file_outside_the_working_folder_has_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")

    shown = shown_in(tmp_path / "sub", "../a.yaml")
    subprocess.run(["patch", "-d", "/", "-p1"], input=shown.encode(), check=True, capture_output=True)

    assert (tmp_path / "a.yaml").read_text() == "settings: {pollIntervalMs: 2500}\n"


def test_a_diff_has_the_mark_and_the_line_ends_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"\xef\xbb\xbfsettings:\r\n  pollIntervalMs: 9")
    made = fix(lambda read: Judge(ASYNC, read=read).findings_of_file(str(path)))

    shown = diff(made, has_mark)

    assert shown == (
        f"--- {path}\n+++ {path}\n@@ -1,2 +1,2 @@\n \ufeffsettings:\r\n"
        "-  pollIntervalMs: 9\n\\ No newline at end of file\n+  pollIntervalMs: 2500\n\\ No newline at end of file\n"
    )
