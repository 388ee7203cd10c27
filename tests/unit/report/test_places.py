"""File names of any make, as reports for other machines have them."""

from __future__ import annotations

import ntpath
import os
import posixpath
from pathlib import Path

import pytest

from chartgen.report.places import repository_path, repository_root, uri, utf16_column
from chartgen.source import Source, Span


@pytest.mark.parametrize(
    ("name", "here", "expected"),
    [
        ("envs/prod.yaml", "/repo", "envs/prod.yaml"),
        ("./envs//prod.yaml", "/repo", "envs/prod.yaml"),
        ("prod.yaml", "/repo/envs", "envs/prod.yaml"),
        ("../base.yaml", "/repo/envs", "base.yaml"),
        ("/repo/a.yaml", "/elsewhere", "a.yaml"),
        ("../a.yaml", "/repo", "/a.yaml"),
        ("..a/b.yaml", "/repo", "..a/b.yaml"),
        ("a\\b.yaml", "/repo", "a\\b.yaml"),
    ],
)
def test_a_path_is_that_of_the_repository(name: str, here: str, expected: str) -> None:
    assert repository_path(name, "/repo", here, posixpath) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (r"envs\prod.yaml", "envs/prod.yaml"),
        ("envs/prod.yaml", "envs/prod.yaml"),
        (r"C:\repo\a b.yaml", "a b.yaml"),
        (r"..\x\a.yaml", "C:/x/a.yaml"),
        (r"D:\a.yaml", "D:/a.yaml"),
    ],
)
def test_a_path_of_windows_has_slashes(name: str, expected: str) -> None:
    assert repository_path(name, r"C:\repo", r"C:\repo", ntpath) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("envs/prod.yaml", "envs/prod.yaml"),
        ("a b#c%d?e[f].yaml", "a%20b%23c%25d%3Fe%5Bf%5D.yaml"),
        ("a:b.yaml", "a%3Ab.yaml"),
        ("a\\b.yaml", "a%5Cb.yaml"),
        ("é日🙂.yaml", "%C3%A9%E6%97%A5%F0%9F%99%82.yaml"),
        (os.fsdecode(b"\xff.yaml"), "%FF.yaml"),
        ("\ud800.yaml", "%5Cud800.yaml"),
        ("/x/a.yaml", "file:///x/a.yaml"),
        ("C:/x y/a.yaml", "file:///C:/x%20y/a.yaml"),
    ],
)
def test_a_uri_has_no_character_that_means_something(path: str, expected: str) -> None:
    assert uri(path) == expected


def test_the_repository_is_what_the_ci_says_or_what_git_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "repo" / "charts"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    root, here = os.path.realpath(tmp_path), os.path.realpath(inner)

    assert repository_root({}) == here
    assert repository_root({"GITHUB_WORKSPACE": str(tmp_path)}) == root
    assert repository_root({"GITHUB_WORKSPACE": "/elsewhere", "CI_PROJECT_DIR": str(tmp_path)}) == root
    (tmp_path / "repo" / ".git").mkdir()
    assert repository_root({"GITHUB_WORKSPACE": "/elsewhere"}) == os.path.dirname(here)


def test_a_column_in_utf_16_counts_two_for_what_is_beyond_the_first_plane() -> None:
    source = Source("a", "x\r\n🙂é日🙂: 1\r\n")
    start = source.text.index(":")

    assert utf16_column(Span(source, start, start + 1), 2, 5) == 7
