"""The reference application, running whole: Redis, backend, worker, entrypoint, nginx, Chromium."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.app.backend import PATIENT
from tests.app.page.application import Application, running
from tests.app.page.inspection import Inspection
from tests.app.page.parts import MissingPartError
from tests.app.page.tab import Tab
from tests.entrypoint import missing

DATA = {"JOB_POLL_INTERVAL_MS": "1000", "JOB_MAX_POLL_ATTEMPTS": "60", "JOB_TIMEOUT_MS": "60000"}
"""Polls as often as the settings allow, so that tests are short."""

MORE = {"JOB_HEARTBEAT_S": "3", **PATIENT}
"""A worker that is dead is missed soon."""


@contextmanager
def started(folder: Path, data: dict[str, str]) -> Iterator[Application]:
    """The application; what is not on this machine is named."""
    with ExitStack() as stack:
        try:
            app = stack.enter_context(running(folder, data, more=MORE))
        except MissingPartError as error:
            missing(str(error))
        yield app


@pytest.fixture(scope="session")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """One in which nothing is broken: tests may share it."""
    with started(tmp_path_factory.mktemp("calm"), DATA) as app:
        yield app


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Application]]:
    """Start one of the test's own: `start(JOB_MAX_POLL_ATTEMPTS="3")`."""
    with ExitStack() as stack:
        yield lambda **data: stack.enter_context(started(tmp_path, {**DATA, **data}))


@pytest.fixture
def open_tab(chromium: Browser) -> Iterator[Callable[..., Tab]]:
    """Open a tab: `open_tab(app, zone="Asia/Tokyo")`."""
    with ExitStack() as stack:
        yield lambda *given, **options: stack.enter_context(Tab(chromium, *given, **options))


@pytest.fixture(scope="session")
def inspection(request: pytest.FixtureRequest) -> Inspection:
    """Looks at states; keeps pictures with `--update-golden`."""
    return Inspection(pictures=bool(request.config.getoption("--update-golden")))
