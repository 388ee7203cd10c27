"""The reference chart as a release of a test's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.control_plane import ControlPlane
from tests.cluster.release import Release
from tests.cluster.scene import Scene, healthy, scene
from tests.redis_server import RedisServer


@pytest.fixture
def release(control_plane: ControlPlane, helm4: str, namespace: str, repository: Path) -> Release:
    """The reference chart under Helm 4, not installed yet."""
    return Release(control_plane, helm4, namespace, repository / "charts" / "ideaforge-frontend")


@pytest.fixture
def any_release(control_plane: ControlPlane, helm: str, namespace: str, repository: Path) -> Release:
    """The same under each Helm in turn."""
    return Release(control_plane, helm, namespace, repository / "charts" / "ideaforge-frontend")


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a real Redis."""
    with RedisServer(tmp_path_factory.mktemp("redis")).running() as server:
        yield server.port


@pytest.fixture
def calm(control_plane: ControlPlane, namespace: str, tmp_path: Path, redis: int) -> Scene:
    """All in order: the frontend, the backend, Redis, which pods and an address give alike."""
    (control_plane.folder / "redis.port").write_text(f"{redis}\n", encoding="utf-8")
    made = scene(control_plane, namespace, tmp_path, redis)
    made.in_redis("FLUSHALL")
    return healthy(made)
