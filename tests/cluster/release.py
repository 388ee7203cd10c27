"""A release of the reference chart, or of another, as whoever runs helm sees it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.cluster.control_plane import ControlPlane


@dataclass(frozen=True)
class Release:
    """A chart, and the name and namespace that it is installed under by a Helm."""

    plane: ControlPlane
    helm: str
    namespace: str
    chart: Path
    name: str = "frontend"
    config_map: str = "ideaforge-ai-config"
    deployment: str = "frontend"

    def run(self, command: str, *words: str) -> subprocess.CompletedProcess[str]:
        """One of helm's commands on the release, whatever its end."""
        chart = [str(self.chart)] if command in {"install", "upgrade"} else []
        return self.plane.run(self.helm, command, self.name, *chart, "--namespace", self.namespace, *words)

    def succeed(self, command: str, *words: str) -> str:
        """What a command printed that has to succeed."""
        done = self.run(command, *words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def fail(self, command: str, *words: str) -> str:
        """The errors of a command that has to be refused."""
        done = self.run(command, *words)
        assert done.returncode != 0, done.stdout
        return done.stderr

    def kubectl(self, *words: str, editor: str = "") -> str:
        """What kubectl printed, in the namespace; it has to succeed."""
        done = self.plane.kubectl(*words, "--namespace", self.namespace, editor=editor)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def object(self, resource: str, name: str, *flags: str) -> Any:
        """An object of the namespace."""
        return json.loads(self.kubectl("get", resource, name, "--output=json", *flags))

    def data(self) -> dict[str, str]:
        """What the settings' ConfigMap holds."""
        data: dict[str, str] = self.object("configmap", self.config_map)["data"]
        return data

    def statuses(self) -> list[str]:
        """The status of each revision, the oldest first."""
        return [revision["status"] for revision in json.loads(self.succeed("history", "--output=json"))]

    def pods(self) -> frozenset[str]:
        """The names of its ready pods that nobody has told to end."""
        found = json.loads(
            self.kubectl("get", "pods", f"--selector=app.kubernetes.io/instance={self.name}", "--output=json")
        )
        return frozenset(pod["metadata"]["name"] for pod in found["items"] if _is_ready(pod))


def _is_ready(pod: Any) -> bool:
    conditions = pod["status"].get("conditions", [])
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
    return ready and "deletionTimestamp" not in pod["metadata"]
