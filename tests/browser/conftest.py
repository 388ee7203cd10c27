"""A real nginx."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.entrypoint import missing
from tests.tools.system import where

CONFIG = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  types {{ text/html html; text/javascript js; application/json json; }}
  server {{
    listen 127.0.0.1:{port};
    root {site};
    gzip_static on;
    include {folder}/csp.conf;
    add_header Content-Security-Policy "default-src 'none'; img-src data:; connect-src 'self'; script-src 'self' $chartgen_script_hash";
    location = /index.html {{
      add_header Cache-Control no-cache;
      add_header Content-Security-Policy "default-src 'none'; img-src data:; connect-src 'self'; script-src 'self' $chartgen_script_hash";
    }}
  }}
}}
"""


@dataclass(frozen=True)
class Served:
    """A site that nginx serves."""

    folder: Path
    address: str

    @property
    def site(self) -> Path:
        """The folder of the pages."""
        return self.folder / "site"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[], Served]]:
    """Start nginx once the entrypoint has written `site/` and `csp.conf`; what is served changes with the files."""
    program = where("nginx")
    if program is None:
        missing("nginx")
    running = []

    def start() -> Served:
        port = _free_port()
        config = tmp_path / "nginx.conf"
        config.write_text(CONFIG.format(folder=tmp_path, site=tmp_path / "site", port=port))
        child = subprocess.Popen([program, "-p", str(tmp_path), "-c", str(config)], stderr=subprocess.PIPE, text=True)
        running.append(child)
        for _ in range(2000):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return Served(tmp_path, f"http://127.0.0.1:{port}")
            if child.poll() is not None:
                break
            time.sleep(0.01)
        child.kill()
        pytest.fail(f"nginx does not serve: {child.communicate()[1]}")

    yield start
    for child in running:
        child.kill()
        child.communicate()
