"""The API as a page uses it, on real processes."""

from __future__ import annotations

import json
import re
from datetime import datetime

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.app.backend import JOBS, Backend
from tests.cluster.waiting import wait_for

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


def test_a_job_is_taken_with_its_address_and_when_to_ask(backend: Backend) -> None:
    answer = backend.ask("POST", JOBS, {"prompt": "an idea", "seconds": 0, "outcome": "succeed"})

    assert answer.status == 202
    assert answer.headers["location"] == f"{JOBS}/{answer.body['id']}"
    assert answer.headers["retry-after"] == "5"
    assert list(answer.body) == [
        *("id", "state", "progress", "message", "created_at", "started_at", "updated_at", "finished_at"),
        *("expires_at", "error"),
    ]
    assert (answer.body["state"], answer.body["finished_at"]) == ("queued", None)


def test_a_job_ends_with_a_result_of_dates_amounts_and_ids(backend: Backend) -> None:
    job_id = backend.submit(prompt="a lamp\nthat floats")
    status = backend.until(job_id, "succeeded")
    answer = backend.get(f"{JOBS}/{job_id}/result")
    result = answer.body["result"]

    assert (status["progress"], status["error"]) == (1, None)
    assert all(
        INSTANT.fullmatch(status[f"{name}_at"]) for name in ("created", "started", "updated", "finished", "expires")
    )
    assert (answer.status, answer.body["finished_at"]) == (200, status["finished_at"])
    assert result["title"] == "a lamp"
    assert INSTANT.fullmatch(result["rounds"][0]["at"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", result["due"])
    assert re.fullmatch(r"\d+\.\d\d", result["budget"])
    assert result["tags"] == ["idea", "multi-agent"]


def test_a_status_is_not_cached(backend: Backend) -> None:
    answer = backend.get(f"{JOBS}/{backend.submit()}")

    assert (answer.headers["cache-control"], answer.headers["content-type"]) == ("no-store", "application/json")


def test_results_are_kept_for_twelve_timeouts_of_the_page(backend: Backend) -> None:
    status = backend.until(backend.submit(), "succeeded")
    kept = datetime.fromisoformat(status["expires_at"]) - datetime.fromisoformat(status["finished_at"])

    assert 0 <= kept.total_seconds() - 12 * 600 < 30  # from when it is written on


def test_a_job_that_is_to_fail_says_why(backend: Backend) -> None:
    status = backend.until(backend.submit(outcome="fail"), "failed")

    assert status["error"] == {"code": "refused", "message": "the agents could not agree: the job was asked to fail"}
    assert backend.get(f"{JOBS}/{status['id']}/result").code == "failed"


def test_there_is_no_result_before_the_end(backend: Backend) -> None:
    job_id = backend.submit(30)
    answer = backend.get(f"{JOBS}/{job_id}/result")
    backend.ask("DELETE", f"{JOBS}/{job_id}")

    assert (answer.status, answer.code in {"queued", "running"}) == (409, True)


def test_a_cancelled_job_is_cancelled_at_once_and_the_worker_stops(backend: Backend) -> None:
    job_id = backend.submit(30)
    backend.until(job_id, "running")
    answer = backend.ask("DELETE", f"{JOBS}/{job_id}")

    assert (answer.status, answer.body["state"]) == (202, "cancelled")
    stopped = f"job {job_id}: attempt 1 stops: cancelled, or taken over"
    wait_for("the worker stops", lambda: stopped in backend.log("worker").read_text(encoding="utf-8"), 5)
    assert backend.poll(job_id) == answer.body


def test_cancelling_what_is_over_changes_nothing(backend: Backend) -> None:
    status = backend.until(backend.submit(), "succeeded")
    answer = backend.ask("DELETE", f"{JOBS}/{status['id']}")

    assert (answer.status, answer.body) == (202, status)


@pytest.mark.parametrize(
    "job_id", ["nope", "0" * 32, "v" * 32, "%F0%9F%92%A9", "a%0Ab", "..%2F..%2Fhealthz", "x" * 3000]
)
@pytest.mark.parametrize(("method", "rest"), [("GET", ""), ("GET", "/result"), ("DELETE", "")])
def test_an_id_that_was_not_made_here_is_unknown(backend: Backend, job_id: str, method: str, rest: str) -> None:
    answer = backend.ask(method, f"{JOBS}/{job_id}{rest}")

    # A slash in an id is a path of its own, which FastAPI knows nothing of.
    assert answer.status == 404
    assert answer.body["detail"] == "Not Found" if "%2F" in job_id else answer.code == "unknown"


@pytest.mark.parametrize(("method", "rest"), [("GET", ""), ("GET", "/result"), ("DELETE", "")])
def test_a_job_that_is_not_kept_any_more_is_gone(backend: Backend, method: str, rest: str) -> None:
    status = backend.until(backend.submit(), "succeeded")
    backend.in_redis("DEL", f"job:{status['id']}", f"job-result:{status['id']}")
    answer = backend.ask(method, f"{JOBS}/{status['id']}{rest}")

    assert (answer.status, answer.code) == (410, "expired")


BAD = [
    "",
    "{",
    "[]",
    "null",
    '{"seconds": 1}',
    '{"prompt": "", "seconds": 1}',
    '{"prompt": 5}',
    '{"prompt": "x", "seconds": -1}',
    '{"prompt": "x", "seconds": 3600.1}',
    '{"prompt": "x", "seconds": "1"}',
    '{"prompt": "x", "seconds": true}',
    '{"prompt": "x", "seconds": NaN}',
    '{"prompt": "x", "seconds": 1e999}',
    '{"prompt": "\\ud800"}',
    '{"prompt": "x", "outcome": "explode"}',
    '{"prompt": "x", "second": 1}',
    json.dumps({"prompt": "x" * 4001}),
]


@pytest.mark.parametrize("text", BAD)
def test_bad_input_is_refused_in_json(backend: Backend, text: str) -> None:
    answer = backend.ask("POST", JOBS, text)

    assert answer.status == 422
    assert {*answer.body["detail"][0]} == {"type", "loc", "msg"}


def test_jobs_are_listed_the_newest_first_in_pages(backend: Backend) -> None:
    made = [backend.submit(prompt=f"idea {number}") for number in range(5)]
    first = backend.get(f"{JOBS}?limit=2").body
    second = backend.get(f"{JOBS}?limit=2&cursor={first['next']}").body

    assert [each["id"] for each in (*first["jobs"], *second["jobs"])] == made[:0:-1]
    assert backend.get(f"{JOBS}?limit=200").body["next"] is None
    assert backend.get(f"{JOBS}?limit=0").status == 422


@pytest.mark.parametrize("cursor", ["", "zzz", "w" * 32, "%00", "0" * 31])
def test_what_is_no_cursor_is_refused(backend: Backend, cursor: str) -> None:
    assert backend.get(f"{JOBS}?cursor={cursor}").status == 422


@pytest.mark.parametrize(("path", "allowed"), [("", "GET, POST"), ("/x", "DELETE, GET"), ("/x/result", "GET")])
def test_a_method_that_is_not_allowed_is_told_those_that_are(backend: Backend, path: str, allowed: str) -> None:
    answer = backend.ask("PUT", JOBS + path)

    assert (answer.status, answer.headers["allow"]) == (405, allowed)


def test_a_websocket_takes_no_offence_at_what_it_is_sent(backend: Backend) -> None:
    job_id = backend.submit(3)
    with connect(f"ws://127.0.0.1:{backend.port}{JOBS}/{job_id}/events") as socket:
        socket.send(b"\x00")
        socket.send("text")
        told = [json.loads(text) for text in socket]

    assert (told[-1]["state"], socket.close_code) == ("succeeded", 1000)


def test_a_websocket_tells_what_polls_tell_and_ends_with_the_job(backend: Backend) -> None:
    job_id = backend.submit(3)
    with connect(f"ws://127.0.0.1:{backend.port}{JOBS}/{job_id}/events") as socket:
        told = [json.loads(text) for text in socket]

    assert told[-1] == backend.poll(job_id)
    assert told[-1]["state"] == "succeeded"
    assert len(told) >= 2
    assert socket.close_code == 1000


def test_a_websocket_of_no_job_is_closed_with_a_reason(backend: Backend) -> None:
    with connect(f"ws://127.0.0.1:{backend.port}{JOBS}/nope/events") as socket, pytest.raises(ConnectionClosed):
        socket.recv()

    assert socket.close_code == 4404


def counted(backend: Backend) -> dict[str, float]:
    lines = [line.rsplit(" ", 1) for line in backend.get("/metrics").text.splitlines() if line[:1] != "#"]
    return {name: float(value) for name, value in lines}


def test_the_metrics_count_polls_and_jobs_by_state(backend: Backend) -> None:
    states = ("queued", "running", "succeeded", "failed", "cancelled")
    before = counted(backend)
    backend.until(backend.submit(), "succeeded")
    backend.until(backend.submit(outcome="fail"), "failed")
    running = backend.submit(30)
    backend.until(running, "running")
    backend.get(f"{JOBS}/nope")
    backend.get(f"{JOBS}/")  # no poll
    after = counted(backend)
    backend.ask("DELETE", f"{JOBS}/{running}")

    assert [after[f'jobs{{state="{each}"}}'] - before[f'jobs{{state="{each}"}}'] for each in states] == [0, 1, 1, 1, 0]
    assert after['polls_total{status="200"}'] - before['polls_total{status="200"}'] >= 3
    assert after['polls_total{status="404"}'] - before['polls_total{status="404"}'] == 1
    assert after["jobs_submitted_total"] - before["jobs_submitted_total"] == 3
    assert (after["polls_in_flight"], after["redis_up"]) == (0, 1)


def test_an_entry_of_an_older_version_is_read(backend: Backend) -> None:
    job_id = backend.submit()
    status = backend.until(job_id, "succeeded")
    stored = backend.in_redis("GET", f"job:{job_id}").strip()
    # Its instants had no zone, which then was UTC.
    backend.in_redis("SET", f"job:{job_id}", re.sub(r"(:\d\d\.\d{6})Z", r"\1", stored))

    assert "Z" not in backend.in_redis("GET", f"job:{job_id}")
    assert backend.poll(job_id) == status


def test_it_is_alive_and_ready(backend: Backend) -> None:
    assert (backend.get("/healthz").status, backend.get("/readyz").status) == (200, 200)
