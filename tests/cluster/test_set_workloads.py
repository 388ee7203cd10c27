"""What `chartgen set` says of pods that it does not start anew: of a paused Deployment, of others, of other kinds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cluster.control_plane import ControlPlane
from tests.cluster.live import DATA, DEPLOYMENT, MAP, Shop, shop

SLOWER = ("INTERVAL_MS=6000", "--yes")


@pytest.fixture
def app(control_plane: ControlPlane, namespace: str, tmp_path: Path) -> Shop:
    return shop(control_plane, namespace, tmp_path)


def create(app: Shop, kind: str, name: str, **container: Any) -> None:
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": name, "image": name, **container}]}}
    spec = {"replicas": 0, "selector": {"matchLabels": labels}, "template": template}
    path = app.deployments.replace("deployments", kind)
    assert app.plane.api.call("POST", path, {"metadata": {"name": name}, "spec": spec}).status == 201


def test_of_a_paused_deployment_no_pod_is_said_to_start(app: Shop) -> None:
    app.deploy()
    app.kubectl("rollout", "pause", f"deployment/{DEPLOYMENT}")
    before = app.pods()
    waited = app.run("set", *SLOWER, "--wait")

    assert (waited.returncode, app.data(), app.template_annotations()) == (4, DATA, {})
    assert f"Deployment {DEPLOYMENT} is paused: no pod would start anew; nothing was changed" in waited.stderr
    assert (
        f"kubectl rollout resume deployment/{DEPLOYMENT} --namespace {app.namespace} --context tests" in waited.stderr
    )
    assert "--no-restart" in waited.stderr

    done = app.run("set", *SLOWER, "--format", "json")
    assert (done.returncode, app.data()["INTERVAL_MS"]) == (0, "6000"), done.stderr
    assert json.loads(done.stdout)["restart"] == {
        "deployment": DEPLOYMENT, "replicas": 2, "paused": True, "restarted": False, "rolledOut": None, "others": [],
    }  # fmt: skip
    assert app.pods() == before

    said = app.run("set", "INTERVAL_MS=5000", "--yes").stdout
    assert f"restarted Deployment {DEPLOYMENT}" not in said
    assert f"Deployment {DEPLOYMENT} is paused: its pods start anew once it is resumed: kubectl rollout resume" in said


def test_a_stateful_set_is_told_as_that(app: Shop) -> None:
    create(app, "statefulsets", DEPLOYMENT)
    done = app.run("set", *SLOWER)

    assert (done.returncode, app.data()) == (4, DATA)
    assert f"{DEPLOYMENT} is a StatefulSet; chartgen starts the pods of Deployments anew alone" in done.stderr
    assert (
        f"--no-restart, then: kubectl rollout restart statefulset/{DEPLOYMENT} --namespace {app.namespace}"
        in done.stderr
    )


def test_another_deployment_that_reads_the_config_map_is_named_and_left_alone(app: Shop) -> None:
    app.deploy()
    create(app, "deployments", "worker", envFrom=[{"configMapRef": {"name": MAP}}])
    one = {"configMapKeyRef": {"name": MAP, "key": "ATTEMPTS"}}
    create(app, "deployments", "agent", env=[{"name": "A", "valueFrom": one}])
    create(app, "deployments", "stranger", envFrom=[{"configMapRef": {"name": "other"}}])
    done = app.run("set", *SLOWER)

    assert done.returncode == 0, done.stderr
    again = f"kubectl rollout restart deployment/agent deployment/worker --namespace {app.namespace} --context tests"
    assert f"Deployments agent, worker read ConfigMap {MAP}, too, and are not restarted: {again}" in done.stdout
    worker = app.plane.api.call("GET", f"{app.deployments}/worker").body
    assert "annotations" not in worker["spec"]["template"]["metadata"]
