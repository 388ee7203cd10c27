"""The programs of the reference application, and the words that each is started with."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.tools.system import where

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = ROOT / "examples" / "ideaforge"
DIST = EXAMPLE / "dist"
LOOPBACK = "127.0.0.1"
NAMES = ("JOB_POLL_INTERVAL_MS", "JOB_MAX_POLL_ATTEMPTS", "JOB_TIMEOUT_MS")


class MissingPartError(Exception):
    """A program or a file is not there; the text says which, and how to get it."""


@dataclass(frozen=True)
class Ports:
    """Where the programs listen on the loopback."""

    page: int
    backend: int
    redis: int


@dataclass(frozen=True)
class Part:
    """One program."""

    name: str
    program: Path
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def free_ports(page: int = 0) -> Ports:
    """Ports that nobody has now; that of the page as it is given, if it is."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(3)]
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        free, backend, redis = (probe.getsockname()[1] for probe in probes)
        return Ports(page or free, backend, redis)


def redis(ports: Ports, folder: Path) -> Part:
    """Where the jobs are. What it said yes to is in its file: a Redis that is killed loses none."""
    data = folder / "redis"
    data.mkdir(exist_ok=True)
    arguments = (
        "--port",
        str(ports.redis),
        "--bind",
        LOOPBACK,
        "--save",
        "",
        "--appendonly",
        "yes",
        "--appendfsync",
        "always",
        "--dir",
        str(data),
    )
    return Part("redis", _program("redis-server"), arguments)


def backend(ports: Ports, environment: Mapping[str, str]) -> tuple[Part, Part]:
    """The API and the worker; they read the settings that the page has, and never import what lies where they are run."""
    everything = {**environment, "REDIS_URL": f"redis://{LOOPBACK}:{ports.redis}/0", "PYTHONPATH": str(EXAMPLE)}
    python = Path(sys.executable)
    return (
        Part("backend", python, ("-m", "backend", "serve", "--port", str(ports.backend)), everything),
        Part("worker", python, ("-m", "backend", "worker"), everything),
    )


def entrypoint(folder: Path) -> Part:
    """What puts the settings into the page, and follows their folder."""
    script = EXAMPLE / "scripts" / "docker-entrypoint.py"
    site = (f"--source={DIST}", f"--output={folder / 'site'}", "--html=*.html", f"--csp-file={folder / 'csp.conf'}")
    arguments = ("-I", "-S", str(script), "--watch", "--mode=file", f"--settings={folder / 'settings'}", *site)
    return Part("entrypoint", Path(sys.executable), arguments)


def nginx(ports: Ports, folder: Path) -> Part:
    """The server of the image, with its own configuration: only places differ, and that it tells whom it served."""
    server = (EXAMPLE / "nginx" / "nginx.conf").read_text(encoding="utf-8")
    log = "log_format polls '$msec $request_time $status $request_method $request_uri $http_idempotency_key'"
    for old, new in {
        "worker_processes 2;": "master_process off;",  # one process: nothing is left of it when it is killed
        "/tmp/": f"{folder}/",  # noqa: S108 - as it is in the container
        "access_log off;": f"{log}; access_log {folder}/access.log polls;",
        "listen 8080;": f"listen {LOOPBACK}:{ports.page};",
        "/etc/nginx/api*.conf": f"{folder}/api.conf",
    }.items():
        if old not in server:
            raise MissingPartError(f"nginx.conf has no {old!r} any more")
        server = server.replace(old, new)
    (folder / "nginx.conf").write_text(server, encoding="utf-8")
    (folder / "api.conf").write_text(api(ports), encoding="utf-8")
    return Part("nginx", _program("nginx"), ("-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")))


def api(ports: Ports, rule: str = "") -> str:
    """nginx's configuration for the backend's part of the addresses, with a rule of a gateway before it."""
    text = (EXAMPLE / "nginx" / "api.conf").read_text(encoding="utf-8")
    text = text.replace("127.0.0.1:8000", f"{LOOPBACK}:{ports.backend}")
    return text.replace("    proxy_pass ", f"    {rule}\n    proxy_pass ")


def site() -> Path:
    """The built page.

    Raises:
        MissingPartError: it is not built.
    """
    if not (DIST / "index.html").exists():
        raise MissingPartError(f"{os.path.relpath(DIST)} is not built: run 'make frontend'")
    return DIST


def _program(name: str) -> Path:
    found = where(name)
    if found is None:
        raise MissingPartError(f"{name} is not installed: run 'make tools'")
    return Path(found)
