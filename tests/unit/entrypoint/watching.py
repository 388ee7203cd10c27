"""The entrypoint as it runs with `--watch`: a process, what it serves, and what it says."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.entrypoint import EP, SCRIPT


class Watcher:
    """A running entrypoint that follows a folder and writes a site's pages elsewhere; its log is a file."""

    def __init__(self, site: Path, volume: Path, *options: str | Path, mode: str = "json", **more: Any) -> None:
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
        command = [sys.executable, "-I", "-S", SCRIPT, "--watch", f"--mode={mode}", *words, *options]
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(list(map(str, command)), env={}, stderr=log, **more)

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

    def until_served(self) -> Watcher:
        """Wait until settings.json is there."""
        return self.until(lambda: self.settings is not None or self.process.poll() is not None)

    def until_said(self, words: str) -> Watcher:
        """Wait until the log has some words."""
        return self.until(lambda: words in self.log)

    def end(self) -> None:
        """Kill it, if it still runs."""
        self.process.kill()
        self.process.wait()
