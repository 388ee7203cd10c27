"""An order reaches the server, or not, or nobody knows: the page says which, and one order is one job."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from uuid import UUID

import pytest

from tests.app.page.access_log import gaps, orders
from tests.app.page.application import Application
from tests.app.page.inspection import Inspection
from tests.app.page.parts import LOOPBACK
from tests.app.page.tab import Tab

pytestmark = [pytest.mark.browser, pytest.mark.nginx, pytest.mark.redis]

OpenTab = Callable[..., Tab]
Start = Callable[..., Application]


def test_an_order_that_is_unanswered_is_sent_again_as_the_same(
    start: Start, open_tab: OpenTab, inspection: Inspection
) -> None:
    app = start()
    tab = open_tab(app)
    app.kill("nginx")
    tab.press("Submit the job")
    told(tab, "Whether the server has the job is not known: there was no answer. The same order is sent again at")
    inspection.look(tab, "order-unanswered")
    app.kill("redis")
    app.revive("nginx")
    told(tab, "Redis does not answer")
    app.revive("redis")
    tab.reach("running")

    assert [each.status for each in orders(app)][-1] == 202
    assert {each.status for each in orders(app)[:-1]} == {503}
    (key,) = {each.key for each in orders(app)}
    assert UUID(key).version == 4
    tab.press("Leave it running, and submit another")
    tab.press("Submit the job")
    tab.reach("running")
    assert orders(app)[-1].key != key


def test_an_order_that_redis_has_and_could_not_answer_is_one_job(start: Start, open_tab: OpenTab) -> None:
    app = start()
    first = app.submit(0)  # the backend has its connections, so that what it asks for reaches Redis
    tab = open_tab(app)
    with app.stalled("redis"):
        tab.press("Submit the job")
        told(tab, "Whether the server has the job is not known")
    tab.reach("running")

    assert [each.status for each in orders(app)] == [202, 503, 202]
    assert jobs(app) == [tab.job, first]


def test_an_order_that_the_network_swallows_is_one_job(start: Start, open_tab: OpenTab) -> None:
    app = start()
    tab = open_tab(app)
    with app.stalled("nginx"):
        tab.press("Submit the job")
        told(tab, "Whether the server has the job is not known: there was no answer", seconds=20)
        tab.press("Show recent jobs")
        tab.page.get_by_role("button", name="Loading…").wait_for()
        tab.page.get_by_text("The list could not be loaded").wait_for(timeout=20_000)
    tab.reach("running")

    assert jobs(app) == [tab.job]


def test_a_proxy_that_gave_up_did_not_say_that_the_server_has_nothing(start: Start, open_tab: OpenTab) -> None:
    app = start()
    tab = open_tab(app)
    app.rule("if ($request_method ~ ^(POST|DELETE)$) { return 504; }")
    tab.press("Submit the job")
    told(tab, "Whether the server has the job is not known: the server answered with status 504.")
    app.rule()
    tab.reach("running")

    app.rule("if ($request_method ~ ^(POST|DELETE)$) { return 504; }")
    tab.press("Cancel the job")
    tab.page.get_by_text("Whether the server has the cancellation is not known").wait_for()
    app.rule()
    tab.press("Cancel the job")
    tab.reach("cancelled")


def test_an_order_waits_for_a_server_that_is_busy(start: Start, open_tab: OpenTab, inspection: Inspection) -> None:
    app = start()
    tab = open_tab(app)
    app.rule("if ($request_method = POST) { return 429; }")
    tab.press("Submit the job")
    told(tab, "The server has not taken the job: the server answered with status 429. The same order is sent again at")
    inspection.look(tab, "order-busy")
    app.rule()
    tab.reach("running")

    assert {each.status for each in orders(app)[:-1]} == {429}
    assert orders(app)[-1].status == 202
    assert min(gaps(orders(app))) > 4.5


def test_who_stops_an_order_is_told_what_is_known_of_it(start: Start, open_tab: OpenTab) -> None:
    app = start()
    tab = open_tab(app)
    app.rule("if ($request_method = POST) { return 429; }")
    tab.press("Submit the job")
    told(tab, "The server has not taken the job")
    tab.press("Stop trying")
    told(tab, "Stopped: the server has not taken the job.")
    assert tab.focused == "Submit the job"

    app.rule()
    with app.stalled("backend"):
        tab.press("Submit the job")
        tab.wait(0.5)
        tab.press("Stop trying")
        told(tab, "Stopped: whether the server has the job is not known")
        assert tab.focused == "Submit the job"
    tab.press("Submit the job")  # the same, so it is the same order
    tab.reach("running")
    assert jobs(app) == [tab.job]


def test_an_order_is_not_sent_again_when_its_key_may_be_forgotten(start: Start, open_tab: OpenTab) -> None:
    app = start(JOB_MAX_POLL_ATTEMPTS="4", JOB_TIMEOUT_MS="4000")  # no job is kept for less
    tab = open_tab(app)
    app.kill("nginx")
    tab.press("Submit the job")
    told(tab, "Whether the server has the job is not known: there was no answer. See the recent jobs below.")

    assert tab.page.get_by_role("button", name="Submit the job").is_visible()


def test_the_form_takes_what_the_server_takes(calm: Application, open_tab: OpenTab) -> None:
    tab = open_tab(calm)
    with urllib.request.urlopen(f"http://{LOOPBACK}:{calm.ports.backend}/openapi.json", timeout=5) as response:
        order = json.load(response)["components"]["schemas"]["JobRequest"]["properties"]

    assert tab.page.get_by_label("What is to be done").get_attribute("maxlength") == str(order["prompt"]["maxLength"])
    seconds = tab.page.get_by_label("How long it takes")
    assert float(seconds.get_attribute("max") or "") == order["seconds"]["maximum"]
    assert float(seconds.get_attribute("min") or "") == order["seconds"]["minimum"]


def told(tab: Tab, words: str, seconds: float = 30) -> None:
    """The form says so."""
    tab.page.locator("form [role=alert]", has_text=words).wait_for(timeout=seconds * 1000)


def jobs(app: Application) -> list[str]:
    """The ids of all jobs that the server has."""
    with urllib.request.urlopen(app.jobs, timeout=5) as response:  # noqa: S310 - our own address
        return [each["id"] for each in json.load(response)["jobs"]]
