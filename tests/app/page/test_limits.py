"""Where the settings end it: polls are as many as they say, and the last one is at the deadline."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.app.page.access_log import polls
from tests.app.page.application import Application
from tests.app.page.inspection import Inspection
from tests.app.page.tab import Tab
from tests.cluster.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.nginx, pytest.mark.redis]

OpenTab = Callable[..., Tab]
Start = Callable[..., Application]


def test_as_many_polls_are_made_as_the_settings_allow_and_then_none(
    start: Start, open_tab: OpenTab, inspection: Inspection
) -> None:
    app = start(JOB_MAX_POLL_ATTEMPTS="3", JOB_TIMEOUT_MS="6000")
    tab = open_tab(app)
    job = tab.submit(60)
    tab.reach("exhausted")

    wait_for("the last is logged", lambda: len(polls(app, job)) == 3)
    assert "asked 3 times" in tab.says
    inspection.look(tab, "exhausted")
    tab.wait(2.5)
    assert len(polls(app, job)) == 3

    # The job goes on without the page; whoever asks again has all attempts again.
    tab.press("Ask again from the start")
    tab.reach("running")
    tab.reach("exhausted")
    wait_for("the last is logged", lambda: len(polls(app, job)) == 6)
    tab.press("Cancel the job")
    tab.page.get_by_text("The cancellation is accepted").wait_for()
    tab.press("Ask again from the start")
    tab.reach("cancelled")


def test_the_last_poll_is_at_the_deadline(start: Start, open_tab: OpenTab, inspection: Inspection) -> None:
    app = start(JOB_MAX_POLL_ATTEMPTS="4", JOB_TIMEOUT_MS="4000")
    tab = open_tab(app)
    app.kill(
        "redis"
    )  # the backend then sends polls away for longer than the interval, so that time is up before attempts are
    tab.page.evaluate("sessionStorage.setItem('ideaforge.job', 'a-job')")
    tab.page.reload()
    tab.reach("timeout")

    wait_for("the last is logged", lambda: len(polls(app, "a-job")) == len(tab.asked("a-job")))
    asked, found = tab.asked("a-job"), polls(app, "a-job")
    assert {each.status for each in found} == {503}
    assert 1 <= len(found) < 4
    begun = tab.followed_since - tab.page.evaluate("performance.timeOrigin") / 1000
    assert 3.9 < asked[-1] - begun < 5  # a timer may be late, and is not early
    inspection.look(tab, "timeout")
    tab.wait(2)
    assert polls(app, "a-job") == found
