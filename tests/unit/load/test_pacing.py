"""The users wait as the client waits: its own code says how long, for the same chance."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chartgen.load import pacing
from chartgen.load.pacing import Bounds, Poller, Reply, reply_of
from chartgen.planning.load import Polls
from tests.entrypoint import missing
from tests.reader import CLIENT

DATES = (
    "Sun, 06 Nov 1994 08:49:37 GMT",
    "Sunday, 06-Nov-94 08:49:37 GMT",
    "Sun Nov  6 08:49:37 1994",
    "Mon, 07 Nov 1994 08:49:37 GMT",
    "Mon, 1",
    "1.5",
)
HEADERS = ("0", "3", " 17 ", "3000000", "9" * 30, "-1", "1e3", "", "soon", "\N{ARABIC-INDIC DIGIT ONE}", *DATES)


def clients(asked: list[dict[str, Any]]) -> list[float | None]:
    """What the client's code says."""
    esbuild = CLIENT / "node_modules" / "esbuild"
    if shutil.which("node") is None or not esbuild.exists():
        missing("node on the PATH and client/node_modules (make client)")
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("pacing.js")), str(esbuild), str(CLIENT / "src")],
        input="".join(f"{json.dumps(each)}\n" for each in asked), capture_output=True, encoding="utf-8", check=True, timeout=60,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_wait_is_the_clients() -> None:
    chance = random.Random(11)  # noqa: S311 - cases, not secrets
    asked: list[dict[str, Any]] = []
    own = []
    for _ in range(500):
        drawn = [chance.random() for _ in range(3)]
        interval, took = chance.choice([0, 200, 312.5, 5000, chance.uniform(1, 120_000)]), chance.uniform(0, 20_000)
        failures, wait = chance.randrange(40), chance.choice([None, 0, 1000, chance.uniform(0, 1e6)])
        for name, function, words in (
            ("firstPhase", pacing.first_phase, [interval]),
            ("step", pacing.step, [interval]),
            ("newPhase", pacing.new_phase, [interval]),
            ("apart", pacing.apart, [interval, took]),
            ("backOff", pacing.back_off, [interval, failures, "bounds", wait]),
            ("asked", pacing.asked, [wait or 0]),
        ):
            asked.append({"name": name, "drawn": drawn, "words": words if name == "backOff" else [*words, "bounds"]})
            own.append(_own(function, asked[-1]["words"], drawn))

    for told, mine in zip(clients(asked), own, strict=True):
        assert told is not None
        assert told == pytest.approx(1000 * mine, rel=1e-9, abs=1e-9)


def _own(function: Callable[..., float], words: list[Any], drawn: list[float]) -> float:
    bounds = Bounds(iter(drawn * 3).__next__)
    times = [word / 1000 if isinstance(word, float | int) else word for word in words]
    if function is pacing.back_off:
        return function(times[0], words[1], bounds, times[3])
    return function(*(bounds if word == "bounds" else word for word in times))


def test_retry_after_is_read_as_the_client_reads_it() -> None:
    pairs = [(header, date) for header in HEADERS for date in DATES[:1]]
    told = clients([{"name": "retryAfter", "drawn": [0], "words": pair} for pair in pairs])

    own = [pacing.retry_after(*pair) for pair in pairs]
    assert [None if mine is None else pytest.approx(1000 * mine) for mine in own] == told


def test_the_numbers_are_the_clients(repository: Path) -> None:
    poller = (repository / "client/src/poll-job.ts").read_text(encoding="utf-8").replace("_", "")
    watch = (repository / "client/src/watch-settings.ts").read_text(encoding="utf-8")

    for name, value in (
        ("maxDelayMs", pacing.MAX_DELAY),
        ("maxRetryAfterMs", pacing.MAX_RETRY_AFTER),
        ("requestTimeoutMs", pacing.REQUEST_TIMEOUT),
    ):
        assert f"{name}, {int(value * 1000)})" in poller
    assert f"blips, {pacing.BLIPS})" in poller
    assert f"floorMs: {int(pacing.WATCH_FLOOR * 1000)}," in watch
    assert f"jitter: {pacing.WATCH_JITTER:g} }}" in watch


POLLS = Polls(5, 4, 60)


def steps(replies: list[Reply], polls: Polls = POLLS, took: float = 0.1, elapsed: float = 1) -> list[float | str]:
    """What a page does after each reply, where all chance is one half."""
    poller = Poller(lambda: polls, Bounds(lambda: 0.5))
    return [poller.next(reply, took, elapsed) for reply in replies]


def test_a_page_keeps_its_pace_from_start_to_start_and_ends_with_its_attempts() -> None:
    assert steps([Reply("pending")] * 4) == [pytest.approx(4.9)] * 3 + ["attempts"]


def test_an_answer_that_comes_too_late_begins_a_new_phase() -> None:
    assert steps([Reply("pending")], took=5) == [pytest.approx(0.25 + 0.5 * 4.75)]


def test_a_page_ends_at_its_timeout_and_polls_once_more_just_before() -> None:
    assert steps([Reply("pending")], elapsed=58) == [pytest.approx(2)]
    assert steps([Reply("pending")], elapsed=59.8) == ["timeout"]


def test_a_busy_server_is_left_alone_for_longer_and_longer() -> None:
    assert steps([Reply("busy")] * 3) == [10, 20, 40]
    assert steps([Reply("busy", 100)], Polls(5, 4, 600)) == [pytest.approx(120)]
    assert steps([Reply("pending", 20)]) == [pytest.approx(24)]
    assert steps([Reply("pending", 3_000_000)], Polls(5, 4, 1000)) == [pytest.approx(360)]


def test_five_polls_in_a_row_may_bring_nothing() -> None:
    many = Polls(5, 100, 6000)

    assert steps([Reply("unavailable")] * 6, many) == [5, 10, 20, 40, 60, "unreachable"]
    assert steps([Reply("unavailable"), Reply("pending")] * 6, many)[-1] == pytest.approx(4.9)


@pytest.mark.parametrize(
    ("status", "state", "kind"),
    [
        (200, "running", "pending"), (200, "Succeeded", "done"), (200, "failed", "done"), (200, None, "unavailable"),
        (202, None, "pending"), (404, None, "gone"), (410, None, "gone"), (429, None, "busy"), (503, None, "busy"),
        (500, None, "unavailable"), (302, None, "unavailable"), (0, None, "unavailable"), (408, None, "unavailable"),
        (401, None, "refused"), (400, None, "refused"),
    ],
)  # fmt: skip
def test_a_reply_is_what_the_client_takes_it_for(status: int, state: str | None, kind: str) -> None:
    assert reply_of(status, state, "", "").kind == kind
