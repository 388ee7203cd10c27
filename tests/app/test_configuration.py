"""What the environment may say; what it must not say stops the start, with a reason and a way out."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from backend.configuration import ConfigurationError, read
from tests.app.backend import APP


def test_an_empty_environment_has_the_defaults_of_the_schema() -> None:
    found = read({})

    assert (found.poll_interval_ms, found.timeout_ms) == (5000, 600000)
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
        (
            {"REDIS_URL": "redis://x:secret@h:99999/0"},
            "REDIS_URL: expected redis://HOST:PORT/DATABASE, or rediss:// for TLS",
        ),
        ({"REDIS_URL": "redis://h:no/0"}, "REDIS_URL: expected redis://HOST:PORT/DATABASE"),
        ({"LOG_LEVEL": "verbose"}, "LOG_LEVEL: expected one of debug, info, warning, error"),
        ({"BACKEND_PORT": "99999"}, "BACKEND_PORT: expected a number from 0 to 65535, in plain digits"),
        ({"BACKEND_PORT": "80.5"}, "BACKEND_PORT: expected a whole number"),
        ({"WORKER_CONCURRENCY": "0"}, "WORKER_CONCURRENCY: expected a number from 1 to 10000, in plain digits"),
        ({"JOB_HEARTBEAT_S": "3600", "JOB_RESULT_TTL_S": "14429"}, "(JOB_HEARTBEAT_S is 3600): raise it to 14430"),
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


def test_a_job_is_kept_until_another_worker_takes_it() -> None:
    short = {"JOB_TIMEOUT_MS": "1000", "JOB_POLL_INTERVAL_MS": "1000", "JOB_MAX_POLL_ATTEMPTS": "1"}

    assert read(short).result_ttl_s == 90
    assert read(short | {"JOB_HEARTBEAT_S": "60"}).result_ttl_s == 270


def test_what_a_cluster_says_of_a_service_named_backend_is_no_port() -> None:
    assert read({"BACKEND_PORT": "tcp://10.96.0.12:8000"}).process.port == 8000


def test_an_empty_variable_is_none() -> None:
    empty = dict.fromkeys(("BACKEND_PORT", "BACKEND_HOST", "WORKER_CONCURRENCY", "LOG_LEVEL", "REDIS_URL"), "")

    assert read(empty) == read({})


def said_by(words: str, **environment: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "backend", *words.split()]
    done = subprocess.run(
        command, cwd=APP, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=30
    )
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("serve --port 99999", "--port: expected a whole number from 0 to 65535"),
        ("serve --port 0 --host nosuch.invalid", "error: cannot listen on nosuch.invalid, port 0: "),
        ("worker --concurrency 0", "--concurrency: expected a whole number from 1 to 10000"),
        ("worker --concurrency -3", "--concurrency: expected a whole number from 1 to 10000"),
    ],
)
def test_wrong_options_are_refused(words: str, said: str) -> None:
    code, text = said_by(words)

    assert code == 2
    assert said in text
    assert "Traceback" not in text


def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert said_by(f"serve --port {port}") == (
            2,
            f"error: cannot listen on 127.0.0.1, port {port}: Address already in use\n",
        )


def test_check_knows_the_variables_of_all_processes() -> None:
    assert said_by("check", BACKEND_PORT="tcp://10.96.0.12:8000") == (0, "")
    assert said_by("check", LOG_LEVEL="verbose")[0] == 2
