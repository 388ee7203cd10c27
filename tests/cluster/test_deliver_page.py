"""What the page about delivery shows was run: each session says what the page says, on a real control plane."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.test_sessions import replayed, write_program
from tests.cluster.control_plane import ControlPlane
from tests.cluster.waiting import wait_for

PAGE = "docs/how-to/deliver.md"
NAMESPACE = "shop"


@pytest.fixture
def programs(control_plane: ControlPlane, helm4: str, tmp_path: Path) -> Iterator[Path]:
    """A folder for the PATH: `helm` and `kubectl` work in the page's namespace."""
    control_plane.freshen()
    # Other pages' examples leave a namespace of that name behind.
    delete(control_plane)
    made = control_plane.api.call("POST", "/api/v1/namespaces", {"metadata": {"name": NAMESPACE}})
    assert made.status == 201, made.message
    kubeconfig = tmp_path / "kubeconfig"
    config = json.loads(control_plane.kubeconfig().read_text(encoding="utf-8"))
    config["contexts"][0]["context"]["namespace"] = NAMESPACE
    kubeconfig.touch(mode=0o600)
    kubeconfig.write_text(json.dumps(config), encoding="utf-8")
    folder = tmp_path / "programs"
    folder.mkdir()
    for name, path in (("helm", helm4), ("kubectl", control_plane.programs["kubectl"])):
        write_program(folder / name, f'KUBECONFIG={kubeconfig} HOME={tmp_path} exec {path} "$@"')
    yield folder
    delete(control_plane)


def delete(plane: ControlPlane) -> None:
    """Delete the namespace, and wait until it is gone."""
    path = f"/api/v1/namespaces/{NAMESPACE}"
    wait_for("the namespace is gone", lambda: plane.api.call("DELETE", path).status == 404, seconds=60)


def test_the_session_is_real(request: pytest.FixtureRequest, repository: Path, programs: Path) -> None:
    page = repository / PAGE
    expected = page.read_text(encoding="utf-8")
    actual = replayed(expected, repository, programs)
    if request.config.getoption("--update-golden"):
        page.write_text(actual, encoding="utf-8")
        return

    assert expected == actual
