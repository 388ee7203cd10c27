"""Tabs that are open follow a ConfigMap: the kubelet's swap, the entrypoint that watches, nginx, Chromium."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from chartgen.enforce.typescript import reader_module
from tests.browser.conftest import Served
from tests.entrypoint import REFERENCE, SCRIPT, missing, write_table
from tests.kubelet import Volume
from tests.reader import CLIENT
from tests.strategies import read

pytestmark = [pytest.mark.nginx, pytest.mark.browser]

PAGE = '<!doctype html><html><head><meta charset="utf-8"><script src="/{name}.js" defer></script></head><body></body></html>'
APP = """
import {{ pollJob, replyOf, watchSettings }} from "{client}/src/index.ts";
import {{ CHANGED, REFUSED, applySettings, getSettings, pollSettings }} from "./{reader}";
const seen = {{ changed: [], changedAt: [], refused: [], polls: [], replies: [] }};
addEventListener(CHANGED, ({{ detail }}) => {{
  seen.changed.push(detail.pollIntervalMs);
  seen.changedAt.push(performance.now());
}});
addEventListener(REFUSED, ({{ detail }}) => seen.refused.push(...detail.map(({{ message }}) => message)));
watchSettings({{ applySettings, settings: pollSettings }});
const fetchStatus = async ({{ signal }}) => {{
  seen.polls.push(performance.now());
  const reply = await replyOf(await fetch("/job.json", {{ signal }}), (body) => body);
  seen.replies.push(performance.now());
  return reply;
}};
void pollJob(fetchStatus, {{ settings: pollSettings }});
Object.assign(window, {{ seen, getSettings }});
"""
INTERVAL_MS = 5000
DATA = {"JOB_POLL_INTERVAL_MS": str(INTERVAL_MS), "JOB_MAX_POLL_ATTEMPTS": "60", "JOB_TIMEOUT_MS": "600000"}
SLOWER = {**DATA, "JOB_POLL_INTERVAL_MS": "10000"}
BROKEN = {**DATA, "JOB_POLL_INTERVAL_MS": "10001"}


class Sidecar:
    """A running entrypoint that follows the volume, and writes the site that nginx serves."""

    def __init__(self, folder: Path, volume: Volume) -> None:
        self._log = folder / "log"
        self._document = folder / "site" / "settings.json"
        site = [f"--source={folder / 'source'}", f"--output={folder / 'site'}"]
        settings = [f"--table={folder / 'settings.py'}", f"--settings={volume.folder}"]
        command = [sys.executable, "-I", "-S", str(SCRIPT), "--watch", "--mode=json", *site, *settings]
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(command, env={}, stderr=log)

    @property
    def log(self) -> str:
        """All that it said."""
        return self._log.read_text(encoding="utf-8")

    @property
    def document(self) -> bytes:
        """settings.json as it is served, nothing where it is not there yet."""
        return self._document.read_bytes() if self._document.exists() else b""

    def wait_until(self, is_so: Callable[[], object]) -> None:
        """Wait until something is so."""
        for _ in range(300):
            if is_so():
                return
            time.sleep(0.05)
        pytest.fail(f"it never came to that; the log is:\n{self.log}")


class Tab:
    """An open page; what is told of it is what its own code sees, by its own clock."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.page: Page = browser.new_page()
        self.page.goto(address)
        self.page.evaluate("window.wasLoadedOnce = true")

    @property
    def now(self) -> float:
        """The page's clock."""
        return float(self.page.evaluate("performance.now()"))

    @property
    def interval(self) -> int:
        """The setting as the page's code reads it now; a page that was loaded anew is another one."""
        assert self.page.evaluate("window.wasLoadedOnce")
        found: int = self.page.evaluate("getSettings().pollIntervalMs")
        return found

    @property
    def asked(self) -> list[tuple[float, int]]:
        """When it asked for the settings, and the status of the answer."""
        entries = "performance.getEntriesByName(location.origin + '/settings.json')"
        read = "({ startTime, responseStatus }) => [startTime, responseStatus]"
        return [(at, status) for at, status in self.page.evaluate(f"{entries}.map({read})")]

    @property
    def seen(self) -> dict[str, list[Any]]:
        """What the page's code was told, and when it polled."""
        found: dict[str, list[Any]] = self.page.evaluate("seen")
        return found

    def wait_until(self, is_so: Callable[[], object], seconds: float = 15) -> None:
        """Wait until something is so; the page's policy lets the browser's own waiting evaluate nothing."""
        for _ in range(int(seconds * 20)):
            if is_so():
                return
            self.page.wait_for_timeout(50)
        pytest.fail(f"it never came to that; the page was told {self.seen}")

    def wait_for_another_request(self) -> None:
        """Wait until it has asked for the settings once more, and has had the answer."""
        count = len(self.asked)
        self.wait_until(lambda: len(self.asked) > count)


