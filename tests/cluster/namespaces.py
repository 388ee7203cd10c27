"""Namespaces of a test's own."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from tests.cluster.control_plane import ControlPlane


@contextmanager
def own_namespace(plane: ControlPlane) -> Iterator[str]:
    """The name of a new namespace. It goes when the test ends, and nobody waits for that."""
    name = f"test-{secrets.token_hex(4)}"
    plane.api.call("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
    yield name
    plane.api.call("DELETE", f"/api/v1/namespaces/{name}")
