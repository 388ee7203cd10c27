"""What the API server warns of when settings are changed is told, whoever's policy it is, and changes nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from chartgen.settings.schema import load_settings
from tests.cluster.control_plane import ControlPlane
from tests.cluster.live import DATA, MAP, Shop, shop
from tests.cluster.policies import RESOURCES, Guarded
from tests.projects import SETTINGS

ON = ("--yes", "--no-restart")
DOUBTFUL = "fewer than 9 attempts are «few»"
STRICTER = f"""\
  - rule: self.attempts >= 9
    message: {DOUBTFUL}
    fieldPath: .attempts
    x-severity: warning
"""


@pytest.fixture
def app(control_plane: ControlPlane, namespace: str, tmp_path: Path) -> Iterator[Shop]:
    """A shop whose ConfigMap is guarded by policies of a schema that warns of more than the project's own."""
    made = shop(control_plane, namespace, tmp_path)
    (tmp_path / "stricter.yaml").write_text(SETTINGS + STRICTER, encoding="utf-8")
    guarded = Guarded(control_plane.api, namespace, MAP, load_settings(str(tmp_path / "stricter.yaml")))
    guarded.guard()
    try:
        guarded.wait()
        yield made
    finally:
        for each in guarded.objects():
            control_plane.api.call("DELETE", f"{RESOURCES[each['kind']]}/{each['metadata']['name']}")


@pytest.mark.parametrize("is_dry", [True, False])
def test_what_a_policy_warns_of_is_told_once(app: Shop, is_dry: bool) -> None:
    done = app.run("set", "ATTEMPTS=8", "--no-restart", "--dry-run" if is_dry else "--yes")

    assert done.returncode == 0, done.stderr
    told = [line for line in done.stderr.splitlines() if DOUBTFUL in line]
    assert len(told) == 1, done.stderr
    assert told[0].startswith("warning: the API server says: Validation failed for ValidatingAdmissionPolicy ")
    assert app.data() == (DATA if is_dry else {**DATA, "ATTEMPTS": "8"})


def test_apply_tells_it_too(app: Shop) -> None:
    manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": MAP}, "data": {**DATA, "ATTEMPTS": "8"}}
    done = app.run("apply", "-f", "-", *ON, "--format", "json", stdin=json.dumps(manifest))

    assert done.returncode == 0, done.stderr
    assert DOUBTFUL in done.stderr
    assert [text for text in json.loads(done.stdout)["warnings"] if DOUBTFUL in text]


def test_where_nothing_is_doubtful_nothing_is_told(app: Shop) -> None:
    done = app.run("set", "ATTEMPTS=9", *ON)

    assert (done.returncode, "warning" in done.stderr) == (0, False), done.stderr
