"""Namespaces of a test's own."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from tests.cluster.control_plane import ControlPlane
from tests.cluster.waiting import wait_for


@contextmanager
def own_namespace(plane: ControlPlane) -> Iterator[str]:
    """The name of a new namespace. It goes when the test ends, and nobody waits for that."""
    plane.freshen()
    name = f"test-{secrets.token_hex(4)}"
    made = plane.api.call("POST", "/api/v1/namespaces", {"metadata": {"name": name}})
    assert made.status == 201, made
    # Without its account no pod is taken.
    account = f"/api/v1/namespaces/{name}/serviceaccounts/default"
    wait_for("the namespace has its account", lambda: plane.api.call("GET", account).status == 200)
    yield name
    plane.api.call("DELETE", f"/api/v1/namespaces/{name}")
