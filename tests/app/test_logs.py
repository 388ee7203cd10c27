"""What the backend logs is what `grep`, `chartgen status` and `chartgen doctor` look for."""

from __future__ import annotations

from chartgen.doctor.load_cases import BUSY
from chartgen.status.requests import PATTERN, compiled
from tests.app.backend import JOBS, Backend
from tests.cluster.waiting import wait_for


def logged(backend: Backend, path: str) -> None:
    """Ask for a path, and wait until that is logged, with all that was asked before: a line is written once the answer is out."""
    backend.get(path)
    wait_for(f"{path} is logged", lambda: f"GET {path} " in backend.log("api").read_text(encoding="utf-8"), 10)


def test_a_poll_is_a_line_that_names_the_job_and_the_status(backend: Backend) -> None:
    job_id = backend.submit()
    backend.poll(job_id)
    logged(backend, f"{JOBS}/nope1")
    lines = [line for line in backend.log("api").read_text(encoding="utf-8").splitlines() if f"GET {JOBS}" in line]
    jobs = [found["job"] for line in lines if (found := compiled(PATTERN).search(line))]

    assert jobs[-2:] == [job_id, "nope1"]
    assert not any(BUSY.search(line) for line in lines)
    assert BUSY.search(lines[-1].replace("404", "429"))


def test_each_line_is_one_object_of_json_whatever_is_asked(backend: Backend) -> None:
    for path in ("/%0a%7b%22level%22", "/x%22%20y", "/%E2%80%A8", "/a?b=%0d%0a"):
        logged(backend, path)
    lines = backend.lines("api")
    asked = [line for line in lines if line["logger"] == "access"]

    assert all({"time", "level", "logger", "message"} <= line.keys() for line in lines)
    assert asked[-4]["message"] == "127.0.0.1 - GET /%0a%7b%22level%22 HTTP/1.1 404"
    assert (asked[-1]["status"], asked[-1]["time"][-1]) == (404, "Z")


def test_there_is_one_line_for_each_request(backend: Backend) -> None:
    logged(backend, "/first")
    for _ in range(20):
        backend.get(JOBS)
    logged(backend, "/last")
    asked = [line["message"].split()[3] for line in backend.lines("api") if line["logger"] == "access"]

    assert asked[asked.index("/first") :] == ["/first", *[JOBS] * 20, "/last"]


def test_redis_shows_what_chartgen_status_counts(backend: Backend) -> None:
    job_id = backend.submit(30)
    backend.until(job_id, "running")
    members = backend.in_redis("ZRANGE", "jobs:active", "0", "-1", "WITHSCORES").split()
    ttl = int(backend.in_redis("TTL", f"job:{job_id}"))
    backend.ask("DELETE", f"{JOBS}/{job_id}")

    assert (members[0], len(members)) == (job_id, 2)
    assert abs(float(members[1]) - int(backend.in_redis("TIME").split()[0])) < 60
    assert 7100 < ttl <= 7200
    assert backend.in_redis("ZCARD", "jobs:active").strip() == "0"
