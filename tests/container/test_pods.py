"""The rendered Deployment's containers, run as they are: what they serve has the ConfigMap's values."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chartgen.project_model import Injection, Page
from tests.charts import REPOSITORY, objects, project, template, write_chart
from tests.container.pods import Image, Pod, program

pytestmark = pytest.mark.nginx

FRONTEND, HELPER = "registry.example.com/shop/frontend:1.10", "registry.example.com/python:3.13"
SITE = "/usr/share/nginx/html"
PAGE = '<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>t</title>\n</head>\n<body></body>\n</html>\n'
SERVER = ("nginx", "-e", "stderr", "-c", "/etc/nginx/nginx.conf")
SETTINGS = (
    b"window.__JOB_POLL_INTERVAL_MS__=4000;window.__JOB_MAX_POLL_ATTEMPTS__=100;window.__JOB_TIMEOUT_MS__=600000;"
)
GIVEN = ["--set", "settings.pollIntervalMs=4000,settings.maxPollAttempts=100"]
MODES = {
    "entrypoint": (Injection("entrypoint", script="configMap", command=SERVER), "/run/chartgen/site", []),
    "initContainer": (Injection("initContainer", HELPER, "configMap"), SITE, []),
    "imageVolume": (Injection("initContainer", HELPER, "configMap"), SITE, ["--set", "injection.source=imageVolume"]),
}
UNPRIVILEGED, NAMESPACES_OWN = 101, 1000700000


def frontend(folder: Path, root: str, csp: str = "/run/chartgen/csp.conf") -> Path:
    """The files of the frontend's image: a site, and the example's nginx.conf with this root and a socket."""
    site, configuration = folder / "frontend" / SITE[1:], folder / "frontend" / "etc" / "nginx"
    (site / "assets").mkdir(parents=True)
    (site / "index.html").write_text(PAGE)
    (site / "assets" / "app.1a2b3c.js").write_text("main()\n")
    (site / ".well-known").mkdir()
    (site / ".well-known" / "security.txt").write_text("Contact: mailto:a@example.com\n")
    configuration.mkdir(parents=True)
    text = (REPOSITORY / "examples/ideaforge/nginx/nginx.conf").read_text()
    for old, new in (
        ("listen 8080", "listen unix:/tmp/nginx.sock"),
        ("root /tmp/site", f"root {root}"),
        ("include /tmp/csp.conf", f"include {csp}"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    (configuration / "nginx.conf").write_text(text)
    (configuration / "mime.types").write_text("types { text/html html; text/javascript js; application/json json; }\n")
    for path in [*folder.joinpath("frontend").rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder / "frontend"


@pytest.fixture(params=MODES)
def pod(request: pytest.FixtureRequest, helm4: str, tmp_path: Path) -> Pod:
    """The pod of each mode, with the values of `GIVEN`."""
    return made(request.param, helm4, tmp_path)


def made(mode: str, helm4: str, tmp_path: Path) -> Pod:
    """The pod of a mode."""
    injection, root, more = MODES[mode]
    page = Page((f"{SITE}/*.html",))
    chart = write_chart(tmp_path / "chart", of=project(page=page, injection=injection))
    found = objects(template(helm4, chart, *GIVEN, *more))
    config_maps = {
        name.partition("/")[2]: each["data"] for name, each in found.items() if name.startswith("ConfigMap/")
    }
    programs = ("nginx",) if mode != "initContainer" else ("nginx", "cp")
    files = frontend(tmp_path, root)
    (tmp_path / "empty").mkdir()
    images = {
        FRONTEND: Image(files, programs, SERVER, UNPRIVILEGED, with_python=mode == "entrypoint"),
        HELPER: Image(tmp_path / "empty", with_python=True),
    }
    return Pod(found["Deployment/shop"]["spec"]["template"]["spec"], config_maps, images, tmp_path)


def prepare(pod: Pod, user: int | None) -> list[subprocess.CompletedProcess[str]]:
    """Run the init containers, in their order; those that stay are no part of it."""
    done = []
    for container in pod.spec.get("initContainers", []):
        if container.get("restartPolicy") == "Always":
            continue
        command = pod.command(container, user)
        done.append(subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=60))
    return done


@pytest.mark.parametrize("user", [None, NAMESPACES_OWN], ids=["users-of-images", "one-user"])
def test_the_page_that_is_served_has_the_values_of_the_configmap(
    pod: Pod, user: int | None, serve: Callable[..., Any]
) -> None:
    for done in prepare(pod, user):
        assert done.returncode == 0, done.stderr
    ask = serve(pod, user)

    page = ask("/")
    text = page.text
    asset = ask("/assets/app.1a2b3c.js")

    script = re.search(rb"<script data-chartgen=[^>]*>(.*?)</script>", text)
    assert script is not None
    assert script[1] == SETTINGS
    assert text.replace(script[0], b"").decode() == PAGE
    hashed = base64.b64encode(hashlib.sha256(script[1]).digest()).decode()
    assert f"script-src 'self' 'sha256-{hashed}';" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-cache"
    assert asset.text == b"main()\n"
    assert asset.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert ask("/assets/none.js").status == 404
    assert ask("/none.js").status == 404
    assert ask("/deep/none.mjs.map").status == 404
    assert ask("/.well-known/security.txt").text == b"Contact: mailto:a@example.com\n"
    assert ask("/.well-known/none").status == 404
    assert ask("/.env").status == 404
    assert ask("/route/of.the/app").text == text


def test_what_links_of_the_site_lead_to_is_served(helm4: str, tmp_path: Path, serve: Callable[..., Any]) -> None:
    """Links of an image may be absolute, and may lead out of the site: in another folder they would lead nowhere."""
    pod = made("initContainer", helm4, tmp_path)
    root = pod.images[FRONTEND].files
    (root / "data").mkdir()
    (root / "data" / "logo.svg").write_text("<svg/>")
    (root / "data" / "app.html").write_text(PAGE)
    site = root / SITE[1:]
    (site / "assets" / "logo.svg").symlink_to("/data/logo.svg")
    (site / "assets" / "more").symlink_to("/data")
    (site / "index.html").unlink()
    (site / "index.html").symlink_to("/data/app.html")
    for done in prepare(pod, None):
        assert done.returncode == 0, done.stderr
    ask = serve(pod, None)

    assert SETTINGS in ask("/").text
    assert ask("/assets/logo.svg").text == b"<svg/>"
    assert ask("/assets/more/logo.svg").text == b"<svg/>"


def test_a_link_that_leads_nowhere_stops_the_pod_and_is_named(helm4: str, tmp_path: Path) -> None:
    pod = made("initContainer", helm4, tmp_path)
    (pod.images[FRONTEND].files / SITE[1:] / "assets" / "logo.svg").symlink_to("/data/logo.svg")

    copied = prepare(pod, None)[0]

    assert copied.returncode != 0
    assert "assets/logo.svg" in copied.stderr


def test_containers_that_run_again_find_their_work_done(pod: Pod, serve: Callable[..., Any]) -> None:
    """The kubelet may run init containers anew, and restarts the frontend's in the same folders."""
    for done in [*prepare(pod, None), *prepare(pod, None)]:
        assert done.returncode == 0, done.stderr
    for _ in range(2):
        ask = serve(pod, None)
        assert ask("/").text.count(b"data-chartgen=") == 1
        (pod.volumes["tmp"] / "nginx.sock").unlink()


