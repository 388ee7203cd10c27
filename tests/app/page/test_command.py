"""`make app`'s command: what it says, what it does when the ConfigMap is saved, and that nothing of it is left."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.app.page import parts
from tests.app.page.parts import MissingPartError
from tests.cluster.processes import children_of, runs
from tests.cluster.waiting import wait_for
from tests.entrypoint import missing

pytestmark = [pytest.mark.nginx, pytest.mark.redis, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]

PARTS = 5


@pytest.mark.parametrize(("number", "expected"), [(signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGKILL, -9)])
def test_it_serves_the_page_and_what_is_saved_and_leaves_no_process(
    repository: Path, tmp_path: Path, number: signal.Signals, expected: int
) -> None:
    try:
        parts.site()
    except MissingPartError as error:
        missing(str(error))
    command = [sys.executable, str(repository / "scripts" / "app.py")]
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", env=environment) as app:
        assert app.stdout is not None
        said = "".join(iter(app.stdout.readline, "Ctrl-C stops it, and everything in it is gone.\n"))
        found = re.search(r"The page: +(?P<page>\S+)\nIts settings: +(?P<settings>\S+)  ", said)
        assert found is not None, said
        children = children_of(app.pid)
        assert len(children) == PARTS

        config_map = Path(found["settings"])
        text = config_map.read_text(encoding="utf-8")
        save(config_map, text.replace('"5000"', "4000"))
        assert app.stdout.readline() == (
            f"{config_map}: JOB_POLL_INTERVAL_MS: a ConfigMap has texts alone, so quote it; nothing was changed\n"
        )
        save(config_map, text.replace('"5000"', '"4000"'))
        wait_for("the change is served", lambda: interval_of(found["page"]) == 4000)
        app.send_signal(number)

        app.stdout.read()
        assert app.wait(30) == expected
    wait_for("its processes are gone", lambda: not any(map(runs, children)), seconds=10)
    assert len(list(tmp_path.glob("ideaforge-*"))) == int(number is signal.SIGKILL)


def save(file: Path, text: str) -> None:
    """Put a text into the place of a file in one step, as editors do."""
    beside = file.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)


def interval_of(page: str) -> int:
    """The interval in the document that open pages ask for."""
    with urllib.request.urlopen(f"{page}/settings.json", timeout=5) as response:  # noqa: S310 - our own address
        interval: int = json.load(response)["settings"]["JOB_POLL_INTERVAL_MS"]
        return interval


@pytest.mark.parametrize("port", ["99999", "-1", "80.5", "x"])
def test_what_is_no_port_is_refused(repository: Path, port: str) -> None:
    command = [sys.executable, str(repository / "scripts" / "app.py"), f"--port={port}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)

    assert done.returncode == 2
    assert done.stderr.endswith("error: argument --port: expected a port, a whole number up to 65535\n")


def test_redis_has_each_write_on_the_disk_before_it_says_so(tmp_path: Path) -> None:
    words = " ".join(parts.redis(parts.free_ports(), tmp_path).arguments)

    assert "--appendonly yes --appendfsync always" in words
