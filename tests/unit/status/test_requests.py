"""What a log shows of polling: which lines are polls of a job, and how far apart these are."""

from __future__ import annotations

import pytest

from chartgen.cluster.logs import Log, LogLine
from chartgen.status.requests import PATTERN, Observed, compiled, observed


def read(*lines: tuple[float, str]) -> Observed:
    return observed([Log("pod", 60.0, tuple(LogLine("pod", at, text) for at, text in lines))], compiled(PATTERN))


def polls(*times: float) -> list[tuple[float, str]]:
    return [(at, 'GET /api/multi-agent/jobs/j0 HTTP/1.1" 200') for at in times]


def test_what_is_behind_a_job_and_a_list_is_no_poll_of_a_job() -> None:
    lines = [
        *polls(0, 5),
        (5.1, "GET /api/multi-agent/jobs/j0/result 200"),
        (6, "GET /api/multi-agent/jobs/active 200"),
    ]
    found = read(*lines)

    assert found.requests == 4
    assert [(each.job, len(each.lines)) for each in found.by_job] == [("j0", 2)]


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([0, 5, 10], 5),
        ([0, 0.004, 5, 5.004, 10, 10.004], 5),
        ([0, 0.004, 0.008, 5, 5.004, 5.008, 10], 5),
        ([0, 1, 5, 6, 10, 11], 4),
        ([0, 2, 4, 6], 2),
        ([n / 100 for n in range(20)], 0.01),
    ],
)
def test_a_request_that_is_logged_more_than_once_is_one(times: list[float], expected: float) -> None:
    (job,) = read(*polls(*times)).by_job

    assert job.gap(5.0) == pytest.approx(expected, abs=0.01)
