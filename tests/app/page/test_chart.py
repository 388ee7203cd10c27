"""The chart on the application: what `chartgen set` changes in the cluster is seen in the page that is open."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.app.page.access_log import gaps, polls
from tests.app.page.application import Application
from tests.app.page.inspection import Inspection
from tests.app.page.tab import Tab
from tests.cluster.control_plane import ControlPlane
from tests.cluster.release import Release
from tests.command import chartgen

pytestmark = [pytest.mark.browser, pytest.mark.nginx, pytest.mark.redis]

VALUES = ("--set=settings.pollIntervalMs=1000", "--set=settings.maxPollAttempts=300", "--set=settings.timeoutMs=600000")


WATCHERS = 4
"""How many tabs follow jobs beside the first."""


@pytest.fixture
def release(control_plane: ControlPlane, helm4: str, namespace: str, repository: Path) -> Release:
    """The reference chart, installed; its ConfigMap is what the page has its settings from."""
    made = Release(control_plane, helm4, namespace, repository / "charts" / "ideaforge-frontend")
    made.succeed("install", *VALUES)
    return made


def change(release: Release, *words: str) -> subprocess.CompletedProcess[str]:
    """`chartgen set` on the release."""
    environment = {"KUBECONFIG": str(release.plane.kubeconfig())}
    root = release.chart.parent.parent
    return chartgen("set", *words, "--yes", "--no-restart", "--namespace", release.namespace, cwd=root, env=environment)


def test_a_change_in_the_cluster_reaches_the_pages_and_the_jobs_that_they_follow(
    release: Release,
    start: Callable[..., Application],
    open_tab: Callable[..., Tab],
    inspection: Inspection,
) -> None:
    app = start(**release.data())
    tab = open_tab(app)
    tab.page.evaluate("window.wasLoadedOnce = true")
    jobs = [tab.submit(300), *(app.submit(300) for _ in range(WATCHERS))]
    for job in jobs[1:]:
        tab.follow_beside(app, job)
    tab.wait_until("all poll", lambda: all(len(polls(app, job)) > 2 for job in jobs))
    assert tab.setting("JOB_POLL_INTERVAL_MS") == ("1 s", "window")

    done = change(release, "pollIntervalMs=2000", "maxPollAttempts=200")
    assert done.returncode == 0, done.stderr
    app.settings.swap(release.data())
    tab.wait_until("the page has it", lambda: tab.setting("JOB_POLL_INTERVAL_MS") == ("2 s", "settings.json"))
    assert tab.setting("JOB_MAX_POLL_ATTEMPTS") == ("200", "settings.json")
    assert tab.page.evaluate("window.wasLoadedOnce")
    inspection.look(tab, "changed-settings", whole=True)

    # All get there: a step that had begun with the old pace ends with it.
    tab.wait_until("all have the new pace", lambda: all(min(gaps(polls(app, job))[-2:]) > 1.4 for job in jobs))
    before = {job: len(polls(app, job)) for job in jobs}
    tab.wait_until("all poll on", lambda: all(len(polls(app, job)) >= before[job] + 2 for job in jobs))
    assert min(min(gaps(polls(app, job)[before[job] - 1 :])) for job in jobs) > 1.4
    facts = tab.facts()
    assert int(facts["Attempts left"]) == 200 - int(facts["Polls made"])

    # What breaks a rule does not get that far, by chartgen or past it.
    assert change(release, "pollIntervalMs=20000").returncode == 1
    app.settings.swap({**release.data(), "JOB_POLL_INTERVAL_MS": "20000"})
    tab.wait_until("it is refused", lambda: "refused" in app.processes.log("entrypoint").read_text())
    tab.wait(3)
    assert tab.setting("JOB_POLL_INTERVAL_MS") == ("2 s", "settings.json")
