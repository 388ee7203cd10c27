"""What cannot be read stays as it is, and what waits is kept."""

from __future__ import annotations

import time

import pytest

from tests.app.backend import JOBS, QUICK, Backend
from tests.cluster.waiting import wait_for


@pytest.mark.parametrize("text", ["paused", "garbage", "a list"])
def test_a_record_that_cannot_be_read_is_one_line_and_one_answer(own_backend: Backend, text: str) -> None:
    own_backend.environment |= QUICK
    own_backend.serve()
    job_id, other = own_backend.submit(), own_backend.submit()
    key = f"job:{job_id}"
    if text == "a list":
        own_backend.in_redis("DEL", key)
        own_backend.in_redis("LPUSH", key, "x")
    else:
        stored = own_backend.in_redis("GET", key).strip()
        own_backend.in_redis("SET", key, "{" if text == "garbage" else stored.replace("queued", text))
    own_backend.work()
    own_backend.until(other, "succeeded")
    time.sleep(3)
    status, deleted = own_backend.get(f"{JOBS}/{job_id}"), own_backend.ask("DELETE", f"{JOBS}/{job_id}")
    listed = own_backend.get(JOBS)

    assert [(each.status, each.code) for each in (status, deleted)] == [(500, "unreadable")] * 2
    assert (listed.status, [each["id"] for each in listed.body["jobs"]]) == (200, [other])
    for name in ("api", "worker"):
        assert sum("cannot be read" in line["message"] for line in own_backend.lines(name)) == 1
    assert len(own_backend.lines("worker")) < 10


def test_an_old_result_that_cannot_be_read_is_an_answer_in_json(own_backend: Backend) -> None:
    own_backend.serve()
    own_backend.work()
    job_id = own_backend.submit()
    own_backend.until(job_id, "succeeded")
    own_backend.in_redis("SET", f"job-result:{job_id}", '{"id": "x", "state": "succeeded", "result": {"it": NaN}}')

    assert (own_backend.get(f"{JOBS}/{job_id}/result").code, own_backend.poll(job_id)["state"]) == (
        "unreadable",
        "succeeded",
    )


@pytest.mark.parametrize("state", ["queued", "running"])
def test_what_waits_for_a_worker_does_not_expire_while_there_is_one(own_backend: Backend, state: str) -> None:
    """One that still says that it runs waits for a worker, too, once its own was killed."""
    own_backend.environment |= QUICK | {"WORKER_CONCURRENCY": "1"}
    own_backend.serve()
    own_backend.work()
    own_backend.until(own_backend.submit(20), "running")
    waiting = own_backend.submit()
    before = own_backend.poll(waiting)["expires_at"]
    key, soon = f"job:{waiting}", "2026-01-01T00:00:00.000000Z"
    record = own_backend.in_redis("GET", key).strip().replace(before, soon).replace("queued", state)
    own_backend.in_redis("SET", key, record, "EX", "10")
    kept = wait_for("it is kept longer", lambda: own_backend.poll(waiting)["expires_at"] > before, 10)

    assert kept
    assert int(own_backend.in_redis("TTL", key)) > 7000
