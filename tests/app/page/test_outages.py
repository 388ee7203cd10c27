"""A part is away for a while: the page says what goes on, the job is not lost, and nobody is stormed when the part is back."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.app.page.access_log import Answer, gaps, polls
from tests.app.page.application import Application
from tests.app.page.inspection import Inspection
from tests.app.page.tab import Tab
from tests.cluster.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.nginx, pytest.mark.redis]

OpenTab = Callable[..., Tab]
Start = Callable[..., Application]
LEAST = 0.5
"""No poll comes sooner after the one before (s), with a margin for a machine that has much to do: the interval is 1 s, give or take
a fifth."""

WATCHERS = 9
"""How many tabs follow jobs beside the first."""


def test_redis_is_killed_and_started_again(start: Start, open_tab: OpenTab, inspection: Inspection) -> None:
    app = start()
    tab = open_tab(app)
    job = tab.submit(8)
    tab.reach("running")
    app.kill("redis")
    tab.reach("busy")
    assert re.search(r"It says: Redis does not answer.*Trying again at \d\d:\d\d:\d\d\.", tab.says)
    inspection.look(tab, "busy")
    app.revive("redis")
    tab.reach("succeeded")

    assert min(later - at for at, later in pairwise(tab.asked(job))) > LEAST


def test_the_worker_is_killed_in_the_midst_of_the_job(start: Start, open_tab: OpenTab) -> None:
    app = start()
    tab = open_tab(app)
    job = tab.submit(4)
    tab.reach("running")
    app.kill("worker")
    tab.wait(3)
    assert tab.phase == "running"
    app.revive("worker")
    tab.reach("succeeded")

    assert {each.status for each in polls(app, job)} == {200}
    assert min(later - at for at, later in pairwise(tab.asked(job))) > LEAST


def test_the_backend_is_killed_and_started_again(start: Start, open_tab: OpenTab, inspection: Inspection) -> None:
    app = start()
    tab = open_tab(app)
    job = tab.submit(6)
    tab.reach("running")
    app.kill("backend")
    tab.reach("away")
    assert "The last time the server answered with status 502" in tab.says
    assert re.search(r"Trying again at \d\d:\d\d:\d\d; \d more tries", tab.says)
    inspection.look(tab, "away")
    app.revive("backend")
    tab.reach("succeeded")

    assert min(later - at for at, later in pairwise(tab.asked(job))) > LEAST


def test_the_network_stalls_and_tabs_do_not_come_back_together(start: Start, open_tab: OpenTab) -> None:
    app = start()
    tab = open_tab(app)
    jobs = [tab.submit(300), *(app.submit(300) for _ in range(WATCHERS))]
    for job in jobs[1:]:
        tab.follow_beside(app, job)
    tab.wait_until("all poll", lambda: all(polls(app, job) for job in jobs))
    with app.stalled("nginx"):
        tab.page.bring_to_front()
        tab.wait_until("it says so", lambda: "no answer yet" in tab.fact("Next poll"))
        before = [len(polls(app, job)) for job in jobs]
    tab.reach("running")

    # What was asked in the stall, one poll of each, is answered at its end; the next polls are spread over the interval again.
    def later() -> list[list[Answer]]:
        return [polls(app, job)[count + 1 :] for count, job in zip(before, jobs, strict=True)]

    tab.wait_until("all poll again", lambda: min(len(found) for found in later()) >= 3)
    first = [found[0].at for found in later()]
    assert max(first) - min(first) > 0.2
    assert min(min(gaps(found)) for found in later()) > LEAST


def test_a_server_that_stays_away_is_given_up_and_can_be_asked_again(
    start: Start, open_tab: OpenTab, inspection: Inspection
) -> None:
    app = start()
    job = app.submit(300)
    app.kill("backend")
    tab = open_tab(app)
    tab.page.evaluate(f"sessionStorage.setItem('ideaforge.job', '{job}')")
    tab.page.clock.install()
    tab.page.reload()
    for _ in range(60):  # the page's seconds, which need not be ours; but answers take their own time
        if tab.phase == "unreachable":
            break
        tab.page.clock.run_for(1000)
        tab.wait(0.05)
        tab.wait_until("it is answered", lambda: not tab.asking)
    assert tab.phase == "unreachable"
    assert [each.status for each in polls(app, job)] == [502] * 6
    inspection.look(tab, "unreachable")

    app.revive("backend")
    wait_for("the backend is ready", app.is_ready)
    tab.press("Ask again from the start")
    tab.page.clock.run_for(1000)
    tab.reach("running")
