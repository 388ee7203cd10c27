"""The entrypoint with `--watch`: as a process, or look by look; what it serves, and what it says."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.entrypoint import EP, SCRIPT
from tests.kubelet import Volume


def as_json(settings: Mapping[str, str]) -> bytes:
    """Integers of a ConfigMap as settings.json and the page have them."""
    return json.dumps({name: int(text) for name, text in settings.items()}, separators=(",", ":")).encode()


NO_NOTICES = "the kernel tells of no changes"
# A Python without a module, as those of some images are; the rest are the entrypoint and its arguments.
_WITHOUT = """
import sys
sys.modules[sys.argv[1]] = None
sys.argv[:2] = []
exec(compile(open(sys.argv[0]).read(), sys.argv[0], "exec"), {"__name__": "__main__", "__file__": sys.argv[0]})
"""


class Watcher:
    """A running entrypoint that follows a folder and writes a site's pages elsewhere; its log is a file."""

    def __init__(
        self,
        site: Path,
        volume: Path,
        *options: str | Path,
        mode: str = "json",
        without: str = "",
        python: str = sys.executable,
        **more: Any,
    ) -> None:
        self.folder = site.parent
        self.output = site.parent / "out"
        self._log = site.parent / "log"
        words = [
            "--table",
            site.parent / "settings.py",
            "--settings",
            volume,
            "--source",
            site,
            "--output",
            self.output,
        ]
        program = ["-c", _WITHOUT, without, SCRIPT] if without else [SCRIPT]
        command = [python, "-I", "-S", *program, "--watch", f"--mode={mode}", *words, *options]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(list(map(str, command)), env={}, stdout=log, stderr=log, **more)

    @property
    def log(self) -> str:
        """All that was said, by earlier ones for this site, too."""
        return self._log.read_text(encoding="utf-8")

    @property
    def settings(self) -> bytes | None:
        """The settings in settings.json, None if that is not there."""
        try:
            document = (self.output / "settings.json").read_bytes()
        except FileNotFoundError:
            return None
        settings = EP.settings_in(document)
        assert isinstance(settings, bytes), document
        return settings

    @property
    def page(self) -> bytes:
        """The page as it is served."""
        return (self.output / "index.html").read_bytes()

    def until(self, is_so: Callable[[], object], seconds: float = 15) -> Watcher:
        """Wait until something is so; the test fails if it never is."""
        end = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > end:
                pytest.fail(f"it never came to that; the log is:\n{self.log}")
            time.sleep(0.005)
        return self

    def until_begun(self) -> Watcher:
        """Wait until it listens to its folder, which it does when its first look is over, or cannot, or ended."""
        return self.until(
            lambda: (
                self.listens()
                or any(words in self.log for words in (NO_NOTICES, "cannot be served"))
                or self.process.poll() is not None
            )
        )

    def listens(self) -> bool:
        """Whether the kernel tells it of changes in its folder."""
        folder = Path(f"/proc/{self.process.pid}/fd")
        try:
            return any("inotify" in os.readlink(path) for path in folder.iterdir())
        except OSError:
            return False

    def until_serves(self, settings: Mapping[str, str], seconds: float = 15) -> Watcher:
        """Wait until settings.json has these settings, given as in a ConfigMap; all are integers."""
        expected = as_json(settings)
        return self.until(lambda: self.settings == expected, seconds)

    def until_said(self, words: str) -> Watcher:
        """Wait until the log has some words."""
        return self.until(lambda: words in self.log)

    def stop(self) -> int:
        """Ask it to end, as the kubelet does; its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)

    def end(self) -> None:
        """Kill it, if it still runs."""
        self.process.kill()
        self.process.wait()

    @property
    def seconds(self) -> float:
        """The processor's time that it took so far."""
        return int(Path(f"/proc/{self.process.pid}/schedstat").read_text().split()[0]) / 1e9


class Followed(NamedTuple):
    """A Live that has begun, the volume that it follows, and what it said."""

    live: Any
    volume: Volume
    said: list[str]
    output: Path

    def look(self, now: float = 0) -> str:
        """What is said at one look."""
        before = len(self.said)
        self.live.look(now)
        return "\n".join(self.said[before:])

    @property
    def timeout(self) -> str:
        """The setting that tests change, as settings.json and the page have it."""
        document, page = ((self.output / name).read_text() for name in ("settings.json", "index.html"))
        found = document.rpartition(":")[2].rstrip("}\n")
        assert f'"JOB_TIMEOUT_MS":{found}' in page or f"window.__JOB_TIMEOUT_MS__={found}" in page or "?v=" in page
        return found

    @property
    def counts(self) -> tuple[int, ...]:
        """How many changes were applied, refused, and failed."""
        return tuple(self.live.counts.values())
