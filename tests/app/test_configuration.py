"""What the environment may say; what it must not say stops the start, with a reason and a way out."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from backend.configuration import ConfigurationError, read
from tests.app.backend import APP


def test_an_empty_environment_has_the_defaults_of_the_schema() -> None:
    found = read({})

    assert (found.poll_interval_ms, found.max_poll_attempts, found.timeout_ms) == (5000, 120, 600000)
    assert found.redis_url == "redis://127.0.0.1:6379/0"
    assert found.result_ttl_s == 7200


def test_results_are_kept_longer_where_pages_wait_longer() -> None:
    assert read({"JOB_TIMEOUT_MS": "1200000"}).result_ttl_s == 14400


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"JOB_POLL_INTERVAL_MS": "999"}, "JOB_POLL_INTERVAL_MS (pollIntervalMs): expected at least 1000 ms"),
        ({"JOB_POLL_INTERVAL_MS": "5e3"}, "expected an integer, in plain digits: no blanks, no exponent"),
        ({"JOB_TIMEOUT_MS": "30000"}, "timeoutMs is smaller than maxPollAttempts * pollIntervalMs: 30000 < 120 * 5000"),
        ({"JOB_RESULT_TTL_S": "600"}, "JOB_RESULT_TTL_S: 600 s is too short: pages may ask for 600 s (JOB_TIMEOUT_MS)"),
        ({"JOB_RESULT_TTL_S": "2399"}, "raise it to 2400, or leave it out, which is 12 times"),
        ({"JOB_RESULT_TTL_S": "2h"}, "JOB_RESULT_TTL_S: expected a number from 1 to 1e+09, in plain digits"),
        ({"JOB_HEARTBEAT_S": "0"}, "JOB_HEARTBEAT_S: expected a number from 1 to 3600"),
        ({"JOB_MOST_LAG_MS": "nan"}, "JOB_MOST_LAG_MS: expected a number from 1 to 100000"),
        ({"REDIS_URL": "localhost:6379"}, "REDIS_URL: expected redis://HOST:PORT/DATABASE"),
    ],
)
def test_a_wrong_environment_is_refused(environment: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigurationError) as refused:
        read(environment)

    assert said in str(refused.value)


def test_the_least_time_to_keep_results_is_enough() -> None:
    assert read({"JOB_RESULT_TTL_S": "2400"}).result_ttl_s == 2400


def test_what_is_doubtful_is_said_and_no_more() -> None:
    found = read({"JOB_TIMEOUT_MS": "1200001"})

    assert [each.partition(":")[0] for each in found.warnings] == [
        "timeoutMs is more than twice maxPollAttempts * pollIntervalMs"
    ]


@pytest.mark.parametrize("command", ["serve", "worker", "check"])
def test_a_wrong_environment_stops_the_start_with_each_reason_on_a_line(command: str) -> None:
    environment = {**os.environ, "JOB_RESULT_TTL_S": "60", "JOB_HEARTBEAT_S": "x"}
    words = [sys.executable, "-m", "backend", command]
    done = subprocess.run(words, cwd=APP, env=environment, capture_output=True, text=True, check=False, timeout=30)

    assert (done.returncode, done.stdout) == (2, "")
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["error", "error"]