def bundle(folder: Path, name: str, schema: dict[str, Any]) -> None:
    """A page whose code was built with this schema."""
    esbuild = CLIENT / "node_modules" / ".bin" / "esbuild"
    if not esbuild.exists():
        missing("client/node_modules (make client)")
    settings = read(schema)
    assert settings is not None
    (folder / f"reader-{name}.ts").write_text(reader_module(settings, "x"), encoding="utf-8")
    app = folder / f"{name}.ts"
    app.write_text(APP.format(client=CLIENT, reader=f"reader-{name}.ts"), encoding="utf-8")
    output = folder / "source" / f"{name}.js"
    subprocess.run([esbuild, app, "--bundle", f"--outfile={output}", "--log-level=error"], check=True, timeout=60)
    (folder / "source" / f"{name}.html").write_text(PAGE.format(name=name), encoding="utf-8")


@pytest.fixture
def volume(tmp_path: Path) -> Volume:
    """The ConfigMap as it is mounted."""
    return Volume(tmp_path / "volume", DATA)


@pytest.fixture
def sidecar(tmp_path: Path, volume: Volume) -> Iterator[Sidecar]:
    """The sidecar of a site with two pages; the second one's code is of a release that allowed less."""
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "job.json").write_text('{"state": "pending"}', encoding="utf-8")
    schema = json.loads(REFERENCE.read_text(encoding="utf-8"))
    bundle(tmp_path, "index", schema)
    schema["properties"]["pollIntervalMs"]["maximum"] = 8000
    del schema["x-profiles"]
    bundle(tmp_path, "older", schema)
    write_table(tmp_path / "settings.py")
    (tmp_path / "csp.conf").write_text('set $chartgen_script_hash "";\n', encoding="utf-8")
    running = Sidecar(tmp_path, volume)
    try:
        running.wait_until(lambda: running.document)
        yield running
    finally:
        running.process.kill()
        running.process.wait()


def test_open_tabs_follow_a_change_and_no_wrong_one(
    sidecar: Sidecar, volume: Volume, serve: Callable[[], Served], chromium: Browser
) -> None:
    address = serve().address
    tab, older = Tab(chromium, f"{address}/index.html"), Tab(chromium, f"{address}/older.html")
    tab.wait_until(lambda: len(tab.asked) > 1)
    older.wait_until(lambda: len(older.asked) > 1)
    assert [status for _, status in tab.asked[:2]] == [200, 304]
    assert (tab.interval, older.interval) == (INTERVAL_MS, INTERVAL_MS)

    before = tab.now
    volume.swap(SLOWER)
    tab.wait_until(lambda: tab.interval == 10000)
    (changed,) = tab.seen["changedAt"]

    assert changed - before < 2 * INTERVAL_MS
    assert len([at for at, _ in tab.asked if at > before]) <= 2
    assert (tab.interval, tab.seen["changed"], tab.seen["refused"]) == (10000, [10000], [])

    older.wait_until(lambda: older.seen["refused"])
    older.wait_for_another_request()
    assert (older.interval, older.seen["changed"]) == (INTERVAL_MS, [])
    assert older.seen["refused"] == ["pollIntervalMs is 10000; expected at most 8000 ms"]

    served = sidecar.document
    volume.swap(BROKEN)
    sidecar.wait_until(lambda: "refused" in sidecar.log)
    tab.wait_for_another_request()
    assert sidecar.document == served
    assert "timeoutMs is smaller than maxPollAttempts * pollIntervalMs: 600000 < 60 * 10001 = 600060" in sidecar.log
    assert (tab.interval, tab.seen["changed"], tab.seen["refused"]) == (10000, [10000], [])

    answered = sum(at < changed for at in tab.seen["replies"])  # the wait behind the last of these was the old one
    tab.wait_until(lambda: len(tab.seen["polls"]) > answered + 2, 40)
    old, *new = (later - at for at, later in pairwise(tab.seen["polls"][answered - 1 : answered + 3]))
    assert old < 1.5 * INTERVAL_MS
    assert min(new) > 0.75 * 10000
