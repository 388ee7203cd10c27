"""The rendered sidecar, run as it is beside the server: a ConfigMap that changes as the kubelet changes it reaches what is served."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chartgen.project_model import Injection, Page
from tests.charts import objects, project, template, write_chart
from tests.container.conftest import Connection
from tests.container.pods import Image, Pod, program
from tests.container.test_pods import (
    FRONTEND,
    GIVEN,
    HELPER,
    NAMESPACES_OWN,
    SERVER,
    SITE,
    UNPRIVILEGED,
    frontend,
    prepare,
)

pytestmark = pytest.mark.nginx

USERS = pytest.mark.parametrize("user", [None, NAMESPACES_OWN], ids=["users-of-images", "one-user"])
SOURCES = {"copy": [], "imageVolume": ["--set", "injection.source=imageVolume"]}
SETTINGS = {"JOB_POLL_INTERVAL_MS": 4000, "JOB_MAX_POLL_ATTEMPTS": 100, "JOB_TIMEOUT_MS": 600000}
SOON = 10  # seconds, a machine under load included; the sidecar itself takes two at most


@pytest.fixture
def mode() -> str:
    return "json"


@pytest.fixture(params=SOURCES)
def pod(request: pytest.FixtureRequest, helm4: str, tmp_path: Path, mode: str) -> Pod:
    """The pod with each source of the site, with the values of `GIVEN`."""
    injection, page = Injection("sidecar", HELPER, "configMap"), Page((f"{SITE}/*.html",), mode)
    chart = write_chart(tmp_path / "chart", of=project(page=page, injection=injection))
    found = objects(template(helm4, chart, *GIVEN, *SOURCES[request.param]))
    config_maps = {
        name.partition("/")[2]: each["data"] for name, each in found.items() if name.startswith("ConfigMap/")
    }
    (tmp_path / "empty").mkdir()
    images = {
        FRONTEND: Image(frontend(tmp_path, SITE), ("nginx", "cp"), SERVER, UNPRIVILEGED),
        HELPER: Image(tmp_path / "empty", with_python=True),
    }
    return Pod(found["Deployment/shop"]["spec"]["template"]["spec"], config_maps, images, tmp_path)


@dataclass(frozen=True)
class Sidecar:
    """A running sidecar; `log` is what it says, `process` its own number."""

    child: subprocess.Popen[bytes]
    log: Path
    process: int

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Callable[..., Sidecar]]:
    """Run the sidecar, once the containers before it have ended well."""
    running: list[Sidecar] = []

    def start(pod: Pod, user: int | None = None, *more: str) -> Sidecar:
        container = pod.spec["initContainers"][-1]
        assert container["restartPolicy"] == "Always"
        told, log = tmp_path / f"watch-{len(running)}.json", tmp_path / f"watch-{len(running)}.log"
        with told.open("wb") as file, log.open("wb") as errors:
            command = [*more, *pod.command(container, user, "--info-fd", str(file.fileno()))]
            child = subprocess.Popen(command, stderr=errors, pass_fds=[file.fileno()])
        until(lambda: told.read_bytes().endswith(b"}\n"))
        running.append(Sidecar(child, log, json.loads(told.read_bytes())["child-pid"]))
        return running[-1]

    yield start
    for each in running:
        if each.child.poll() is None:
            os.kill(each.process, signal.SIGTERM)
        assert each.child.wait(timeout=10) == 128 + signal.SIGTERM, each.said()


def until(holds: Callable[[], Any]) -> Any:
    """What comes to hold soon."""
    end = time.monotonic() + SOON
    while not (found := holds()):
        assert time.monotonic() < end, "it never came to hold"
        time.sleep(0.02)
    return found


def start(pod: Pod, user: int | None = None) -> None:
    for done in prepare(pod, user):
        assert done.returncode == 0, done.stderr


def change(pod: Pod, **settings: str) -> None:
    pod.update("shop-config", {**pod.config_maps["shop-config"], **settings})


def in_page(text: bytes) -> Any:
    """The settings that the page holds."""
    found = re.search(rb'id="chartgen-settings">(.*?)</script>', text)
    assert found is not None
    return json.loads(found[1])


@USERS
def test_a_change_reaches_what_is_served_and_nothing_restarts(
    pod: Pod, user: int | None, serve: Callable[..., Any], watch: Callable[..., Sidecar]
) -> None:
    start(pod, user)
    before = json.loads((pod.volumes["chartgen-site"] / "site" / "settings.json").read_bytes())
    watch(pod, user)
    ask = serve(pod, user)

    first = ask("/settings.json")
    change(pod, JOB_POLL_INTERVAL_MS="5000")
    second = until(lambda: (now := ask("/settings.json")).text != first.text and now)

    assert json.loads(first.text) == before
    assert before["settings"] == SETTINGS
    assert json.loads(second.text)["settings"] == SETTINGS | {"JOB_POLL_INTERVAL_MS": 5000}
    assert json.loads(second.text)["version"] != before["version"]
    assert in_page(ask("/").text) == SETTINGS | {"JOB_POLL_INTERVAL_MS": 5000}
    for answer in (first, second):
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["Cache-Control"] == "no-cache"
    assert asked_again(pod, first.headers["ETag"]) == 200
    assert asked_again(pod, second.headers["ETag"]) == 304


def asked_again(pod: Pod, tag: str) -> int:
    """The status of a conditional request for the settings."""
    connection: http.client.HTTPConnection = Connection(pod.volumes["tmp"])
    try:
        connection.request("GET", "/settings.json", headers={"If-None-Match": tag})
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_wrong_change_is_refused_and_counted_and_a_right_one_after_it_counts(
    pod: Pod, serve: Callable[..., Any], watch: Callable[..., Sidecar]
) -> None:
    start(pod)
    sidecar = watch(pod)
    ask = serve(pod, None)
    first, page = ask("/settings.json"), ask("/")
    until((pod.volumes["chartgen-site"] / "metrics.prom").exists)

    change(pod, JOB_POLL_INTERVAL_MS="9000")
    until(lambda: "timeoutMs is smaller than maxPollAttempts * pollIntervalMs" in sidecar.said())
    refused = (ask("/settings.json").text, ask("/").text)
    counted = until(lambda: 'result="refused"} 1' in (text := metrics(pod)) and text)
    change(pod, JOB_POLL_INTERVAL_MS="6000")
    until(lambda: ask("/settings.json").text != first.text)

    assert refused == (first.text, page.text)
    assert "chartgen_settings_last_change_successful 0" in counted
    assert in_page(ask("/").text)["JOB_POLL_INTERVAL_MS"] == 6000
    until(lambda: "chartgen_settings_last_change_successful 1" in metrics(pod))


def metrics(pod: Pod) -> str:
    return (pod.volumes["chartgen-site"] / "metrics.prom").read_text(encoding="utf-8")


def test_a_key_that_goes_has_its_default(pod: Pod, serve: Callable[..., Any], watch: Callable[..., Sidecar]) -> None:
    start(pod)
    watch(pod)
    ask = serve(pod, None)

    pod.update("shop-config", {})

    defaults = {"JOB_POLL_INTERVAL_MS": 5000, "JOB_MAX_POLL_ATTEMPTS": 120, "JOB_TIMEOUT_MS": 600000}
    until(lambda: json.loads(ask("/settings.json").text)["settings"] == defaults)


@pytest.mark.parametrize("mode", ["file"])
def test_the_script_beside_the_page_follows_too(
    pod: Pod, serve: Callable[..., Any], watch: Callable[..., Sidecar]
) -> None:
    start(pod)
    watch(pod)
    ask = serve(pod, None)

    assert b"JOB_POLL_INTERVAL_MS__=4000;" in ask("/chartgen-settings.js").text
    change(pod, JOB_POLL_INTERVAL_MS="5000")

    until(lambda: b"JOB_POLL_INTERVAL_MS__=5000;" in ask("/chartgen-settings.js").text)


def test_a_wrong_setting_stops_the_pod_before_the_sidecar_starts(pod: Pod) -> None:
    change(pod, JOB_TIMEOUT_MS="600000 ")

    *_, said = prepare(pod, None)

    assert said.returncode == 1
    assert "JOB_TIMEOUT_MS (timeoutMs): expected an integer" in said.stderr
    assert not (pod.volumes["chartgen-site"] / "site").exists()


def test_a_sidecar_that_starts_again_goes_on_with_what_is_served(
    pod: Pod, serve: Callable[..., Any], watch: Callable[..., Sidecar]
) -> None:
    """The kubelet restarts it alone; the ConfigMap may be wrong by then."""
    start(pod)
    first = watch(pod)
    ask = serve(pod, None)
    served = ask("/settings.json").text
    change(pod, JOB_TIMEOUT_MS="soon")
    until(lambda: "JOB_TIMEOUT_MS (timeoutMs): expected an integer" in first.said())
    os.kill(first.process, signal.SIGTERM)
    first.child.wait(timeout=10)

    second = watch(pod)
    until(lambda: "JOB_TIMEOUT_MS (timeoutMs): expected an integer" in second.said())

    assert second.child.poll() is None
    assert ask("/settings.json").text == served


def test_the_sidecar_executes_python_and_nothing_else(pod: Pod, tmp_path: Path, watch: Callable[..., Sidecar]) -> None:
    start(pod)
    trace = tmp_path / "trace"
    sidecar = watch(pod, None, program("strace"), "-f", "-qq", "-e", "trace=execve,execveat", "-o", str(trace))

    change(pod, JOB_POLL_INTERVAL_MS="5000")
    site = pod.volumes["chartgen-site"] / "site"
    until(lambda: json.loads((site / "settings.json").read_bytes())["settings"]["JOB_POLL_INTERVAL_MS"] == 5000)

    executed = re.findall(r'execve(?:at)?\((?:[^"]*)"([^"]+)".* = 0', trace.read_text())
    names = [Path(path).name for path in executed]
    assert sidecar.child.poll() is None
    assert [name for name in names if name not in {"bwrap", "setpriv"}] == ["python3"]
