"""A job from its order to its end, as a user sees it and as the server counts it."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median
from zoneinfo import ZoneInfo

import pytest

from tests.app.page.access_log import polls
from tests.app.page.application import Application
from tests.app.page.inspection import Inspection
from tests.app.page.tab import Tab
from tests.cluster.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.nginx, pytest.mark.redis]

OpenTab = Callable[..., Tab]


def test_it_is_polled_for_at_the_pace_of_the_settings_and_its_dates_are_the_users(
    calm: Application, open_tab: OpenTab, inspection: Inspection
) -> None:
    zone = ZoneInfo("America/New_York")
    tab = open_tab(calm, zone=zone.key)
    inspection.look(tab, "new", whole=True)
    job = tab.submit(6)
    tab.reach("succeeded")
    inspection.look(tab, "succeeded")

    found = polls(calm, job)
    assert {each.status for each in found} == {200}
    # The first comes within an interval; from then on each is an interval after the one before, give or take a fifth.
    assert 5 <= len(found) <= 10
    waits = [later - at for at, later in pairwise(tab.asked(job))]
    assert len(waits) == len(found) - 1
    assert median(waits) == pytest.approx(1, abs=0.2)
    assert min(waits) > 0.75
    tab.wait(1.5)
    assert polls(calm, job) == found

    shown = tab.page.locator("time").all()
    assert len(shown) >= 6
    for element in [each for each in shown if "T" in (each.get_attribute("datetime") or "")]:
        moment = datetime.fromisoformat(element.get_attribute("datetime") or "").astimezone(zone)
        assert f"{moment:%H:%M:%S}" in element.inner_text()
        assert element.inner_text().endswith(("GMT-4", "GMT-5"))
    assert tab.page.locator("footer").inner_text() == "All times are in America/New_York."


def test_the_settings_in_force_are_shown_with_where_they_are_from(calm: Application, open_tab: OpenTab) -> None:
    tab = open_tab(calm)

    assert tab.setting("JOB_POLL_INTERVAL_MS") == ("1 s", "window")
    assert tab.setting("JOB_MAX_POLL_ATTEMPTS") == ("60", "window")
    assert tab.setting("JOB_TIMEOUT_MS") == ("1 min", "window")


def test_settings_that_are_refused_are_told_and_defaults_stand_in(
    calm: Application, open_tab: OpenTab, inspection: Inspection
) -> None:
    before = "Object.defineProperty(window, '__JOB_POLL_INTERVAL_MS__', { get: () => 10, set: () => undefined })"
    tab = open_tab(calm, before=before)
    tab.page.route("**/settings.json", lambda _: None)  # no answer: what the page was loaded with stays
    tab.page.reload()

    assert tab.setting("JOB_POLL_INTERVAL_MS") == ("5 s", "default")
    assert tab.setting("JOB_TIMEOUT_MS") == ("10 min", "default")
    news = tab.page.get_by_label("Poll settings in force").get_by_role("status").inner_text()
    assert "the defaults stand in" in news
    assert "pollIntervalMs is 10; expected at least 1000 ms" in news
    inspection.look(tab, "refused-settings", whole=True)


def test_a_server_without_live_settings_is_no_fault(calm: Application, open_tab: OpenTab) -> None:
    tab = open_tab(calm)
    tab.page.route("**/settings.json", lambda route: route.fulfill(status=404))
    tab.page.reload()
    tab.page.get_by_text("No change reaches this page without a reload: /settings.json is not there").wait_for()

    assert tab.setting("JOB_POLL_INTERVAL_MS") == ("1 s", "window")


def test_a_job_that_fails_says_why(calm: Application, open_tab: OpenTab, inspection: Inspection) -> None:
    tab = open_tab(calm)
    tab.submit(0.5, fail=True)
    tab.reach("failed")

    assert tab.says.startswith("Failed")
    inspection.look(tab, "failed")


def test_a_job_is_cancelled(calm: Application, open_tab: OpenTab, inspection: Inspection) -> None:
    tab = open_tab(calm)
    job = tab.submit(60)
    tab.reach("running")
    inspection.look(tab, "running", whole=True)
    tab.press("Cancel the job")
    tab.reach("cancelled")

    assert tab.says.startswith("Cancelled")
    inspection.look(tab, "cancelled")
    count = len(polls(calm, job))
    tab.wait(1.5)
    assert len(polls(calm, job)) == count


@pytest.mark.parametrize("status", [404, 410])
def test_a_job_that_is_gone_ends_it(calm: Application, open_tab: OpenTab, inspection: Inspection, status: int) -> None:
    tab = open_tab(calm)
    job = tab.submit(60)
    tab.reach("running")
    if status == 404:
        tab.page.evaluate("sessionStorage.setItem('ideaforge.job', 'nobody-knows-it')")
        tab.page.reload()
        job = "nobody-knows-it"
    else:
        keys = f"redis-cli -p {calm.ports.redis} --raw keys 'job:*{job}*' | xargs redis-cli -p {calm.ports.redis} del"
        subprocess.run(keys, shell=True, check=True, timeout=10, stdout=subprocess.DEVNULL)  # noqa: S602 - our own words
    tab.reach("gone")

    wait_for("the last is logged", lambda: polls(calm, job)[-1].status == status)
    assert tab.says.startswith("Gone")
    inspection.look(tab, "gone")


def test_a_reload_goes_on_where_the_page_was(calm: Application, open_tab: OpenTab) -> None:
    tab = open_tab(calm)
    job = tab.submit(15)
    tab.wait_until("two polls", lambda: len(polls(calm, job)) >= 2)
    left, started = tab.fact("Time left"), tab.followed_since
    tab.page.reload()
    tab.reach("running")

    assert tab.job == job
    assert int(tab.fact("Polls made")) >= 2
    tab.wait_until("it polls on", lambda: "last heard of; " not in tab.says)
    assert int(tab.fact("Polls made")) >= 3
    assert int(tab.fact("Attempts left")) <= 57
    assert tab.followed_since == pytest.approx(started, abs=0.1)
    tab.wait_until("time passes", lambda: seconds(tab.fact("Time left")) < seconds(left))
    tab.reach("succeeded")


def test_a_reload_does_not_forget_how_the_job_was(calm: Application, open_tab: OpenTab) -> None:
    tab = open_tab(calm)
    tab.submit(60)
    tab.reach("running")
    tab.page.route("**/jobs/*", lambda _: None)  # no answer: the page says what it knows by itself
    tab.page.reload()
    tab.reach("running")

    assert "So it was when it was last heard of; the next poll will tell." in tab.says
    assert tab.fact("Started")
    assert not tab.page.get_by_text("not known yet").is_visible()


def test_a_text_that_looks_like_a_date_stays_as_it_was_written(calm: Application, open_tab: OpenTab) -> None:
    tab = open_tab(calm)
    tab.submit(0, prompt="2026-11-28")
    tab.reach("succeeded")

    assert tab.fact("title") == "2026-11-28"


def test_who_asks_for_more_jobs_is_not_lost_at_the_end_of_the_list(calm: Application, open_tab: OpenTab) -> None:
    for _ in range(11):
        calm.submit(0)
    tab = open_tab(calm)
    tab.press("Show recent jobs")
    more = tab.page.get_by_role("button", name="Show more")
    more.wait_for()
    while more.is_visible():
        more.press("Enter")
        tab.page.get_by_role("button", name="Load the list again").wait_for()

    assert tab.focused == "These are all."


def seconds(text: str) -> int:
    """A span as the page says it."""
    numbers = text.replace("min", "60").replace("s", "1").split()
    return sum(int(count) * int(unit) for count, unit in zip(numbers[::2], numbers[1::2], strict=True))


def test_all_of_it_goes_by_keyboard_and_who_orders_a_job_is_brought_to_it(calm: Application, open_tab: OpenTab) -> None:
    tab = open_tab(calm)
    keyboard = tab.page.keyboard
    keyboard.press("Tab")
    assert tab.focused == "Skip to the job"
    keyboard.press("Enter")
    keyboard.press("Tab")
    assert tab.focused == "prompt"
    keyboard.press("Tab")
    keyboard.press("ControlOrMeta+A")
    keyboard.type("60")
    keyboard.press("Enter")
    tab.reach("running")
    assert tab.focused == "job"
    keyboard.press("Tab")
    assert tab.focused == "Cancel the job"
    keyboard.press("Enter")
    tab.reach("cancelled")
    assert tab.focused == "job"  # the button is gone; who pressed it is not thrown to the page's top
    keyboard.press("Tab")
    keyboard.press("Enter")
    assert tab.focused == "prompt"


def test_recent_jobs_are_listed_when_they_are_asked_for_and_can_be_followed(
    calm: Application, open_tab: OpenTab, inspection: Inspection
) -> None:
    tab = open_tab(calm)
    job = tab.submit(0)
    tab.reach("succeeded")
    tab.press("New job")
    tab.press("Show recent jobs")
    follow = tab.page.get_by_role("button", name=f"Follow job {job}")
    follow.wait_for()
    inspection.look(tab, "recent", whole=True)
    follow.click()

    tab.reach("succeeded")
    assert tab.job == job
    assert datetime.now(UTC).strftime("%Y") in tab.fact("Submitted")
