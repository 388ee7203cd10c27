"""The real backend has the load that is planned: as the pages count it, and as it counts itself."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.backend import JOBS, Backend

pytestmark = pytest.mark.redis

OUT_OF_THE_WAY = {"JOB_MOST_LAG_MS": "60000", "JOB_MOST_POLLS_IN_FLIGHT": "1000"}
"""On a busy machine the event loop and Redis are late, which is not what is asked about here."""


def polls(backend: Backend) -> float:
    """How many polls were answered with 200."""
    found = re.search(r'^polls_total\{status="200"\} (\S+)$', backend.get("/metrics").text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_the_backend_has_the_polls_that_are_planned(own_backend: Backend, repository: Path, tmp_path: Path) -> None:
    own_backend.environment |= OUT_OF_THE_WAY
    own_backend.serve()
    own_backend.work()
    values = tmp_path / "values.yaml"
    values.write_text("settings: {pollIntervalMs: 2000, maxPollAttempts: 300, timeoutMs: 600000}\n")
    words = ["--users", "100", "--url", f"http://127.0.0.1:{own_backend.port}{JOBS}", "--minutes", "0.2", "--seed", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "chartgen", "load", "-f", str(values), "--format", "json", *words],
        cwd=repository, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    (stretch,) = report["stretches"]
    assert stretch["planned"]["meanPerSecond"] == 50
    assert stretch["measured"]["meanPerSecond"] == pytest.approx(50, rel=0.05)
    assert stretch["measured"]["replies"].keys() == {"pending"}
    # What the backend counted has the seconds of settling, too.
    assert polls(own_backend) == pytest.approx(sum(report["pollsOfSeconds"]), rel=0.03)
    assert json.loads(own_backend.get(f"{JOBS}?limit=1").text)["jobs"][0]["state"] == "cancelled"
