"""Processes that die, and come back: no job is lost, and none is said to be done twice."""

from __future__ import annotations

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis.asyncio import Redis
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from backend import queueing
from tests.app.backend import JOBS, QUICK, Backend
from tests.app.coroutines import outcome
from tests.cluster.waiting import wait_for


def test_a_job_whose_worker_is_killed_is_done_by_another_one(own_backend: Backend) -> None:
    own_backend.environment |= QUICK
    own_backend.serve()
    own_backend.work("first")
    job_id = own_backend.submit(6)
    own_backend.until(job_id, "running")
    own_backend.end("first", signal.SIGKILL)
    killed = time.monotonic()
    own_backend.work("second")
    again = wait_for("a second attempt", lambda: (own_backend.poll(job_id)["message"] or "").startswith("attempt 2"))
    waited = time.monotonic() - killed

    assert again
    assert waited < 25
    assert own_backend.until(job_id, "succeeded")["error"] is None


def test_a_job_that_kills_its_workers_fails_with_a_clear_error(own_backend: Backend) -> None:
    own_backend.environment |= QUICK
    own_backend.environment["JOB_ATTEMPTS"] = "1"
    own_backend.serve()
    own_backend.work("first")
    job_id = own_backend.submit(30)
    own_backend.until(job_id, "running")
    own_backend.end("first", signal.SIGKILL)
    own_backend.work("second")
    status = own_backend.until(job_id, "failed")

    assert status["error"]["code"] == "worker_lost"
    assert status["error"]["message"] == "given up: the worker was lost in the middle of 1 attempt"


def test_a_worker_that_is_told_to_stop_gives_its_jobs_back_at_once(own_backend: Backend) -> None:
    own_backend.serve()
    own_backend.work("first")
    job_id = own_backend.submit(5)
    own_backend.until(job_id, "running")
    ended = own_backend.end("first")
    status = own_backend.poll(job_id)
    own_backend.work("second")

    assert (ended, status["state"]) == (0, "queued")
    assert own_backend.until(job_id, "succeeded")["message"] is None


def test_jobs_outlive_redis_and_pages_are_told_to_wait(own_backend: Backend) -> None:
    own_backend.serve()
    own_backend.work()
    done = own_backend.submit()
    own_backend.until(done, "succeeded")
    running = own_backend.submit(4)
    own_backend.until(running, "running")
    own_backend.redis.kill()
    away = own_backend.get(f"{JOBS}/{running}")
    refused = own_backend.ask("POST", JOBS, {"prompt": "x"})
    ready, alive = own_backend.get("/readyz"), own_backend.get("/healthz")
    metrics = own_backend.get("/metrics").text
    own_backend.redis.start()

    assert (away.status, away.code, 2 <= int(away.headers["retry-after"]) <= 5) == (503, "unavailable", True)
    assert (refused.status, ready.status, alive.status) == (503, 503, 200)
    assert "redis_up 0.0" in metrics
    assert own_backend.poll(done)["state"] == "succeeded"
    assert own_backend.get(f"{JOBS}/{done}/result").status == 200
    assert own_backend.until(running, "succeeded")["error"] is None
    assert own_backend.until(own_backend.submit(), "succeeded")


def test_a_redis_that_is_full_is_told_by_its_code_and_polls_go_on(own_backend: Backend) -> None:
    own_backend.serve()
    job_id = own_backend.submit()
    own_backend.in_redis("CONFIG", "SET", "maxmemory", "1")
    refused = own_backend.ask("POST", JOBS, {"prompt": "x"})
    status = own_backend.poll(job_id)
    own_backend.in_redis("CONFIG", "SET", "maxmemory", "0")

    assert (refused.status, refused.body["detail"]["message"]) == (503, "Redis refuses (OOM): ask again later")
    assert status["state"] == "queued"
    assert own_backend.submit()


