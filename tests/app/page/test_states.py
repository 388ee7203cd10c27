"""States that a job passes through unseen, where nothing holds it up: not polled for yet, queued; and a server that will not tell."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.app.page.application import Application
from tests.app.page.inspection import Inspection
from tests.app.page.tab import Tab

pytestmark = [pytest.mark.browser, pytest.mark.nginx, pytest.mark.redis]

OpenTab = Callable[..., Tab]
Start = Callable[..., Application]


def test_what_was_not_polled_for_yet_and_what_waits_for_a_worker(
    start: Start, open_tab: OpenTab, inspection: Inspection
) -> None:
    app = start()
    app.kill("worker")
    tab = open_tab(app)
    tab.page.route("**/jobs/*", lambda _: None)
    tab.submit(1)
    tab.reach("waiting")
    inspection.look(tab, "waiting")
    tab.page.unroute("**/jobs/*")
    tab.page.reload()
    tab.reach("queued")
    inspection.look(tab, "queued")
    app.revive("worker")
    tab.reach("succeeded")


def test_a_server_that_will_not_tell_ends_it_and_the_job_goes_on(
    start: Start, open_tab: OpenTab, inspection: Inspection
) -> None:
    app = start()
    tab = open_tab(app)
    tab.submit(60)
    tab.reach("running")
    app.rule("deny all;")
    tab.reach("refused")
    inspection.look(tab, "refused")
    tab.press("Cancel the job")
    tab.page.get_by_text("The server did not take the cancellation: the server answered with status 403.").wait_for()
    app.rule()
    tab.press("Cancel the job")
    tab.page.get_by_text("The cancellation is accepted").wait_for()
    tab.press("Ask again from the start")
    tab.reach("cancelled")
