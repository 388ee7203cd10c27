"""A real Kubernetes control plane on this machine: etcd, API server, controllers, scheduler; kwok for the kubelet.

Nothing runs in its pods: kwok says that they do (`stages.yaml`). All else is as in a cluster. It starts in 3 s, on ports
that are free, in a folder of its own, so that any number run side by side.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.cluster import credentials, parts, served
from tests.cluster.api import Api
from tests.cluster.processes import EndedError, Processes
from tests.cluster.waiting import wait_for

STAGES = Path(__file__).with_name("stages.yaml")
TRIES = 3
"""How often a plane is started when somebody took one of its ports in the instant before it did."""


class ControlPlane:
    """A control plane that runs."""

    def __init__(self, folder: Path, programs: Mapping[str, Path]) -> None:
        self.folder = folder
        self.programs = programs
        self.processes = Processes(folder)
        self._ports = parts.free_ports()
        token = credentials.write(folder, self.address)
        self.api = Api(self._ports.api, folder / "tls.crt", token)
        self._token = token
        self._more_apis: list[Api] = []
        self._known_server = 0

    @property
    def address(self) -> str:
        """Where the API server answers."""
        return f"https://{parts.LOOPBACK}:{self._ports.api}"

    def api_as(self, user: str) -> Api:
        """The API as a user has it whom nobody gave a right yet."""
        api = Api(self._ports.api, self.folder / "tls.crt", self._token, user)
        self._more_apis.append(api)
        return api

    def kubeconfig(self, user: str | None = None) -> Path:
        """The admin's kubeconfig, or that of a user whom nobody gave a right yet."""
        if user is None:
            return credentials.path_of(self.folder, credentials.ADMIN)
        path = credentials.path_of(self.folder, f"as-{user}")
        credentials.write_kubeconfig(path, self.address, {"token": self._token, "as": user})
        return path

    def environment(self, user: str | None = None) -> dict[str, str]:
        """The environment in which kubectl and helm speak to this plane, and keep what they keep in its folder."""
        return {**os.environ, "KUBECONFIG": str(self.kubeconfig(user)), "HOME": str(self.folder)}

    def kubectl(
        self, *arguments: str, user: str | None = None, stdin: str = "", editor: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """One run of kubectl, whatever its end; `editor` is what `kubectl edit` starts."""
        return self.run(str(self.programs["kubectl"]), *arguments, user=user, stdin=stdin, editor=editor)

    def run(
        self, *words: str, user: str | None = None, stdin: str = "", editor: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """One run of a program that finds this plane, such as helm."""
        environment = {**self.environment(user), "KUBE_EDITOR": editor}
        return subprocess.run(
            words, env=environment, input=stdin, capture_output=True, encoding="utf-8", check=False, timeout=120
        )

    def start(self) -> None:
        """Start the programs and wait until a pod could run.

        Raises:
            EndedError: one of them ended.
            TimeoutError: it took too long.
        """
        stages = STAGES.read_text(encoding="utf-8")
        (self.folder / "stages.yaml").write_text(stages + served.documents(self.folder), encoding="utf-8")
        for part in (parts.etcd(self._ports), parts.api_server(self._ports)):
            self._start(part)
        self._wait("the API server is ready", lambda: self.api.call("GET", "/readyz").status == 200)
        for part in parts.controllers(self._ports):
            self._start(part)
        self._known_server = self._server
        self.api.call(
            "POST",
            "/api/v1/nodes",
            {"metadata": {"name": parts.NODE, "labels": {"kubernetes.io/hostname": parts.NODE}}},
        )
        self._wait("the node is ready", self._has_ready_node)
        account = "/api/v1/namespaces/default/serviceaccounts/default"
        self._wait("pods have an account", lambda: self.api.call("GET", account).status == 200)

    def freshen(self) -> None:
        """Start the controllers anew if the API server was since they were: who met none asks ever more rarely.

        Raises:
            EndedError: one of the programs ended.
            TimeoutError: the API server is still away.
        """
        if self._server == self._known_server:
            return
        self._wait("the API server is ready", lambda: self.api.call("GET", "/readyz").status == 200)
        for part in parts.controllers(self._ports):
            if part.program != "kwok":  # it does ask; another one would wait for the end of its lease
                self.processes.restart(part.program)
        self._known_server = self._server

    def stop(self) -> None:
        """End the programs."""
        for api in (self.api, *self._more_apis):
            api.close()
        self.processes.stop()

    @property
    def _server(self) -> int:
        return self.processes.pids()["kube-apiserver"]

    def _start(self, part: parts.Part) -> None:
        self.processes.start(self.programs[part.program], *part.arguments)

    def _has_ready_node(self) -> bool:
        node = self.api.call("GET", f"/api/v1/nodes/{parts.NODE}").body
        conditions = node.get("status", {}).get("conditions", [])
        ready = any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
        return ready and not node["spec"].get("taints")

    def _wait(self, what: str, look: Callable[[], bool]) -> None:
        def look_at_all() -> bool:
            self.processes.check()
            return look()

        wait_for(what, look_at_all, seconds=60)


@contextmanager
def control_plane(folder: Path, programs: Mapping[str, Path]) -> Iterator[ControlPlane]:
    """A control plane from here to the end of the block. If it does not start, its folder stays, with the logs.

    Raises:
        EndedError: one of its programs ended.
        TimeoutError: it took too long.
    """
    plane = _started(folder, programs)
    try:
        yield plane
    finally:
        plane.stop()
    shutil.rmtree(plane.folder)


def _started(folder: Path, programs: Mapping[str, Path]) -> ControlPlane:
    for attempt in range(1, TRIES + 1):
        own = folder / f"plane-{attempt}"
        own.mkdir(parents=True, mode=0o700)
        plane = ControlPlane(own, programs)
        try:
            plane.start()
        except BaseException as error:
            plane.stop()
            if isinstance(error, EndedError) and "address already in use" in str(error) and attempt < TRIES:
                continue
            raise
        return plane
    raise AssertionError("the last try returns or raises")
