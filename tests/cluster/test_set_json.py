"""`chartgen set` and `apply` for pipelines: whatever their end, one document on the standard output that says what was done."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.control_plane import ControlPlane
from tests.cluster.live import DATA, DEPLOYMENT, HELD, MAP, Shop, shop
from tests.cluster.scene import with_roles
from tests.projects import SETTINGS

JSON = ("--format", "json")
SLOWER = ("INTERVAL_MS=6000", "--yes")
FROM_TO = {"env": "INTERVAL_MS", "name": "intervalMs", "from": "5000", "to": "6000"}


@pytest.fixture
def app(control_plane: ControlPlane, namespace: str, tmp_path: Path) -> Shop:
    made = shop(control_plane, namespace, tmp_path)
    (tmp_path / "settings.yaml").write_text(with_roles(SETTINGS), encoding="utf-8")
    return made


def document(done: subprocess.CompletedProcess[str], command: str = "set") -> dict[str, Any]:
    """The document, which is all that the standard output has."""
    found: dict[str, Any] = json.loads(done.stdout)
    assert (found["version"], found["kind"], found["exitCode"]) == (1, command, done.returncode), done.stderr
    return found


def test_a_change_that_is_made_and_waited_for(app: Shop) -> None:
    app.deploy()
    done = app.run("set", *SLOWER, "--wait", "--reason", "a peak", "--users", "300", *JSON)
    found = document(done)
    when = found["lastChange"].pop("when")

    assert found == {
        "version": 1,
        "kind": "set",
        "context": "tests",
        "server": app.plane.address,
        "namespace": app.namespace,
        "environment": None,
        "dryRun": False,
        "result": "changed",
        "configMap": {
            "name": MAP, "resourceVersion": app.map()["metadata"]["resourceVersion"], "created": False, "owner": None,
        },
        "changes": [FROM_TO],
        "polling": {
            "users": 300, "fromPerSecond": 60, "toPerSecond": 50,
            "fromGivesUpAfterSeconds": 50, "toGivesUpAfterSeconds": 60,
        },
        "restart": {
            "deployment": DEPLOYMENT, "replicas": 2, "paused": False, "restarted": True, "rolledOut": True, "others": [],
        },
        "lastChange": {"by": "admin", "why": "a peak"},
        "values": None,
        "findings": [],
        "warnings": [],
        "error": None,
        "exitCode": 0,
    }  # fmt: skip
    assert app.last_change()["when"] == when


@pytest.mark.parametrize(
    ("words", "result", "changes"),
    [
        (("INTERVAL_MS=6000", "--dry-run"), "dryRun", [FROM_TO]),
        (("INTERVAL_MS=5000", "--yes"), "unchanged", []),
        (SLOWER, "changed", [FROM_TO]),
    ],
)
def test_what_ends_well_says_how(app: Shop, words: tuple[str, ...], result: str, changes: list[Any]) -> None:
    found = document(app.run("set", *words, "--no-restart", *JSON))

    assert (found["result"], found["changes"], found["restart"], found["exitCode"]) == (result, changes, None, 0)


def test_what_breaks_a_rule_is_refused_with_its_findings(app: Shop) -> None:
    done = app.run("set", "INTERVAL_MS=10000", "--yes", "--no-restart", *JSON)
    found = document(done)

    assert (found["result"], found["exitCode"], app.data()) == ("refused", 1, DATA)
    assert [each["code"] for each in found["findings"]] == ["CG203"]
    assert "error[CG203]" in done.stderr


def test_a_rollout_that_fails_says_that_the_values_are_back(app: Shop) -> None:
    app.deploy()
    app.kubectl("patch", f"deployment/{DEPLOYMENT}", "--patch", HELD)
    found = document(app.run("set", *SLOWER, "--wait", "--timeout", "1", *JSON))

    assert (found["result"], found["exitCode"], app.data()) == ("putBack", 4, DATA)
    assert (found["restart"]["restarted"], found["restart"]["rolledOut"]) == (True, False)
    assert "INTERVAL_MS is 5000 again" in found["error"]["message"]


def test_a_cluster_that_cannot_be_reached_is_an_error_in_the_document(app: Shop) -> None:
    kubeconfig = app.kubeconfig("gone", cluster={"server": "https://127.0.0.1:1"})
    done = app.run("set", *SLOWER, *JSON, kubeconfig=kubeconfig)
    found = document(done)

    assert (found["result"], found["configMap"], found["changes"], found["exitCode"]) == ("failed", None, [], 4)
    assert "cannot be reached" in found["error"]["message"]
    assert found["error"]["help"]
    assert found["error"]["message"] in done.stderr


def test_what_somebody_else_owns_is_refused(app: Shop) -> None:
    app.patch_map({"metadata": {"annotations": {"argocd.argoproj.io/tracking-id": "web:/ConfigMap:x/y"}}})
    found = document(app.run("set", *SLOWER, "--no-restart", *JSON))

    assert (found["result"], found["exitCode"], app.data()) == ("refused", 2, DATA)
    assert found["configMap"]["owner"] == {"tool": "Argo CD", "kind": "Application", "name": "web"}


def test_of_a_release_of_helms_it_says_what_keeps_the_change(app: Shop) -> None:
    ours = {"meta.helm.sh/release-name": "shop", "meta.helm.sh/release-namespace": app.namespace}
    app.patch_map({"metadata": {"annotations": ours}})
    found = document(app.run("set", *SLOWER, "--no-restart", *JSON))

    assert found["values"] == {
        "file": None,
        "lines": ["settings.intervalMs: 6000"],
        "sharedWith": [],
        "written": False,
        "upgrade": f"helm upgrade shop charts/shop --namespace {app.namespace} --kube-context tests"
        " --reset-then-reuse-values --set settings.intervalMs=6000",
    }


def test_apply_says_what_it_created(app: Shop) -> None:
    app.kubectl("delete", "configmap", MAP)
    manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": MAP}, "data": {"INTERVAL_MS": "6000"}}
    found = document(app.run("apply", "-f", "-", "--yes", *JSON, stdin=json.dumps(manifest)), "apply")

    assert (found["result"], found["configMap"]["created"]) == ("changed", True)
    assert found["changes"] == [{**FROM_TO, "from": None}]
    assert [each["code"] for each in found["findings"]] == ["CG406", "CG406"]


def test_a_file_that_is_wrong_is_refused_with_its_findings(app: Shop) -> None:
    manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": MAP}, "data": {"INTERVAL_MS": "6e3"}}
    found = document(app.run("apply", "-f", "-", "--yes", *JSON, stdin=json.dumps(manifest)), "apply")

    assert (found["result"], found["exitCode"]) == ("refused", 1)
    assert "CG409" in [each["code"] for each in found["findings"]]
