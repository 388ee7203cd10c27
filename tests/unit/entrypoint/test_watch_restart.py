"""Live reload: its end at any moment, and what the next start makes of what is there."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.pythons import find
from tests.entrypoint import EP, GOOD, PAGE, hold, run, text_schema, write_table
from tests.kubelet import Volume
from tests.unit.entrypoint.watching import Watcher, as_json

SLOWER = {**GOOD, "JOB_TIMEOUT_MS": "600000"}
WRONG = {**GOOD, "JOB_POLL_INTERVAL_MS": "6000"}
Watch = Callable[..., Watcher]


def left(watcher: Watcher) -> list[str]:
    """What is half-written."""
    return [path.name for path in watcher.output.rglob(".*.chartgen")]


def test_sigterm_ends_it_at_once_with_143(watch: Watch) -> None:
    def ended() -> tuple[int, float]:
        watcher = watch()
        before = time.monotonic()
        return watcher.stop(), time.monotonic() - before

    statuses, seconds = zip(*(ended() for _ in range(3)), strict=True)

    assert statuses == (143, 143, 143)
    assert min(seconds) < 1  # it looks by itself every two


def test_sigterm_while_a_change_is_written_leaves_what_was_served_whole(
    site: Path, watch: Watch, volume: Volume
) -> None:
    (site / "index.html.gz").write_bytes(b"old")
    hold(site.parent / "settings.py", site.parent, files=2)
    watcher = watch()
    before = {path.name: path.read_bytes() for path in watcher.output.iterdir()}

    (site.parent / "hold").touch()
    volume.swap(SLOWER)
    watcher.until((site.parent / "held").exists)

    assert len(left(watcher)) == 2
    assert watcher.stop() == 143
    assert {path.name: path.read_bytes() for path in watcher.output.iterdir()} == before


@pytest.mark.parametrize("step", range(6))
def test_a_kill_at_any_moment_leaves_pages_and_settings_whole_and_the_next_start_makes_them_agree(
    site: Path, watch: Watch, volume: Volume, step: int
) -> None:
    for number in range(9):
        (site / f"{number}.html").write_bytes(PAGE + b"x" * 500_000)
    watcher = watch()
    volume.swap(SLOWER)
    time.sleep(0.05 + step / 60)
    watcher.end()

    assert watcher.settings in (as_json(GOOD), as_json(SLOWER))
    again = watch()
    again.until_serves(SLOWER)
    assert all(as_json(SLOWER) in page.read_bytes() for page in again.output.glob("*.html"))


@pytest.mark.parametrize("on_invalid", ["fail", "defaults"])
def test_a_start_with_wrong_settings_keeps_what_an_earlier_one_left(
    watch: Watch, volume: Volume, on_invalid: str
) -> None:
    watch().end()
    volume.swap(WRONG)

    watcher = watch(f"--on-invalid={on_invalid}")

    assert "changed settings are refused, 1 so far" in watcher.log
    assert (watcher.settings, as_json(GOOD) in watcher.page) == (as_json(GOOD), True)
    volume.swap(SLOWER)
    watcher.until_serves(SLOWER)


def test_it_mends_what_a_killed_start_left_behind(watch: Watch, volume: Volume) -> None:
    watcher = watch()
    watcher.end()
    (watcher.output / "index.html").write_bytes(watcher.page.replace(b"500000", b"999999"))
    volume.swap(WRONG)

    assert as_json(GOOD) in watch().page


def test_a_first_start_with_wrong_settings_ends_with_1(watch: Watch, volume: Volume) -> None:
    volume.swap(WRONG)

    watcher = watch()

    assert watcher.process.wait(20) == 1
    assert watcher.settings is None


def test_a_first_start_with_wrong_settings_takes_defaults_if_it_may_and_then_none(watch: Watch, volume: Volume) -> None:
    volume.swap(WRONG)
    watcher = watch("--on-invalid=defaults")
    defaults = {"JOB_POLL_INTERVAL_MS": "5000", "JOB_MAX_POLL_ATTEMPTS": "120", "JOB_TIMEOUT_MS": "600000"}
    assert watcher.settings == as_json(defaults)

    volume.swap(GOOD)
    watcher.until_serves(GOOD)
    volume.swap(WRONG)

    watcher.until_said("refused, 1 so far")
    assert watcher.settings == as_json(GOOD)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "null",
        '{"version":"%s","settings":{"JOB_POLL_INTERVAL_MS":6000}}',
        '{"version":"%s","settings":[null]}',
    ],
)
def test_what_is_no_earlier_start_or_is_wrong_by_now_is_not_kept(watch: Watch, volume: Volume, text: str) -> None:
    first = watch()
    first.end()
    settings = text.partition('"settings":')[2][:-1].encode()
    if settings:
        text = EP.document_of(settings).decode()
    (first.output / "settings.json").write_text(text)
    volume.swap({**GOOD, "JOB_POLL_INTERVAL_MS": "x"})

    assert watch().process.wait(20) == 1


def test_a_start_whose_mount_is_not_there_keeps_what_an_earlier_one_left(watch: Watch, volume: Volume) -> None:
    watch().end()
    shutil.rmtree(volume.folder)

    watcher = watch().until_said("cannot be served, 1 so far")
    Volume(volume.folder, SLOWER)

    watcher.until_serves(SLOWER)


def test_a_site_with_a_settings_json_of_its_own_cannot_be_watched_and_keeps_it(
    site: Path, watch: Watch, volume: Volume
) -> None:
    (site / "settings.json").write_text("{}")

    assert watch().process.wait(20) == 4
    done = run("--table", site.parent / "settings.py", "--settings", volume.folder, "--mode=json", "--once", "--html", site / "*.html")  # fmt: skip

    assert done.returncode == 0
    assert "settings.json is the site's own, or was changed by hand: it stays" in done.stderr
    assert (site / "settings.json").read_text() == "{}"


@pytest.mark.parametrize("options", [["--mode=inline"], ["--mode=file"], ["--mode=json"]], ids=str)
def test_a_start_that_needs_no_settings_json_removes_what_an_earlier_one_left(
    site: Path, watch: Watch, options: list[str]
) -> None:
    watcher = watch()
    watcher.end()

    run("--table", site.parent / "settings.py", "--once", *options, "--source", site, "--output", watcher.output)

    assert watcher.settings is None


def test_a_disk_that_has_room_again_gets_the_change(site: Path, watch: Watch, volume: Volume) -> None:
    write_table(site.parent / "settings.py", text_schema(1))
    watcher = watch()
    small, text = {"TEXT_0": "x" * 500}, {"TEXT_0": "x" * 5000}
    volume.swap(small)
    watcher.until(lambda: watcher.settings == json.dumps(small, separators=(",", ":")).encode())

    resource.prlimit(watcher.process.pid, resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
    volume.swap(text)
    watcher.until_said("File too large; it is tried again")
    assert (b"x" * 500 in watcher.page, b"x" * 501 in watcher.page, left(watcher)) == (True, False, [])

    resource.prlimit(watcher.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    watcher.until(lambda: watcher.settings == json.dumps(text, separators=(",", ":")).encode())
    assert b"x" * 5000 in watcher.page


@pytest.mark.parametrize("version", ["3.9", "3.10", "3.12", "3.13", "3.14"])
def test_every_python_watches(watch: Watch, volume: Volume, version: str) -> None:
    python = find(version)
    if python is None:
        pytest.skip(f"no Python {version} is on this machine")
    watcher = watch(python=python)

    for state in (WRONG, SLOWER):
        volume.swap(state)
        time.sleep(0.2)

    watcher.until_serves(SLOWER)
    os.kill(watcher.process.pid, signal.SIGTERM)
    assert watcher.process.wait(20) in (143, -15)
