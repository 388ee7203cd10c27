"""The backend with real parts: Redis, the API, a worker."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.backend import Backend
from tests.redis_server import RedisServer


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis for the tests of a file."""
    with RedisServer(tmp_path_factory.mktemp("redis"), is_durable=True).running() as server:
        yield server


@pytest.fixture(scope="module")
def backend(redis: RedisServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """An API and a worker for the tests of a file."""
    made = Backend(redis, tmp_path_factory.mktemp("backend"))
    try:
        made.serve()
        made.work()
        yield made
    finally:
        made.stop()


@pytest.fixture
def own_backend(tmp_path: Path) -> Iterator[Backend]:
    """One that a test may break, with a Redis of its own; only Redis runs yet."""
    with RedisServer(tmp_path, is_durable=True).running() as server:
        made = Backend(server, tmp_path)
        try:
            yield made
        finally:
            made.stop()
