"""A small app in a namespace: its project, its ConfigMap, its Deployment, and `chartgen` run on them as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cluster import credentials
from tests.cluster.api import MERGE
from tests.cluster.control_plane import ControlPlane
from tests.command import PROGRAM, chartgen
from tests.projects import project

MAP, DEPLOYMENT = "shop-settings", "shop"
DATA = {"INTERVAL_MS": "5000", "ATTEMPTS": "10", "TIMEOUT_MS": "60000"}
HELD = '{"spec": {"template": {"metadata": {"annotations": {"tests.chartgen.dev/waiting": "ImagePullBackOff"}}}}}'
"""A patch of the Deployment by which new pods are never ready."""

NAMES = f"names: {{configMap: {MAP}, deployment: {DEPLOYMENT}, container: shop, service: shop}}\n"
VALUES = {"charts/shop/values.yaml": f"names: {{configMap: {MAP}, deployment: {DEPLOYMENT}}}\n"}


@dataclass(frozen=True)
class Shop:
    """The app; `folder` is its project's."""

    plane: ControlPlane
    namespace: str
    folder: Path

    @property
    def maps(self) -> str:
        """Where its namespace has ConfigMaps."""
        return f"/api/v1/namespaces/{self.namespace}/configmaps"

    @property
    def deployments(self) -> str:
        """Where its namespace has Deployments."""
        return f"/apis/apps/v1/namespaces/{self.namespace}/deployments"

    def run(
        self, command: str, *words: str, kubeconfig: Path | None = None, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """One of chartgen's commands in the project's folder, on the namespace."""
        return chartgen(
            command, *words, "--namespace", self.namespace, cwd=self.folder, stdin=stdin, env=self.env(kubeconfig)
        )

    def start(self, *words: str) -> subprocess.Popen[str]:
        """The same, not waited for."""
        return subprocess.Popen(
            [str(PROGRAM), *words, "--namespace", self.namespace],
            cwd=self.folder,
            env={**os.environ, **self.env()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def env(self, kubeconfig: Path | None = None) -> dict[str, str]:
        """The environment in which chartgen finds the control plane."""
        return {"KUBECONFIG": str(kubeconfig or self.plane.kubeconfig())}

    def map(self) -> Any:
        """Its ConfigMap."""
        return self.plane.api.call("GET", f"{self.maps}/{MAP}").body

    def data(self) -> dict[str, str]:
        """What its ConfigMap holds."""
        data: dict[str, str] = self.map()["data"]
        return data

    def last_change(self) -> dict[str, Any]:
        """What chartgen says of its last change."""
        found: dict[str, Any] = json.loads(self.map()["metadata"]["annotations"]["chartgen.dev/last-change"])
        return found

    def patch_map(self, body: Any) -> None:
        """Change its ConfigMap as somebody else."""
        assert self.plane.api.call("PATCH", f"{self.maps}/{MAP}", body, MERGE).status == 200

    def deployment(self) -> Any:
        """Its Deployment."""
        return self.plane.api.call("GET", f"{self.deployments}/{DEPLOYMENT}").body

    def template_annotations(self) -> dict[str, str]:
        """The annotations of its pods' template."""
        found: dict[str, str] = self.deployment()["spec"]["template"]["metadata"].get("annotations") or {}
        return found

    def pods(self) -> set[str]:
        """The names of its pods that nobody has told to end."""
        items = self.plane.api.call("GET", f"/api/v1/namespaces/{self.namespace}/pods").body["items"]
        return {pod["metadata"]["name"] for pod in items if "deletionTimestamp" not in pod["metadata"]}

    def deploy(self, annotations: Mapping[str, str] | None = None, replicas: int = 2) -> None:
        """Create its Deployment, and wait for the pods."""
        labels = {"app": DEPLOYMENT}
        pod = {
            "metadata": {"labels": labels, "annotations": dict(annotations or {})},
            "spec": {"containers": [{"name": "shop", "image": "shop"}]},
        }
        strategy = {"rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}}
        spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": pod, "strategy": strategy}
        body = {"metadata": {"name": DEPLOYMENT}, "spec": spec}
        assert self.plane.api.call("POST", self.deployments, body).status == 201
        self.kubectl("rollout", "status", f"deployment/{DEPLOYMENT}", "--timeout=30s")

    def kubectl(self, *words: str) -> str:
        """What kubectl printed, in the namespace; it has to succeed."""
        done = self.plane.kubectl(*words, "--namespace", self.namespace)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def kubeconfig(self, name: str, **changes: Any) -> Path:
        """A kubeconfig beside the admin's, with another user, or another part of its cluster or context."""
        path = self.plane.folder / f"{name}.kubeconfig"
        config = json.loads(self.plane.kubeconfig().read_text(encoding="utf-8"))
        for part in ("cluster", "user", "context"):
            config[f"{part}s"][0][part] |= changes.get(part, {})
        if "users" in changes:
            config["users"][0]["user"] = changes["users"]
        credentials._write(path, json.dumps(config))
        return path


def shop(plane: ControlPlane, namespace: str, folder: Path, more: str = "") -> Shop:
    """The app with its ConfigMap, without its Deployment."""
    project(folder, NAMES + more, VALUES)
    made = Shop(plane, namespace, folder)
    reply = plane.api.call("POST", made.maps, {"metadata": {"name": MAP}, "data": DATA})
    assert reply.status == 201, reply
    return made
