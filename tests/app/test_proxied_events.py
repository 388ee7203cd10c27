"""The events of a job through nginx, with the part of its configuration that `make app` has."""

from __future__ import annotations

import json
import socket
import subprocess
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.app.backend import APP, JOBS, Backend
from tests.app.page.application import answers
from tests.cluster.waiting import wait_for
from tests.tools.system import where

pytestmark = [pytest.mark.nginx, pytest.mark.redis]


def test_a_websocket_goes_through_nginx(backend: Backend, tmp_path: Path) -> None:
    program = where("nginx")
    if program is None:
        pytest.fail("nginx is not installed: run 'python tests/tools/system.py'")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    api = (APP / "nginx" / "api.conf").read_text(encoding="utf-8").replace(":8000", f":{backend.port}")
    server = f"server {{ listen 127.0.0.1:{port}; {api} }}"
    config = f"daemon off; master_process off; pid {tmp_path}/pid; events {{}} http {{ access_log off; {server} }}"
    (tmp_path / "nginx.conf").write_text(config, encoding="utf-8")
    with subprocess.Popen([program, "-p", tmp_path, "-e", "stderr", "-c", tmp_path / "nginx.conf"]) as nginx:
        try:
            wait_for("nginx answers", lambda: answers(port))
            job_id = backend.submit(1.2)
            with connect(f"ws://127.0.0.1:{port}{JOBS}/{job_id}/events") as events:
                told = [json.loads(text) for text in events]
        finally:
            nginx.kill()

    assert told[-1] == backend.poll(job_id)
    assert (told[-1]["state"], events.close_code) == ("succeeded", 1000)
