"""The reference chart as a release of a test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cluster.control_plane import ControlPlane
from tests.cluster.release import Release


@pytest.fixture
def release(control_plane: ControlPlane, helm4: str, namespace: str, repository: Path) -> Release:
    """The reference chart under Helm 4, not installed yet."""
    return Release(control_plane, helm4, namespace, repository / "charts" / "ideaforge-frontend")


@pytest.fixture
def any_release(control_plane: ControlPlane, helm: str, namespace: str, repository: Path) -> Release:
    """The same under each Helm in turn."""
    return Release(control_plane, helm, namespace, repository / "charts" / "ideaforge-frontend")