def test_a_redis_that_wants_a_password_is_told_by_its_code(own_backend: Backend) -> None:
    own_backend.serve()
    own_backend.in_redis("CONFIG", "SET", "requirepass", "x")
    own_backend.in_redis("-a", "x", "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    refused = own_backend.ask("POST", JOBS, {"prompt": "x"})

    assert (refused.status, refused.body["detail"]["message"]) == (503, "Redis refuses (NOAUTH): ask again later")


def test_jobs_wait_for_a_worker_while_redis_comes_and_goes(own_backend: Backend) -> None:
    own_backend.serve()
    jobs = [own_backend.submit() for _ in range(3)]
    own_backend.redis.kill()
    own_backend.redis.start()
    own_backend.work()

    assert {own_backend.until(each, "succeeded")["state"] for each in jobs} == {"succeeded"}


def test_both_processes_may_start_before_redis_does(own_backend: Backend) -> None:
    own_backend.redis.kill()
    own_backend.serve()
    own_backend.work()
    away = own_backend.ask("POST", JOBS, {"prompt": "x"})
    own_backend.redis.start()

    assert away.status == 503
    assert own_backend.until(own_backend.submit(), "succeeded")


def test_jobs_and_their_ids_outlive_the_api(own_backend: Backend) -> None:
    own_backend.serve()
    own_backend.work()
    running, gone = own_backend.submit(3), own_backend.submit()
    own_backend.until(gone, "succeeded")
    own_backend.in_redis("DEL", f"job:{gone}")
    own_backend.end("api", signal.SIGKILL)
    own_backend.serve()

    assert own_backend.until(running, "succeeded")["error"] is None
    assert own_backend.get(f"{JOBS}/{gone}").status == 410


def test_a_job_that_the_queue_has_lost_is_queued_again(own_backend: Backend) -> None:
    own_backend.serve()
    job_id = own_backend.submit()
    for key in own_backend.in_redis("KEYS", "saq:*").split():
        own_backend.in_redis("DEL", key)
    own_backend.work()

    assert own_backend.until(job_id, "succeeded")


async def deliver(backend: Backend, job_id: str) -> bool:
    """Put a job into the queue once more."""
    async with Redis.from_url(backend.redis.url) as client:
        return await queueing.enqueue(queueing.queue_of(client), job_id, 6)


def test_a_job_that_is_delivered_twice_is_done_once(own_backend: Backend) -> None:
    own_backend.environment["JOB_HEARTBEAT_S"] = "6"
    own_backend.serve()
    own_backend.work("first")
    job_id = own_backend.submit(5)
    own_backend.until(job_id, "running")
    before = len(own_backend.lines("first"))  # the first may have queued it sooner than the API did
    for key in own_backend.in_redis("KEYS", "saq:*").split():
        own_backend.in_redis("DEL", key)
    own_backend.work("second")
    delivered = outcome(deliver(own_backend, job_id))
    status = own_backend.until(job_id, "succeeded")

    lines = own_backend.lines("first")[before:] + own_backend.lines("second")
    said = [line["message"] for line in lines]
    assert delivered
    # Nobody but this test put it there: its attempt was at work.
    assert not any("was not in the queue" in each for each in said)
    assert status["message"] is None
    assert not any("attempt" in each for each in said)


def test_a_worker_that_was_stalled_does_not_overwrite_what_another_one_did(own_backend: Backend) -> None:
    own_backend.environment |= QUICK
    own_backend.serve()
    stalled = own_backend.work("first")
    job_id = own_backend.submit(6)
    own_backend.until(job_id, "running")
    stalled.send_signal(signal.SIGSTOP)
    own_backend.work("second")
    status = own_backend.until(job_id, "succeeded")
    stalled.send_signal(signal.SIGCONT)
    wait_for("the first stops", lambda: "attempt 1 stops" in own_backend.log("first").read_text(encoding="utf-8"), 10)

    assert own_backend.poll(job_id) == status


def test_a_websocket_is_ended_where_the_api_stops(own_backend: Backend) -> None:
    own_backend.serve()
    job_id = own_backend.submit()
    with connect(f"ws://127.0.0.1:{own_backend.port}{JOBS}/{job_id}/events") as socket:
        socket.recv()
        ended = own_backend.end("api")
        with pytest.raises(ConnectionClosed):
            socket.recv()

    assert (ended, socket.close_code) == (0, 1012)


def test_a_worker_ends_where_redis_is_away(own_backend: Backend) -> None:
    own_backend.environment |= QUICK
    own_backend.serve()
    own_backend.work()
    job_id = own_backend.submit(30)
    own_backend.until(job_id, "running")
    own_backend.redis.kill()
    begun = time.monotonic()
    ended = own_backend.end("worker")
    took = time.monotonic() - begun
    own_backend.redis.start()

    assert (ended, own_backend.poll(job_id)["state"]) == (0, "running")
    assert took < 20


def test_the_api_answers_what_it_has_begun_before_it_ends(own_backend: Backend) -> None:
    own_backend.serve()
    job_id = own_backend.submit()
    own_backend.poll(job_id)
    own_backend.in_redis("CLIENT", "PAUSE", "1900", "ALL")
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(own_backend.poll, job_id)
        time.sleep(1)
        ended = own_backend.end("api")

    assert (asked.result()["state"], ended) == ("queued", 0)


def test_a_stall_of_redis_loses_no_worker_that_is_alive(own_backend: Backend) -> None:
    own_backend.environment |= {"JOB_HEARTBEAT_S": "3", "JOB_ATTEMPTS": "1", "WORKER_CONCURRENCY": "100"}
    own_backend.serve()
    jobs = [own_backend.submit(4) for _ in range(100)]
    own_backend.start("worker", "worker")
    wait_for("some jobs are started", lambda: int(own_backend.in_redis("ZCARD", "jobs:state:running")) >= 10)
    with own_backend.redis.stalled():
        time.sleep(5)
    found = [own_backend.until(each, "succeeded", "failed", seconds=60) for each in jobs]

    assert [each["error"] for each in found if each["state"] == "failed"] == []


def test_a_worker_that_was_stalled_past_its_lease_does_not_say_so_all_the_time(own_backend: Backend) -> None:
    own_backend.environment["JOB_HEARTBEAT_S"] = "4"
    own_backend.serve()
    worker = own_backend.work()
    job_id = own_backend.submit(10)
    own_backend.until(job_id, "running")
    own_backend.in_redis("ZADD", "jobs:active", "1", "gone")
    worker.send_signal(signal.SIGSTOP)
    before = len(own_backend.lines("worker"))
    time.sleep(5)
    worker.send_signal(signal.SIGCONT)
    own_backend.until(job_id, "succeeded", "failed", seconds=60)
    said = [line["message"] for line in own_backend.lines("worker")[before:]]

    assert sum("was not in the queue" in each for each in said) <= 1
    assert own_backend.in_redis("ZCARD", "jobs:active").strip() == "0"
