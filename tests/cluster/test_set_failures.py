"""A cluster that cannot be reached, or not be used: one clear error, exit 4, no traceback, and nothing half done."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from chartgen.settings.schema import load_settings
from tests.cluster import credentials
from tests.cluster.control_plane import ControlPlane
from tests.cluster.live import DATA, Shop, shop
from tests.cluster.policies import RESOURCES, Guarded

CHANGE = ("set", "INTERVAL_MS=6000", "--yes", "--no-restart")


@pytest.fixture
def app(control_plane: ControlPlane, namespace: str, tmp_path: Path) -> Shop:
    return shop(control_plane, namespace, tmp_path)


def refused(app: Shop, kubeconfig: Path, *words: str, code: int = 4) -> str:
    """The error of a run that ends with the code, in few lines."""
    done = app.run(*(words or CHANGE), kubeconfig=kubeconfig)

    assert done.returncode == code, done.stdout + done.stderr
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 3, done.stderr
    assert app.data() == DATA
    return done.stderr


def test_a_token_that_is_not_taken_is_told_as_that(app: Shop) -> None:
    said = refused(app, app.kubeconfig("expired", users={"token": "expired"}))

    assert "does not accept the credentials of context tests" in said
    assert "log in to the cluster again" in said


def test_an_address_where_nobody_answers_is_told_as_that(app: Shop) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"https://127.0.0.1:{probe.getsockname()[1]}"
    said = refused(app, app.kubeconfig("gone", cluster={"server": address}))

    assert f"{address} (context tests) cannot be reached: " in said
    assert "refused" in said


def test_a_name_that_nobody_has_is_told_as_that(app: Shop) -> None:
    said = refused(app, app.kubeconfig("nameless", cluster={"server": "https://no-such-host.invalid:6443"}))

    assert "https://no-such-host.invalid:6443 (context tests) cannot be reached: " in said


def test_a_certificate_that_is_not_trusted_is_told_as_that(app: Shop, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    credentials.write(other, app.plane.address)
    said = refused(app, app.kubeconfig("untrusted", cluster={"certificate-authority": str(other / "tls.crt")}))

    assert "has a certificate that the context does not trust" in said


def test_a_proxy_that_does_not_answer_is_told_as_that(app: Shop) -> None:
    said = refused(app, app.kubeconfig("proxied", cluster={"proxy-url": "http://127.0.0.1:1"}))

    assert "the proxy on the way to" in said


METADATA = '"metadata": {"name": "a", "namespace": "b", "resourceVersion": "1"}'
OBJECTS = ['{"kind": "ConfigMap"}', '{"kind": 3}', f'{{"kind": "ConfigMap", {METADATA}, "data": {{"ATTEMPTS": 3}}}}']


@contextmanager
def served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of something else."""
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("after", ["1", "100000"])
def test_a_server_that_is_always_busy_is_not_waited_for_longer_than_for_one_request(app: Shop, after: str) -> None:
    class Busy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(429)
            self.send_header("Retry-After", after)
            self.end_headers()

        do_POST = do_GET  # noqa: N815 - as http.server names it

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with served(Busy) as address:
        kubeconfig = app.kubeconfig("busy", cluster={"server": address})
        start = time.monotonic()
        looked = app.run("status", "--request-timeout", "2", kubeconfig=kubeconfig)
        took = time.monotonic() - start
        said = refused(app, kubeconfig, *CHANGE, "--request-timeout", "5")

    assert (looked.returncode, took < 20) == (4, True), f"{took} s: {looked.stderr}"
    assert f"{address} has too much to do to get configmaps/shop-settings" in said
    assert "--request-timeout" in said


@pytest.mark.parametrize("answer", ["<html>Log in</html>", "[]", "{}", *OBJECTS])
def test_an_address_of_something_else_is_told_as_that(app: Shop, answer: str) -> None:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with served(Page) as address:
        said = refused(app, app.kubeconfig("page", cluster={"server": address}))

    assert f"{address} (context tests) does not answer as an API server of Kubernetes" in said


