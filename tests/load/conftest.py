"""Servers and runs for the tests of `chartgen load`."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.load.job_server import JobServer
from tests.load.runs import RUNS, Ran, as_planned, polling, ran, ran_by_workers, ran_live


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Ran]]]:
    """All runs, at the same time: what they do most is to wait."""
    schema = polling(tmp_path_factory.mktemp("runs"))
    with ThreadPoolExecutor(len(RUNS) + 2) as pool:
        made = {name: pool.submit(ran, name, schema) for name in RUNS if name != "steady"}
        made["steady"] = pool.submit(as_planned, lambda: ran("steady", schema))
        made["workers"] = pool.submit(as_planned, lambda: ran_by_workers(schema))
        yield made | {"live": pool.submit(ran_live, schema)}


@pytest.fixture
def server() -> Iterator[JobServer]:
    """A server whose jobs never end."""
    with JobServer().serving() as serving:
        yield serving


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    """Polling every half second."""
    return polling(tmp_path)
