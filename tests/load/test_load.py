"""`chartgen load` against servers that answer as a test says: what it measures, whom it spares, how it ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections import Counter
from concurrent.futures import Future
from pathlib import Path

import pytest

from tests.cluster.waiting import wait_for
from tests.load.job_server import JobServer
from tests.load.runs import Ran, command, free_place, load


def test_the_mean_is_the_plans_and_the_jobs_are_gone_afterwards(runs: dict[str, Future[Ran]]) -> None:
    run = runs["steady"].result()

    assert run.done.returncode == 0, run.done.stdout + run.done.stderr
    assert re.search(r"polls a second, mean +40\.00 +\d\d\.\d\d +[+-]\d\.\d%", run.done.stdout)
    assert run.done.stdout.endswith("as planned, within 5 %\n")
    assert max(map(len, run.done.stdout.splitlines())) <= 80
    assert run.server.bodies == [{"prompt": "chartgen load", "seconds": 3600}] * 20
    assert Counter(run.server.of("DELETE")) == Counter(f"/jobs/{number}" for number in range(1, 21))
    assert {authorization for *_, authorization in run.server.asked} == {"Bearer x"}


def test_the_page_needs_nothing_else_and_has_the_figures(runs: dict[str, Future[Ran]]) -> None:
    page = runs["page"].result().done.stdout

    assert page.startswith("<!doctype html>")
    assert "polls a second, mean" in page
    assert "<b>" not in page.partition("<header>")[2].partition("</header>")[0]
    assert page.count("<rect ") >= 8
    assert "http" not in re.sub(r"http://127\.0\.0\.1:\d+/jobs|http-equiv", "", page)


def test_users_who_begin_together_ask_in_one_second(runs: dict[str, Future[Ran]]) -> None:
    run = runs["together"].result()
    first = dict[str, float]()
    for at, method, path, _ in sorted(run.server.asked):
        if method == "GET":
            first.setdefault(path, at)

    assert run.report["firstSecond"] >= 50
    assert len(first) == 50
    assert max(first.values()) - min(first.values()) < 0.35


def test_a_job_that_ends_is_followed_by_the_next_one(runs: dict[str, Future[Ran]]) -> None:
    run = runs["jobs"].result()

    lengths = [body["seconds"] for body in run.server.bodies]
    assert all(0 <= length <= 2 for length in lengths[:10])
    assert len(set(lengths[:10])) > 5
    assert set(lengths[10:]) == {2}
    # The clock of these jobs begins with their first poll.
    assert run.report["stretches"][0]["measured"]["pollsOfAJob"] == pytest.approx(5, abs=0.7)


def test_jobs_come_at_their_rate_in_the_open_model_and_are_turned_away_where_there_is_no_user(
    runs: dict[str, Future[Ran]],
) -> None:
    run = runs["open"].result()

    # Jobs never end here: six are there at first, two users are left.
    assert len(run.server.bodies) == 8
    assert sum(stretch["measured"]["others"].get("turned away", 0) for stretch in run.report["stretches"]) >= 10
    assert run.report["jobsPerSecond"] == 2


def test_a_server_that_sends_polls_away_is_left_alone_and_told_of(runs: dict[str, Future[Ran]]) -> None:
    run = runs["refusing"].result()

    assert run.done.returncode == 4
    assert "told of no job" in run.done.stderr
    # Each comes, and is sent away for 3 to 4.2 seconds.
    assert 10 * 2 <= len(run.server.polls()) <= 10 * 4


def test_longer_waits_that_are_asked_for_are_heeded_and_are_not_as_planned(runs: dict[str, Future[Ran]]) -> None:
    run = runs["waiting"].result()

    assert run.done.returncode == 1
    assert "asked for a longer wait (Retry-After)" in run.done.stdout
    assert "not as planned: the mean is -" in run.done.stdout
    assert 10 * 4 <= len(run.server.polls()) <= 10 * 9


def test_an_interval_that_is_raised_while_it_runs_is_a_stretch_of_its_own(runs: dict[str, Future[Ran]]) -> None:
    stretches = runs["live"].result().report["stretches"]

    assert [stretch["intervalSeconds"] for stretch in stretches][-2:] == [1, 2]
    assert stretches[-1]["measured"]["meanPerSecond"] == pytest.approx(10, rel=0.1)


def test_two_workers_make_the_load_of_one(runs: dict[str, Future[Ran]]) -> None:
    run = runs["workers"].result()

    assert run.done.returncode == 0, run.done.stdout + run.done.stderr
    assert re.search(r"polls a second, mean +40\.00 +\d\d\.\d\d ", run.done.stdout)
    assert len(run.server.bodies) == len(run.server.of("DELETE")) == 20


def test_interrupted_it_reports_what_it_has(server: JobServer, schema: Path) -> None:
    words = command(schema, "--users", "10", "--url", server.url, "--minutes", "5")
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=_heeds)  # noqa: PLW1509 - it sets a signal, and starts
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


def test_a_master_whose_place_is_taken_says_so(server: JobServer, schema: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        done = load(schema, "--users", "5", "--url", server.url, "--workers", "1", "--bind", place)

    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    assert server.asked == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--url", "http://192.0.2.1/jobs"), 2, "192.0.2.1 is not this machine"),
        (("--url", "http://127.0.0.1:1/jobs"), 4, "does not answer"),
        (("--url", ""), 2, "is no address of HTTP"),
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


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Content-Type": "application/json; charset=nonsense"}, {"state": "running"}),
        ({"Content-Type": "application/json"}, b"[" * 100_000),
        ({"Content-Type": "application/json"}, b"\xff\xfe\x00"),
    ],
    ids=["charset", "deep", "bytes"],
)
def test_an_answer_that_cannot_be_read_makes_no_more_load(
    server: JobServer, schema: Path, headers: dict[str, str], body: object
) -> None:
    server.answer = lambda _: (200, headers, body)

    load(schema, "--users", "5", "--url", server.url, "--minutes", "0.03")

    assert len(server.bodies) == 5
    assert len(server.polls()) <= 40


def test_a_place_that_is_none_makes_no_more_load(server: JobServer, schema: Path) -> None:
    server.place = "http://[::1/jobs/{}"
    process = subprocess.Popen(
        command(schema, "--users", "5", "--url", server.url, "--minutes", "0.03"), stderr=subprocess.DEVNULL
    )
    wait_for("it asks", lambda: len(server.bodies) >= 5)
    time.sleep(2)
    process.kill()
    process.wait()

    assert len(server.bodies) <= 25


def test_a_settings_url_of_another_machine_is_refused_too(server: JobServer, schema: Path) -> None:
    done = load(schema, "--users", "5", "--url", server.url, "--settings-url", "http://192.0.2.1/settings.json")

    assert done.returncode == 2
    assert "--settings-url: 192.0.2.1 is not this machine" in done.stderr
    assert server.asked == []


def test_a_worker_makes_no_load_for_another_address_than_its_own(server: JobServer, schema: Path) -> None:
    place = free_place()
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
