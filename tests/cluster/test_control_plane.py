"""The kit itself: what the tests stand on is a cluster in which pods run, and whose ways to fail can be chosen."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.cluster import parts
from tests.cluster.api import APPLY, MERGE
from tests.cluster.control_plane import ControlPlane
from tests.cluster.control_plane import control_plane as running_control_plane
from tests.cluster.processes import children_of, runs
from tests.cluster.waiting import wait_for

ENDS = "Ctrl-C stops it, and everything in it is gone.\n"
"""The last line of what `make cluster` says."""


def deployment(annotations: dict[str, str]) -> dict[str, Any]:
    labels = {"app": "web"}
    pod = {
        "metadata": {"labels": labels, "annotations": annotations},
        "spec": {"containers": [{"name": "a", "image": "a"}]},
    }
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": pod}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}


def deploy(plane: ControlPlane, namespace: str, annotations: dict[str, str]) -> None:
    reply = plane.api.call("POST", f"/apis/apps/v1/namespaces/{namespace}/deployments", deployment(annotations))
    assert reply.status == 201, reply


def rollout(plane: ControlPlane, namespace: str, timeout: str = "20s") -> str:
    done = plane.kubectl("rollout", "status", "deployment/web", f"--namespace={namespace}", f"--timeout={timeout}")
    return done.stdout + done.stderr


def test_it_is_the_pinned_kubernetes(control_plane: ControlPlane) -> None:
    assert control_plane.api.call("GET", "/version").body["gitVersion"] == "v1.36.3"


def test_the_pods_of_a_deployment_run(control_plane: ControlPlane, namespace: str) -> None:
    deploy(control_plane, namespace, {})

    assert "successfully rolled out" in rollout(control_plane, namespace)


def test_pods_can_be_held_unready_and_show_why(control_plane: ControlPlane, namespace: str) -> None:
    deploy(control_plane, namespace, {"tests.chartgen.dev/waiting": "ImagePullBackOff"})

    assert "timed out waiting for the condition" in rollout(control_plane, namespace, "1s")
    shown = ("get", "pods", f"--namespace={namespace}")
    wait_for("the reason is shown", lambda: "ImagePullBackOff" in control_plane.kubectl(*shown).stdout)


def test_pods_can_be_slow(control_plane: ControlPlane, namespace: str) -> None:
    deploy(control_plane, namespace, {"tests.chartgen.dev/ready-after": "6s"})

    assert "timed out waiting for the condition" in rollout(control_plane, namespace, "1s")
    assert "successfully rolled out" in rollout(control_plane, namespace)


def test_a_pod_that_may_end_ends_well(control_plane: ControlPlane, namespace: str) -> None:
    spec = {"restartPolicy": "Never", "containers": [{"name": "a", "image": "a"}]}
    pods = f"/api/v1/namespaces/{namespace}/pods"
    path = f"{pods}/once"
    wait_for(
        "the pod is taken",  # a namespace gets its default ServiceAccount a moment after it was made
        lambda: control_plane.api.call("POST", pods, {"metadata": {"name": "once"}, "spec": spec}).status == 201,
    )

    wait_for("it ends", lambda: control_plane.api.call("GET", path).body["status"]["phase"] == "Succeeded")


def test_a_user_has_no_right_that_was_not_given(control_plane: ControlPlane, namespace: str) -> None:
    path = f"/api/v1/namespaces/{namespace}/configmaps"
    alice = control_plane.api_as("alice")
    assert alice.call("GET", path).status == 403

    binding = ("create", "rolebinding", "admin", "--clusterrole=admin", "--user=alice", f"--namespace={namespace}")
    assert control_plane.kubectl(*binding).returncode == 0
    wait_for("the binding is in force", lambda: alice.call("GET", path).status == 200)
    done = control_plane.kubectl("auth", "whoami", "--output=json", user="alice")
    assert json.loads(done.stdout)["status"]["userInfo"]["username"] == "alice"


def test_objects_are_created_patched_and_applied(control_plane: ControlPlane, namespace: str) -> None:
    path = f"/api/v1/namespaces/{namespace}/configmaps"
    created = {"metadata": {"name": "a"}, "data": {"x": "1"}}
    applied = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"z": "3"}}
    api = control_plane.api
    replies = [
        api.call("POST", path, created),
        api.call("PATCH", f"{path}/a", {"data": {"y": "2"}}, MERGE),
        api.call("PATCH", f"{path}/a?fieldManager=tests", applied, APPLY),
    ]

    assert [reply.status for reply in replies] == [201, 200, 200]
    assert replies[-1].body["data"] == {"x": "1", "y": "2", "z": "3"}


@pytest.mark.cluster
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere, no kernel ends the children of a killed process")
@pytest.mark.parametrize(("number", "expected"), [(signal.SIGINT, 0), (signal.SIGKILL, -signal.SIGKILL)])
def test_a_developers_plane_leaves_no_process_however_it_ends(
    repository: Path, tmp_path: Path, number: signal.Signals, expected: int
) -> None:
    command = [sys.executable, str(repository / "scripts" / "cluster.py")]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", env=environment) as plane:
        assert plane.stdout is not None
        said = list(iter(plane.stdout.readline, ENDS))
        children = children_of(plane.pid)
        plane.send_signal(number)

        assert plane.wait(30) == expected
    assert [line.split("=")[0].strip() for line in said if "KUBECONFIG" in line] == ["export KUBECONFIG"]
    assert len(children) == 5
    wait_for("its processes are gone", lambda: not any(map(runs, children)), seconds=10)
    assert len(list(tmp_path.glob("chartgen-cluster-*"))) == int(number is signal.SIGKILL)
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", env=environment) as next_one:
        assert next_one.stdout is not None
        assert list(iter(next_one.stdout.readline, ENDS))
        next_one.send_signal(signal.SIGINT)
    assert list(tmp_path.glob("chartgen-cluster-*")) == []


def test_a_port_that_somebody_takes_in_the_meantime_is_no_end(
    control_plane: ControlPlane, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = parts.free_ports
    offered = iter([replace(free(), api=int(control_plane.address.rpartition(":")[2]))])
    monkeypatch.setattr(parts, "free_ports", lambda: next(offered, None) or free())
    with running_control_plane(tmp_path, control_plane.programs) as second:
        assert second.api.call("GET", "/readyz").body == "ok"
        assert second.address != control_plane.address
