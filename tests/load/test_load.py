"""`chartgen load` against servers that answer as a test says: what it measures, whom it spares, how it ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.waiting import wait_for
from tests.load.job_server import Answer, JobServer

SCHEMA = {
    "$schema": "https://chartgen.dev/schemas/settings-schema.json",
    "title": "Polling",
    "type": "object",
    "properties": {
        "everyMs": {
            "type": "integer", "default": 500, "minimum": 400, "maximum": 60000,
            "x-env": "EVERY_MS", "x-unit": "ms", "x-role": "poll-interval",
        },
        "tries": {
            "type": "integer", "default": 1000, "minimum": 1, "maximum": 1000,
            "x-env": "TRIES", "x-unit": "count", "x-role": "poll-attempts",
        },
    },
}  # fmt: skip


@pytest.fixture
def server() -> Iterator[JobServer]:
    """A server whose jobs never end."""
    with JobServer().serving() as serving:
        yield serving


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    """Polling every half second."""
    path = tmp_path / "polling.schema.json"
    path.write_text(json.dumps(SCHEMA))
    return path


def command(schema: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "chartgen", "load", "--settings", str(schema), *words]


def load(schema: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(schema, *words), capture_output=True, text=True, timeout=120, check=False)


def report(schema: Path, *words: str) -> tuple[int, dict[str, Any]]:
    """The exit status, and the report as JSON."""
    done = load(schema, *words, "--format", "json")
    assert done.stdout, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_the_mean_is_the_plans_and_the_jobs_are_gone_afterwards(server: JobServer, schema: Path) -> None:
    done = load(schema, "--users", "20", "--url", server.url, "--minutes", "0.17", "--seed", "1", "--header", "Authorization: Bearer x")  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"polls a second, mean +40\.00 +\d\d\.\d\d +[+-]\d\.\d%", done.stdout)
    assert done.stdout.endswith("as planned, within 5 %\n")
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert server.bodies == [{"prompt": "chartgen load", "seconds": 3600}] * 20
    assert Counter(server.of("DELETE")) == Counter(f"/jobs/{number}" for number in range(1, 21))
    assert {authorization for *_, authorization in server.asked} == {"Bearer x"}


def test_the_page_needs_nothing_else_and_has_the_figures(server: JobServer, schema: Path) -> None:
    done = load(schema, "--users", "5", "--url", f"{server.url}?<b>", "--minutes", "0.12", "--format", "html")

    assert done.stdout.startswith("<!doctype html>")
    assert "polls a second, mean" in done.stdout
    assert "<b>" not in done.stdout.partition("<header>")[2].partition("</p>")[0]
    assert done.stdout.count("<rect ") >= 8
    assert "http" not in re.sub(r"http://127\.0\.0\.1:\d+/jobs|http://www\.w3\.org", "", done.stdout).replace("http-equiv", "")  # fmt: skip


def test_users_who_begin_together_ask_in_one_second(server: JobServer, schema: Path) -> None:
    _, found = report(schema, "--users", "50", "--url", server.url, "--minutes", "0.02", "--sync-start")
    first = min(server.polls())

    assert found["firstSecond"] >= 50
    assert sum(at < first + 0.35 for at in server.polls()) == 50


def test_a_job_that_ends_is_followed_by_the_next_one(schema: Path) -> None:
    begun: dict[str, float] = {}
    jobs = JobServer()

    def answer(path: str) -> Answer:
        seconds = float(jobs.bodies[int(path.rpartition("/")[2]) - 1]["seconds"])
        is_over = time.monotonic() - begun.setdefault(path, time.monotonic()) >= seconds
        return 200, {}, {"state": "succeeded" if is_over else "running"}

    jobs.answer = answer
    with jobs.serving() as server:
        _, found = report(schema, "--users", "10", "--url", server.url, "--minutes", "0.17", "--job-seconds", "2")

    lengths = [body["seconds"] for body in server.bodies]
    assert all(0 <= length <= 2 for length in lengths[:10])
    assert len(set(lengths[:10])) > 5
    assert set(lengths[10:]) == {2}
    measured = found["stretches"][0]["measured"]
    # The clock of these jobs begins with their first poll.
    assert measured["pollsOfAJob"] == pytest.approx(5, abs=0.7)


def test_jobs_come_at_their_rate_in_the_open_model_and_are_turned_away_where_there_is_no_user(
    server: JobServer, schema: Path
) -> None:
    _, found = report(schema, "--users", "8", "--url", server.url, "--minutes", "0.12", "--rate", "2", "--job-seconds", "3")  # fmt: skip

    # Jobs never end here: six are there at first, two users are left.
    assert len(server.bodies) == 8
    assert sum(stretch["measured"]["others"].get("turned away", 0) for stretch in found["stretches"]) >= 10
    assert found["jobsPerSecond"] == 2


def test_a_server_that_sends_polls_away_is_left_alone_and_told_of(schema: Path) -> None:
    server = JobServer(lambda _: (429, {"Retry-After": "3"}, {}))
    with server.serving():
        done = load(schema, "--users", "10", "--url", server.url, "--minutes", "0.12")

    assert done.returncode == 4
    assert "told of no job" in done.stderr
    # Each comes, and is sent away for 3 to 4.2 seconds.
    assert 10 * 2 <= len(server.polls()) <= 10 * 4


def test_longer_waits_that_are_asked_for_are_heeded_and_are_not_as_planned(schema: Path) -> None:
    server = JobServer(lambda _: (200, {"Retry-After": "2"}, {"state": "running"}))
    with server.serving():
        done = load(schema, "--users", "10", "--url", server.url, "--minutes", "0.17")

    assert done.returncode == 1
    assert "asked for a longer wait (Retry-After)" in done.stdout
    assert "not as planned: the mean is -" in done.stdout
    assert 10 * 4 <= len(server.polls()) <= 10 * 9


def test_an_interval_that_is_raised_while_it_runs_is_a_stretch_of_its_own(schema: Path) -> None:
    server = JobServer(settings={"EVERY_MS": 1000})
    with server.serving():
        process = subprocess.Popen(
            command(schema, "--users", "20", "--url", server.url, "--settings-url", server.settings_url, "--minutes", "0.3", "--format", "json"),
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        wait_for("it polls", lambda: len(server.polls()) > 120)
        server.settings["EVERY_MS"] = 2000
        text, _ = process.communicate(timeout=60)
    stretches = json.loads(text)["stretches"]

    assert [stretch["intervalSeconds"] for stretch in stretches][-2:] == [1, 2]
    assert stretches[-1]["measured"]["meanPerSecond"] == pytest.approx(10, rel=0.1)


def test_interrupted_it_reports_what_it_has(server: JobServer, schema: Path) -> None:
    words = command(schema, "--users", "10", "--url", server.url, "--minutes", "5")
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_heeds)  # noqa: PLW1509 - it starts before anything else does
    wait_for("it polls", lambda: len(server.polls()) > 40)
    process.send_signal(signal.SIGINT)
    text, said = process.communicate(timeout=60)

    assert process.returncode == 130, said
    assert "interrupted: it was to last 301 s" in text
    assert "polls a second, mean" in text
    assert len(server.of("DELETE")) == 10


def test_the_load_ends_with_whoever_started_it(server: JobServer, schema: Path) -> None:
    process = subprocess.Popen(command(schema, "--users", "10", "--url", server.url), stdout=subprocess.DEVNULL)
    wait_for("it polls", lambda: len(server.polls()) > 20)
    process.kill()
    process.wait()
    wait_for("its jobs are dropped", lambda: len(server.of("DELETE")) == 10)
    count = len(server.polls())
    time.sleep(1.2)

    assert len(server.polls()) == count


def test_two_workers_make_the_load_of_one(server: JobServer, schema: Path) -> None:
    place = f"127.0.0.1:{server.port + 1 if server.port < 65000 else server.port - 1}"
    workers = [subprocess.Popen([*command(schema), "--join", place, "--url", server.url]) for _ in range(2)]
    done = load(schema, "--users", "20", "--url", server.url, "--minutes", "0.17", "--workers", "2", "--bind", place)

    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"polls a second, mean +40\.00 +\d\d\.\d\d ", done.stdout)
    assert [worker.wait(20) for worker in workers] == [0, 0]
    assert len(server.bodies) == len(server.of("DELETE")) == 20


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--url", "http://192.0.2.1/jobs"), 2, "192.0.2.1 is not this machine"),
        (("--url", "http://127.0.0.1:1/jobs"), 4, "does not answer"),
        (("--url", "ftp://127.0.0.1/jobs"), 2, "is no address of HTTP"),
        (("--url", "http://[::1/jobs"), 2, "is no address of HTTP"),
        (("--url", "http://user:pass@127.0.0.1/jobs"), 2, "is no address of HTTP"),
        (("--url", "http://127.0.0.1:99999/jobs"), 2, "is no address of HTTP"),
        (("--url", "http://127.0.0.1/jobs", "--rate", "3"), 2, "--job-seconds"),
        (("--url", "http://127.0.0.1/jobs", "--rate", "3", "--job-seconds", "3", "--sync-start"), 2, "--sync-start"),
        (("--url", "http://127.0.0.1/jobs", "--minutes", "61"), 2, "60"),
        (("--url", "http://127.0.0.1/jobs", "--users", "10001"), 2, "10000"),
        (("--url", "http://127.0.0.1/jobs", "--tolerance", "nan"), 2, "percentage"),
        (("--url", "http://127.0.0.1/jobs", "--minutes", "nan"), 2, "nan"),
        (("--url", "http://127.0.0.1/jobs", "--body", "{"), 2, "--body is no JSON"),
        (("--url", "http://127.0.0.1/jobs", "--header", "x"), 2, "NAME: TEXT"),
        (("--url", "http://127.0.0.1/jobs", "--bind", "x"), 2, "HOST:PORT"),
    ],
)
def test_what_cannot_be_done_is_said(schema: Path, words: tuple[str, ...], code: int, said: str) -> None:
    done = load(schema, "--users", "5", *words)

    assert (done.returncode, done.stdout) == (code, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_settings_url_of_another_machine_is_refused_too(server: JobServer, schema: Path) -> None:
    done = load(schema, "--users", "5", "--url", server.url, "--settings-url", "http://192.0.2.1/settings.json")

    assert done.returncode == 2
    assert "--settings-url: 192.0.2.1 is not this machine" in done.stderr
    assert server.asked == []


def test_a_worker_makes_no_load_for_another_address_than_its_own(server: JobServer, schema: Path) -> None:
    place = f"127.0.0.1:{server.port + 2 if server.port < 65000 else server.port - 2}"
    worker = subprocess.Popen(
        [*command(schema), "--join", place, "--url", f"{server.url}/mine"], stderr=subprocess.DEVNULL
    )
    done = load(schema, "--users", "5", "--url", server.url, "--minutes", "0.1", "--workers", "1", "--bind", place)

    assert done.returncode == 4
    assert "serves another address" in done.stderr
    assert worker.wait(20) == 4
    assert server.asked == []


def _heeds() -> None:
    """A shell's background has its children ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.setpgrp()
