"""Which lines of a log tell of a job that timed out."""

from __future__ import annotations

import re
import time

import pytest

from chartgen.doctor.examined import TIMED_OUT


@pytest.mark.parametrize(
    "line",
    [
        "WARNING job j1 timed out after 60 s",
        "Timed out: job 42",
        "3 jobs timed out in the last minute",
        '{"level": "warn", "job_id": "j1", "msg": "timed out"}',
        "job 42 failed: timeout",
        "job 42: timeout exceeded",
        "asyncio.TimeoutError in job j7",
        "10 jobs timed out",
        "job-17 timeout after 600 s",
        "job j1 timed out: the connection is closed",
        "job_id=42 status=timeout",
        '{"job": "j1", "state": "timed_out"}',
    ],
)
def test_a_line_tells_of_one(line: str) -> None:
    assert re.search(TIMED_OUT, line)


@pytest.mark.parametrize(
    "line",
    [
        "INFO job 42 accepted, timeout 600 s",
        "INFO job 42 accepted, timeout after 600 s",
        "0 jobs timed out in the last minute",
        "no job timed out",
        "jobs timed out: 0",
        "job 42 finished before timeout expired",
        "job 42 done before it timed out",
        "job 42 status=done timeout=600",
        'GET /api/multi-agent/jobs/42?timeout=30 HTTP/1.1" 200',
        "job 42 failed: bad input (timeout 600)",
        "connection to redis timed out",
        "job j1 retried: redis connection timed out",
        '{"job": "j1", "timeout": 600}',
    ],
)
def test_a_line_tells_of_none(line: str) -> None:
    assert not re.search(TIMED_OUT, line)


def test_a_long_line_is_read_in_no_time() -> None:
    start = time.monotonic()
    re.search(TIMED_OUT, "job failed in time " * 50_000)

    assert time.monotonic() - start < 5
