"""A site, and a mounted ConfigMap that is followed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.entrypoint import EP, GOOD, PAGE, write_table
from tests.kubelet import Volume
from tests.unit.entrypoint.watching import Followed, Watcher


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with a page, and the reference app's table beside it."""
    write_table(tmp_path / "settings.py")
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_bytes(PAGE)
    return folder


@pytest.fixture
def volume(tmp_path: Path) -> Volume:
    """A mounted ConfigMap with the settings of `GOOD`."""
    return Volume(tmp_path / "volume", GOOD)


@pytest.fixture
def watch(site: Path, volume: Volume) -> Iterator[Callable[..., Watcher]]:
    """Start the entrypoint with `--watch`; it is ended with the test."""
    started = []

    def start(*options: str | Path, **more: Any) -> Watcher:
        watcher = Watcher(site, volume.folder, *options, **more)
        started.append(watcher)
        return watcher.until_begun()

    yield start
    for watcher in started:
        watcher.end()


@pytest.fixture
def follow(site: Path, volume: Volume) -> Iterator[Callable[..., Followed]]:
    """Begin to follow a volume with the settings of `GOOD`, or another folder that is there."""
    folder, followed = site.parent, []

    def begin(*options: str, mode: str = "json") -> Followed:
        words = [
            "--watch",
            f"--mode={mode}",
            f"--settings={volume.folder}",
            f"--source={site}",
            f"--output={folder / 'out'}",
        ]
        parsed, _ = EP.parse([*words, *options], {})
        said: list[str] = []
        live = EP.Live(parsed, EP.load_table(str(folder / "settings.py")), lambda *words: said.append(": ".join(words)))
        followed.append(live)
        live.begin(0)
        return Followed(live, volume, said, folder / "out")

    yield begin
    for live in followed:
        live.deafen()
