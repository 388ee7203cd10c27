"""Live reload: a mounted ConfigMap that changes while the entrypoint follows it."""

from __future__ import annotations

import json
import re
import shutil
import signal
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.entrypoint import GOOD, PAGE, run
from tests.kubelet import Volume
from tests.unit.entrypoint.watching import Watcher, as_json

SLOWER = {**GOOD, "JOB_TIMEOUT_MS": "600000"}
WRONG = {**GOOD, "JOB_POLL_INTERVAL_MS": "6000"}  # 100 attempts at 6000 ms each do not fit into 500000 ms
MEND = "raise timeoutMs to 600000, or lower maxPollAttempts to 83, or lower pollIntervalMs to 5000"


def version(settings: bytes) -> str:
    return sha256(settings).hexdigest()[:16]


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

    watcher.until_serves(SLOWER)
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


def test_without_notices_of_the_kernel_it_looks_every_two_seconds(
    watch: Callable[..., Watcher], volume: Volume
) -> None:
    watcher = watch(without="ctypes")

    assert min(seconds_until(watcher, volume, state) for state in (SLOWER, GOOD, SLOWER)) < 3
    assert watcher.log.count("the kernel tells of no changes (ModuleNotFoundError): they are looked for every 2 s") == 1


def test_a_queue_of_notices_that_overflows_loses_no_change(watch: Callable[..., Watcher], volume: Volume) -> None:
    watcher = watch()
    most = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())

    watcher.process.send_signal(signal.SIGSTOP)
    for number in range(most // 2 + 100):
        file = volume.folder / f"other-{number % 2}"
        file.touch()
        file.unlink()
    volume.swap(SLOWER)
    watcher.process.send_signal(signal.SIGCONT)
    watcher.until_serves(SLOWER)
    volume.swap(GOOD)

    watcher.until_serves(GOOD)


def test_a_folder_that_is_another_one_is_listened_to_again(watch: Callable[..., Watcher], volume: Volume) -> None:
    watcher = watch()
    shutil.rmtree(volume.folder)
    watcher.until_said("cannot be served, 1 so far")

    again = Volume(volume.folder, SLOWER)
    watcher.until_serves(SLOWER)
    watcher.until(watcher.listens)
    assert (
        min(seconds_until(watcher, again, state) for state in (GOOD, SLOWER, GOOD)) < 1.5
    )  # by itself, it looks every 2 s


def seconds_until(watcher: Watcher, volume: Volume, state: dict[str, str]) -> float:
    """How long a change takes until it is served."""
    begun = time.monotonic()
    volume.swap(state)
    watcher.until_serves(state)
    return time.monotonic() - begun


def test_the_counts_are_written_for_prometheus(watch: Callable[..., Watcher], volume: Volume, tmp_path: Path) -> None:
    file = tmp_path / "settings.prom"
    watcher = watch("--metrics", file)

    def has(applied: int, refused: int, is_good: int, settings: dict[str, str]) -> bool:
        text = file.read_text()
        lines = [line for line in text.splitlines() if not line.startswith("# ")]
        assert text.endswith("\n")
        return lines == [
            f'chartgen_settings_changes_total{{result="applied"}} {applied}',
            f'chartgen_settings_changes_total{{result="refused"}} {refused}',
            'chartgen_settings_changes_total{result="failed"} 0',
            f"chartgen_settings_last_change_successful {is_good}",
            f'chartgen_settings_info{{version="{version(as_json(settings))}"}} 1',
        ]

    watcher.until(file.exists)
    assert has(0, 0, 1, GOOD)
    volume.swap(SLOWER)
    watcher.until(lambda: has(1, 0, 1, SLOWER))
    volume.swap(WRONG)
    watcher.until(lambda: has(1, 1, 0, SLOWER))
    volume.swap(SLOWER)
    watcher.until(lambda: has(1, 1, 1, SLOWER))
    assert file.stat().st_mode & 0o777 == 0o644


def test_counts_that_cannot_be_written_are_said_once_and_stop_nothing(
    watch: Callable[..., Watcher], volume: Volume
) -> None:
    watcher = watch("--metrics", "/nowhere/settings.prom")
    watcher.until_said("the metrics cannot be written")  # else the last state may seem to be served, which is the first

    for state in (SLOWER, WRONG, GOOD):
        volume.swap(state)
        time.sleep(0.2)

    watcher.until_serves(GOOD)
    assert watcher.log.count("the metrics cannot be written: /nowhere/settings.prom: No such file or directory") == 1


def test_its_log_is_json_if_asked(watch: Callable[..., Watcher], volume: Volume) -> None:
    watcher = watch("--log=json")
    volume.swap(WRONG)
    watcher.until_said("stays served")

    lines = [json.loads(line) for line in watcher.log.splitlines()]
    assert lines[-1]["level"] == "error"


def test_pages_can_be_changed_in_their_place(site: Path, watch: Callable[..., Watcher], volume: Volume) -> None:
    (site / "sub").mkdir()
    (site / "sub" / "page.html").write_bytes(PAGE)
    in_place = ["--html", f"{site}/**/*.html", "--source=", "--output="]
    watcher = watch(*in_place)
    pages = [site / "index.html", site / "sub" / "page.html"]

    volume.swap(SLOWER)

    watcher.until(lambda: as_json(SLOWER) in (site / "settings.json").read_bytes())
    for page in pages:
        assert as_json(SLOWER) in page.read_bytes()
        assert page.read_bytes().count(b"data-chartgen=") == 1


def test_idle_it_takes_next_to_no_time(watch: Callable[..., Watcher]) -> None:
    watcher = watch()
    before = watcher.seconds

    time.sleep(4)

    assert watcher.seconds - before < 0.04  # half a millisecond is usual


USAGE = {
    "no ConfigMap": (["--mode=json"], "--watch follows a mounted ConfigMap: name it by --settings"),
    "inline": (
        ["--settings=x"],
        "--watch needs --mode json or file: the server's Content-Security-Policy has the hash",
    ),
    "once": (["--settings=x", "--mode=json", "--once"], "--once and --watch (CHARTGEN_WATCH) exclude each other"),
    "a command": (["--settings=x", "--mode=json", "--", "nginx"], "--watch runs no command"),
}


def test_the_variable_stands_for_the_option_and_what_is_said_in_the_command_counts(site: Path, volume: Volume) -> None:
    start: list[str | Path] = ["--table", site.parent / "settings.py", "--html", site / "index.html"]

    for text, expected in (
        ("true", "--watch follows a mounted"),
        ("false", "say which command"),
        ("1", "CHARTGEN_WATCH is none of true, false"),
    ):
        assert expected in run(*start, environment={"CHARTGEN_WATCH": text}).stderr
    environment = {"CHARTGEN_WATCH": "true", "CHARTGEN_METRICS": "/nowhere/x", "CHARTGEN_SETTINGS": str(volume.folder)}
    assert run(*start, "--once", environment=environment).returncode == 0


def test_metrics_are_of_changes_so_they_go_with_watch() -> None:
    done = run("--html=x", "--metrics=x", "--", "nginx")

    assert (done.returncode, done.stderr) == (2, "chartgen: error: --metrics (CHARTGEN_METRICS) goes with --watch\n")


@pytest.mark.parametrize(("options", "expected"), USAGE.values(), ids=USAGE.keys())
def test_what_cannot_be_watched_ends_it_with_2_and_says_why(options: list[str], expected: str) -> None:
    done = run("--watch", "--html=x", *options)

    assert done.returncode == 2
    assert re.match(rf"chartgen: error: {re.escape(expected)}", done.stderr)
