"""Live reload: a mounted ConfigMap that changes while the entrypoint follows it."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.entrypoint import GOOD, PAGE, run, write_table
from tests.kubelet import Volume
from tests.unit.entrypoint.watching import Watcher

SLOWER = {**GOOD, "JOB_TIMEOUT_MS": "600000"}
WRONG = {**GOOD, "JOB_POLL_INTERVAL_MS": "6000"}  # 100 attempts at 6000 ms each do not fit into 500000 ms
MEND = "raise timeoutMs to 600000, or lower maxPollAttempts to 83, or lower pollIntervalMs to 5000"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with a page in it; the table and the mounted ConfigMap are beside it."""
    write_table(tmp_path / "settings.py")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_bytes(PAGE)
    return tmp_path / "site"


@pytest.fixture
def volume(tmp_path: Path) -> Volume:
    return Volume(tmp_path / "volume", GOOD)


@pytest.fixture
def watch(site: Path, volume: Volume) -> Iterator[Callable[..., Watcher]]:
    """Start the entrypoint with `--watch`; it is ended with the test."""
    started = []

    def start(*options: str | Path, **more: Any) -> Watcher:
        watcher = Watcher(site, volume.folder, *options, **more)
        started.append(watcher)
        return watcher.until_served() if more.get("is_served", True) else watcher

    yield start
    for watcher in started:
        watcher.end()


def version(settings: bytes) -> str:
    return sha256(settings).hexdigest()[:16]


def as_json(settings: dict[str, str]) -> bytes:
    return json.dumps({name: int(text) for name, text in settings.items()}, separators=(",", ":")).encode()


def test_settings_json_says_the_settings_and_a_version_that_is_theirs_alone(site: Path, volume: Volume) -> None:
    for folder in ("one", "other"):
        out = site.parent / folder
        done = run("--table", site.parent / "settings.py", "--once", "--settings", volume.folder, "--mode=json", "--source", site, "--output", out)  # fmt: skip
        assert done.returncode == 0, done.stderr

    text = (site.parent / "one" / "settings.json").read_bytes()
    assert text == b'{"version":"%s","settings":%s}\n' % (version(as_json(GOOD)).encode(), as_json(GOOD))
    one, other = ((site.parent / folder / "settings.json").stat() for folder in ("one", "other"))
    assert (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)


def test_a_change_of_the_config_map_is_served(watch: Callable[..., Watcher], volume: Volume) -> None:
    watcher = watch()

    volume.swap(SLOWER)

    watcher.until(lambda: watcher.settings == as_json(SLOWER))
    assert as_json(SLOWER) in watcher.page


def test_a_change_that_is_wrong_is_refused_and_the_last_good_one_stays(
    watch: Callable[..., Watcher], volume: Volume
) -> None:
    watcher = watch()

    volume.swap(WRONG)

    watcher.until_said("refused, 1 so far")
    assert MEND in watcher.log
    assert watcher.settings == as_json(GOOD)
    assert as_json(GOOD) in watcher.page


def test_sigterm_ends_it_with_143(watch: Callable[..., Watcher]) -> None:
    watcher = watch()

    watcher.process.send_signal(signal.SIGTERM)

    assert watcher.process.wait(5) == 143


USAGE = {
    "no ConfigMap": (["--mode=json"], "--watch follows a mounted ConfigMap: name it by --settings"),
    "inline": (
        ["--settings=x"],
        "--watch needs --mode json or file: the server's Content-Security-Policy has the hash",
    ),
    "once": (["--settings=x", "--mode=json", "--once"], "--once and --watch (CHARTGEN_WATCH) exclude each other"),
    "a command": (["--settings=x", "--mode=json", "--", "nginx"], "--watch runs no command"),
}


@pytest.mark.parametrize(("options", "expected"), USAGE.values(), ids=USAGE.keys())
def test_what_cannot_be_watched_ends_it_with_2_and_says_why(options: list[str], expected: str) -> None:
    done = run("--watch", "--html=x", *options)

    assert done.returncode == 2
    assert re.match(rf"chartgen: error: {re.escape(expected)}", done.stderr)
