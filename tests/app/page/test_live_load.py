"""An interval that is raised reaches the server's rate within two intervals, and no page is loaded again."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.page.access_log import answers
from tests.app.page.application import Application
from tests.cluster.waiting import wait_for

pytestmark = [pytest.mark.nginx, pytest.mark.redis]

USERS, BEFORE, AFTER = 60, 1, 3


def test_a_raised_interval_is_seen_in_the_servers_rate_within_two_intervals(
    start: Callable[..., Application], repository: Path, tmp_path: Path
) -> None:
    app = start(JOB_POLL_INTERVAL_MS="1000", JOB_MAX_POLL_ATTEMPTS="600", JOB_TIMEOUT_MS="600000")
    values = tmp_path / "values.yaml"
    values.write_text("settings: {pollIntervalMs: 1000, maxPollAttempts: 600, timeoutMs: 600000}\n")
    words = ["--users", str(USERS), "--url", app.jobs, "--settings-url", f"{app.address}/settings.json"]
    process = subprocess.Popen(
        [sys.executable, "-m", "chartgen", "load", "-f", str(values), *words, "--minutes", "0.45", "--format", "json"],
        cwd=repository, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    wait_for("it polls", lambda: len(_polls(app)) > 6 * USERS)
    changed = time.time()
    app.settings.swap(
        {"JOB_POLL_INTERVAL_MS": str(1000 * AFTER), "JOB_MAX_POLL_ATTEMPTS": "200", "JOB_TIMEOUT_MS": "600000"}
    )
    text, _ = process.communicate(timeout=120)

    assert _rate(app, changed - 3, 3) == pytest.approx(USERS / BEFORE, rel=0.1)
    assert _rate(app, changed + 2 * AFTER, 3 * AFTER) == pytest.approx(USERS / AFTER, rel=0.1)
    assert [each.uri for each in answers(app) if each.uri == "/"] == []
    stretches = json.loads(text)["stretches"]
    assert [stretch["intervalSeconds"] for stretch in stretches] == [BEFORE, AFTER]
    assert stretches[1]["measured"]["meanPerSecond"] == pytest.approx(USERS / AFTER, rel=0.1)


def _polls(app: Application) -> list[float]:
    return [each.at for each in answers(app) if each.method == "GET" and "/jobs/" in each.uri]


def _rate(app: Application, begin: float, seconds: float) -> float:
    return sum(begin <= at < begin + seconds for at in _polls(app)) / seconds
