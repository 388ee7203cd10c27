"""Live reload, look by look: all of a change takes its place, in order, or none of it."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.entrypoint import EP, GOOD, PAGE
from tests.unit.entrypoint.watching import Followed

Follow = Callable[..., Followed]
SLOWER = {**GOOD, "JOB_TIMEOUT_MS": "600000"}


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("mode", ["json", "file"])
def test_a_full_disk_changes_nothing_and_the_change_is_tried_again(
    follow: Follow, mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    each = follow(mode=mode)
    (each.output / "index.html.gz").write_bytes(b"old")
    before = {path.name: path.read_bytes() for path in each.output.iterdir()}
    each.volume.swap(SLOWER)
    write, room = os.write, iter(range(2))
    monkeypatch.setattr(os, "write", lambda *words: write(*words) if next(room, None) is not None else full())

    assert re.search("cannot be served, 1 so far: .*: No space left on device; it is tried again", each.look(now=0))
    assert before == {path.name: path.read_bytes() for path in each.output.iterdir()}

    assert [each.look(now) for now in (1.9, 2, 5.9, 6)] == [""] * 4  # tried at 2 and 6, and said once
    assert (each.live.due, each.counts) == (14, (0, 0, 1))
    monkeypatch.undo()
    each.look(now=13)
    assert each.timeout == "500000"
    each.look(now=14)

    assert each.timeout == "600000"
    assert each.counts == (1, 0, 1)


def test_a_change_that_could_not_be_written_and_is_taken_back_leaves_all_as_it_was(
    follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    each = follow()
    each.volume.swap(SLOWER)
    monkeypatch.setattr(EP, "_take_over", full)
    each.look()
    monkeypatch.undo()

    each.volume.swap(GOOD)
    each.look()

    assert each.timeout == "500000"
    assert (each.counts, each.live.is_good) == ((0, 0, 1), True)


def test_a_rename_that_fails_half_way_is_mended_at_the_next_attempt(
    follow: Follow, monkeypatch: pytest.MonkeyPatch
) -> None:
    each = follow(mode="file")
    each.volume.swap(SLOWER)
    rename, left = os.replace, iter(range(1))
    monkeypatch.setattr(os, "replace", lambda *words: rename(*words) if next(left, None) is not None else full())
    each.look(now=0)
    monkeypatch.undo()
    assert sorted(path.name for path in each.output.iterdir()) == [
        "chartgen-settings.js",
        "index.html",
        "settings.json",
    ]

    each.look(now=2)

    assert each.timeout == "600000"
    assert EP._unfinished == set()


def test_a_script_comes_before_the_pages_that_ask_for_it_and_settings_json_last(
    follow: Follow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.html", "sub/b.html"):
        (tmp_path / "site" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "site" / name).write_bytes(PAGE)
    order: list[str] = []
    rename = os.replace

    def note(old: str, new: str) -> None:
        order.append(os.path.relpath(new, tmp_path / "out"))
        rename(old, new)

    monkeypatch.setattr(os, "replace", note)
    each = follow(mode="file")
    for _ in range(2):
        assert order == ["chartgen-settings.js", "a.html", "index.html", "sub/b.html", "settings.json"]
        order.clear()
        each.volume.swap(SLOWER)
        each.look()


def test_a_worker_that_pins_two_pages_learns_both_hashes_of_a_change(follow: Follow, tmp_path: Path) -> None:
    (tmp_path / "site" / "a.html").write_bytes(PAGE)
    (tmp_path / "site" / "sw.js").write_text('[{"url":"a.html","revision":"1"},{"url":"index.html","revision":"2"}]')
    each = follow()

    each.volume.swap(SLOWER)
    each.look()

    text = (each.output / "sw.js").read_text()
    for name in ("a.html", "index.html"):
        assert EP.sha256((each.output / name).read_bytes()).hexdigest()[:32] in text