def test_a_setting_that_was_broken_by_hand_stops_the_pod_before_it_serves(pod: Pod) -> None:
    pod.config_maps["shop-config"]["JOB_TIMEOUT_MS"] = "600000 "  # type: ignore[index]

    said = prepare(pod, None)
    if not said:
        (container,) = pod.spec["containers"]
        command = pod.command(container)
        said = [subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=60)]

    assert said[-1].returncode == 1
    assert "JOB_TIMEOUT_MS (timeoutMs): expected an integer" in said[-1].stderr
    assert not (pod.volumes["chartgen-site"] / "site").exists()


EXECUTED = {"entrypoint": [], "initContainer": ["cp", "python3"], "imageVolume": ["python3"]}


def test_init_containers_execute_what_their_commands_name_and_nothing_else(
    request: pytest.FixtureRequest, pod: Pod, tmp_path: Path
) -> None:
    executed = []
    for container in pod.spec.get("initContainers", []):
        strace = [program("strace"), "-f", "-qq", "-e", "trace=execve,execveat", "-o", str(tmp_path / "trace")]
        subprocess.run([*strace, *pod.command(container)], check=True, capture_output=True)
        executed += re.findall(r'execve(?:at)?\((?:[^"]*)"([^"]+)".* = 0', (tmp_path / "trace").read_text())

    names = [Path(path).name for path in executed]
    assert [name for name in names if name not in {"bwrap", "setpriv"}] == EXECUTED[request.node.callspec.params["pod"]]
