"""All that `chartgen status` and `doctor` look at: a frontend that is wired, a backend that logs, Redis, a page."""

from __future__ import annotations

import http.server
import json
import re
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cluster import served
from tests.cluster.control_plane import ControlPlane
from tests.cluster.live import DATA, DEPLOYMENT, MAP, NAMES, VALUES, Shop
from tests.cluster.waiting import wait_for
from tests.projects import SETTINGS, project

ROLES = {"INTERVAL_MS, ": "poll-interval", "ATTEMPTS, ": "poll-attempts", "TIMEOUT_MS, ": "poll-timeout"}
ENVIRONMENTS = "environments: {prod: {values: [prod.yaml]}}\n"
PROD = "settings: {timeoutMs: 60000}\n"
POLL = '10.0.0.{client} - "GET /api/multi-agent/jobs/{job} HTTP/1.1" {status}'


def with_roles(settings: str) -> str:
    """The settings of `tests.projects`, which polling reads."""
    for env, role in ROLES.items():
        settings = settings.replace(f"x-env: {env}", f"x-env: {env}x-role: {role}, ")
    return settings


def wired(key: str, name: str = MAP, **more: Any) -> dict[str, Any]:
    """An entry of `env` from a key of a ConfigMap."""
    return {"name": key, "valueFrom": {"configMapKeyRef": {"name": name, "key": key, "optional": True}}} | more


@dataclass(frozen=True)
class Scene:
    """A shop in a namespace, and what is around it."""

    shop: Shop
    redis: int = 0
    env: list[dict[str, Any]] = field(default_factory=lambda: [wired(key) for key in DATA])

    @property
    def plane(self) -> ControlPlane:
        return self.shop.plane

    def apply(self, *objects: Any) -> None:
        """Create or change objects of the namespace."""
        text = "\n---\n".join(map(json.dumps, objects))
        done = self.plane.kubectl("apply", "--filename=-", "--namespace", self.shop.namespace, stdin=text)
        assert done.returncode == 0, done.stderr

    def map(self, data: dict[str, str], name: str = MAP, **metadata: Any) -> Any:
        """A ConfigMap."""
        return {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": name, **metadata},
            "data": data,
        }

    def frontend(self, env: list[dict[str, Any]] | None = None, **container: Any) -> Any:
        """The Deployment."""
        labels = {"app": DEPLOYMENT}
        whole = {"name": "shop", "image": "shop", "env": self.env if env is None else env, **container}
        template = {"metadata": {"labels": labels}, "spec": {"containers": [whole]}}
        spec = {"replicas": 2, "selector": {"matchLabels": labels}, "template": template}
        return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": DEPLOYMENT}, "spec": spec}

    def ready(self) -> None:
        """Wait until all pods run."""
        self.shop.kubectl("rollout", "status", f"deployment/{DEPLOYMENT}", "--timeout=30s")
        pods = f"/api/v1/namespaces/{self.shop.namespace}/pods"

        def all_run() -> bool:
            items = self.plane.api.call("GET", pods).body["items"]
            return all(pod["status"].get("phase") == "Running" for pod in items)

        wait_for("pods run", all_run)

    def polls(self, gap: float, seconds: float = 60, jobs: int = 4, status: int = 200) -> list[tuple[float, str]]:
        """Lines of a log in which each job is polled for every so many seconds."""
        lines = []
        for job in range(jobs):
            ago = seconds - 1 - job * 0.1
            while ago > 0:
                lines.append((ago, POLL.format(client=10 + job, job=f"j{10 + job}", status=status)))
                ago -= gap
        return sorted(lines, reverse=True)

    def log(self, lines: list[tuple[float, str]]) -> None:
        """What the backend logged, and how many seconds ago."""
        served.write_log(self.plane.folder, lines)

    def in_redis(self, *words: str) -> str:
        """One command of Redis."""
        done = subprocess.run(
            ["redis-cli", "-p", str(self.redis), *words], capture_output=True, text=True, check=True, timeout=10
        )
        return done.stdout

    def run(self, command: str, *words: str, kubeconfig: Path | None = None) -> subprocess.CompletedProcess[str]:
        """A command in the project's folder."""
        return self.shop.run(command, *words, kubeconfig=kubeconfig)

    def plain(self, text: str) -> str:
        """A text without what differs from run to run."""
        text = text.replace(self.shop.namespace, "shop").replace(self.plane.address, "https://127.0.0.1:6443")
        text = re.sub(r"http://127\.0\.0\.1:\d+", "http://127.0.0.1:8080", text)
        text = re.sub(r"redis://127\.0\.0\.1:\d+", "redis://127.0.0.1:6379", text)
        text = re.sub(r"observed \S+ a second: \d+ in \d+ s", "observed 0.8 a second: 48 in 60 s", text)
        # Which of the lines is shown hangs on the moment.
        text = re.sub(
            r"10\.0\.0\.\d\d (.* )/api/multi-agent/jobs/j\d\d ", r"10.0.0.17 \1/api/multi-agent/jobs/j17 ", text
        )
        text = re.sub(r"shop-[0-9a-f]{6,10}-[a-z0-9]{5}", "shop-5d4f8c7b9-x2x4z", text)
        text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", "2026-01-02T03:04:05.678Z", text)
        return re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z", "2026-01-02T03:04:05Z", text)


def scene(plane: ControlPlane, namespace: str, folder: Path, redis: int = 0) -> Scene:
    """A healthy one; nothing runs yet but the backend and Redis."""
    project(folder, NAMES + ENVIRONMENTS, {**VALUES, "settings.yaml": with_roles(SETTINGS), "prod.yaml": PROD})
    made = Scene(Shop(plane, namespace, folder), redis)
    served.write_log(plane.folder, [])
    backend_and_redis(plane, namespace)
    return made


def backend_and_redis(plane: ControlPlane, namespace: str) -> None:
    """The pods whose logs and whose `redis-cli` kwok serves."""
    for name in (served.BACKEND, served.REDIS):
        spec = {"containers": [{"name": name, "image": name}]}
        pod = {"metadata": {"name": name, "labels": {"app": name}}, "spec": spec}
        made = plane.api.call("POST", f"/api/v1/namespaces/{namespace}/pods", pod)
        assert made.status == 201, made


def healthy(made: Scene) -> Scene:
    """The same with everything in order: pods, a log of calm polling, jobs that are kept long enough."""
    made.apply(made.map(DATA), made.frontend())
    made.ready()
    made.log(made.polls(5))
    if made.redis:
        now = int(made.in_redis("TIME").split()[0])
        for job in range(4):
            made.in_redis("SET", f"job:j{job}", "{}", "EX", "3600")
            made.in_redis("ZADD", "jobs:active", str(now - 10), f"j{job}")
    return made


@contextmanager
def page(text: str) -> Iterator[str]:
    """A page that is served; its address."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def shown(data: dict[str, str]) -> str:
    """A page with settings, as the entrypoint makes it."""
    script = "".join(f"window.__{key}__={value};" for key, value in data.items())
    return f'<html><head><script data-chartgen="x">{script}</script></head></html>'
