"""What kwok serves in the kubelet's place for the containers of these names: logs from a file, and commands that run here.

A container `backend` has the log that a test writes to `backend.log` in the plane's folder, in the form of the kubelet's files.
In a container `redis`, `redis-cli` is the real one, and speaks to the server whose port is in `redis.port`.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

BACKEND, REDIS = "backend", "redis"
"""The names of the containers."""

_DOCUMENTS = """\
---
apiVersion: kwok.x-k8s.io/v1alpha1
kind: ClusterLogs
metadata: {{name: logs}}
spec: {{logs: [{{containers: [{backend}], logsFile: {folder}/backend.log}}]}}
---
apiVersion: kwok.x-k8s.io/v1alpha1
kind: ClusterExec
metadata: {{name: exec}}
spec: {{execs: [{{containers: [{redis}], local: {{workDir: {folder}}}}}]}}
"""
_CLIENT = """\
#!/bin/sh
exec /usr/bin/redis-cli -p "$(cat {folder}/redis.port)" "$@"
"""


def documents(folder: Path) -> str:
    """What is to be added to kwok's configuration; an empty log, and the client, are written into the plane's folder."""
    (folder / "bin").mkdir(exist_ok=True)
    client = folder / "bin" / "redis-cli"
    client.write_text(_CLIENT.format(folder=folder), encoding="utf-8")
    client.chmod(0o755)
    write_log(folder, [])
    (folder / "redis.port").write_text("1\n", encoding="utf-8")
    return _DOCUMENTS.format(folder=folder, backend=BACKEND, redis=REDIS)


def write_log(folder: Path, lines: list[tuple[float, str]]) -> None:
    """The backend's log: each line, and how many seconds ago it was written."""
    now = datetime.now(UTC).timestamp()
    stamped = (f"{_stamp(now - ago)} stdout F {text}\n" for ago, text in lines)
    (folder / "backend.log").write_text("".join(stamped), encoding="utf-8")


def _stamp(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