def test_a_namespace_that_is_not_there_is_told_as_that(app: Shop) -> None:
    done = replace(app, namespace="no-such").run(*CHANGE)

    assert done.returncode == 4
    assert "there is no namespace no-such in context tests" in done.stderr


def test_a_config_map_that_is_not_there_is_told_as_that(app: Shop) -> None:
    app.kubectl("delete", "configmap", "shop-settings")
    done = app.run(*CHANGE)

    assert done.returncode == 4
    assert f"there is no ConfigMap shop-settings in namespace {app.namespace}" in done.stderr


def test_a_deployment_that_is_not_there_stops_before_anything_changes(app: Shop) -> None:
    said = refused(app, app.plane.kubeconfig(), "set", "INTERVAL_MS=6000", "--yes")

    assert f"there is no Deployment shop in namespace {app.namespace}" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cannot be used"),
        ("a: [", "is not YAML"),
        ("[]", "cannot be read"),
        ("contexts: 3\n", "cannot be read"),
        ("{current-context: a, contexts: [{name: a, context: {cluster: b, user: c}}]}", "cannot be used"),
        ("{current-context: a, contexts: [{}]}", "cannot be"),
    ],
)
def test_a_kubeconfig_that_is_none_is_told_as_that(app: Shop, tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "kubeconfig"
    path.write_text(text, encoding="utf-8")

    assert said in refused(app, path)


def test_no_kubeconfig_at_all_is_told_as_that(app: Shop, tmp_path: Path) -> None:
    assert "there is no kubeconfig" in refused(app, tmp_path / "none")


def plugin(app: Shop, script: str) -> Path:
    exec_ = {"apiVersion": "client.authentication.k8s.io/v1", "command": "sh", "args": ["-c", script]}
    return app.kubeconfig("plugin", users={"exec": {**exec_, "interactiveMode": "Never"}})


def test_a_plugin_that_gives_a_token_is_heeded(app: Shop) -> None:
    token = json.loads(app.plane.kubeconfig().read_text(encoding="utf-8"))["users"][0]["user"]["token"]
    status = {"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": token}}
    done = app.run(*CHANGE, kubeconfig=plugin(app, f"echo '{json.dumps(status)}'"))

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("script", ["echo no login >&2; exit 1", "echo rubbish", "echo '{}'"])
def test_a_plugin_that_fails_is_told_as_that(app: Shop, script: str) -> None:
    assert "the login of context tests failed: " in refused(app, plugin(app, script))


def test_a_server_that_stands_still_is_not_waited_for(app: Shop) -> None:
    pid = app.plane.processes.pids()["kube-apiserver"]
    os.kill(pid, signal.SIGSTOP)
    start = time.monotonic()
    try:
        done = app.run(*CHANGE, "--request-timeout", "1")
    finally:
        os.kill(pid, signal.SIGCONT)

    assert done.returncode == 4
    assert "(context tests) did not answer within 1 s to get configmaps/shop-settings" in done.stderr
    assert time.monotonic() - start < 10
    assert app.data() == DATA


def test_a_policy_of_the_cluster_has_the_last_word(app: Shop) -> None:
    """It holds a change that chartgen's own verdict lets pass: it is of a schema with a narrower bound."""
    schema = app.folder / "narrow.yaml"
    text = (app.folder / "settings.yaml").read_text(encoding="utf-8")
    schema.write_text(
        text.replace("maximum: 60000, x-env: INTERVAL", "maximum: 5500, x-env: INTERVAL"), encoding="utf-8"
    )
    guarded = Guarded(app.plane.api, app.namespace, "shop-settings", load_settings(str(schema)))
    guarded.guard()
    try:
        guarded.wait()
        done = app.run(*CHANGE)
    finally:
        for each in guarded.objects():
            app.plane.api.call("DELETE", f"{RESOURCES[each['kind']]}/{each['metadata']['name']}")

    assert (done.returncode, app.data()) == (1, DATA)
    assert "an admission policy of the cluster refuses it: " in done.stderr
    assert "INTERVAL_MS" in done.stderr
