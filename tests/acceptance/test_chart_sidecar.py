"""What the chart makes of `injection.mode: sidecar`: a container that follows the ConfigMap beside the server."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from chartgen.project_model import Injection, Page
from tests.charts import (
    ASYNC_JOB,
    EVERYTHING,
    STOREFRONT,
    objects,
    project,
    run_helm,
    template,
    values_file,
    write_chart,
)
from tests.command import chartgen

HELPER = "registry.example.com/python:3.13"
LIVE = project(page=Page(("/srv/site/*.html",), "json"), injection=Injection("sidecar", HELPER, "configMap"))
MOUNTED = ["--set", "injection.source=imageVolume"]
SCHEMAS = {"async-job": ASYNC_JOB, "storefront": STOREFRONT}
PROJECT = f"""\
settings: {ASYNC_JOB}
chart: {{name: shop}}
image: {{repository: registry.example.com/shop/frontend, tag: "1.10"}}
page: {{mode: json}}
injection: {{mode: sidecar, image: "{HELPER}"}}
"""


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_chart(tmp_path_factory.mktemp("live") / "chart", of=LIVE)


def pods(helm: str, chart: Path, *arguments: str) -> dict[str, Any]:
    """The template of the Deployment's pods."""
    found: dict[str, Any] = objects(template(helm, chart, *arguments))["Deployment/shop"]["spec"]["template"]
    return found


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_deployment_is_as_it_was(
    helm4: str, helm3: str, golden: Callable[[str, str], None], tmp_path: Path, name: str
) -> None:
    chart = write_chart(tmp_path / "chart", SCHEMAS[name], of=LIVE)

    text = template(helm4, chart, "--show-only", "templates/deployment.yaml")

    golden(f"sidecar/{name}.yaml", re.sub(r"(checksum/rest:) \w+", r"\1 CHECKSUM", text).rstrip() + "\n")
    assert yaml.safe_load(template(helm3, chart, "--show-only", "templates/deployment.yaml")) == yaml.safe_load(text)


def test_a_native_sidecar_does_what_the_container_before_it_did_and_stays(helm: str, live: Path) -> None:
    spec = pods(helm, live)["spec"]

    copy, write, watch = spec["initContainers"]
    (page,) = spec["containers"]
    assert [each["name"] for each in (copy, write, watch)] == ["chartgen-copy", "chartgen-page", "chartgen-watch"]
    assert [each.get("restartPolicy") for each in (copy, write, watch, page)] == [None, None, "Always", None]
    assert write["args"][-1] == "--once"
    assert watch["args"] == [*write["args"][:-1], "--metrics=/run/chartgen/metrics.prom", "--watch"]
    for field in ("image", "command", "volumeMounts", "securityContext"):
        assert watch[field] == write[field]


def test_the_configmap_is_a_volume_without_a_subpath_and_may_be_missing(helm: str, live: Path) -> None:
    """What the kubelet never changes is a file behind a `subPath`; the references of an env are optional as well."""
    spec = pods(helm, live)["spec"]

    _, write, watch = spec["initContainers"]
    mounted = {"name": "chartgen-settings", "mountPath": "/run/chartgen-settings", "readOnly": True}
    volume = {"name": "chartgen-settings", "configMap": {"name": "shop-config", "optional": True}}
    assert volume in spec["volumes"]
    for container in (write, watch):
        assert "--settings=/run/chartgen-settings" in container["args"]
        assert mounted in container["volumeMounts"]
        assert "env" not in container


def test_the_sidecar_writes_what_the_server_may_only_read(helm: str, live: Path) -> None:
    spec = pods(helm, live)["spec"]

    (page,) = spec["containers"]
    writable = {"name": "chartgen-site", "mountPath": "/run/chartgen"}
    site = {"name": "chartgen-site", "mountPath": "/srv/site", "subPath": "site", "readOnly": True}
    assert writable in spec["initContainers"][-1]["volumeMounts"]
    assert writable | {"readOnly": True} in page["volumeMounts"]
    assert site in page["volumeMounts"]


def test_the_frontends_container_is_that_of_init_containers(helm: str, live: Path) -> None:
    initial = pods(helm, live, "--set", "injection.mode=initContainer")["spec"]

    assert pods(helm, live)["spec"]["containers"] == initial["containers"]


def test_the_sidecar_has_limits_of_its_own_and_without_them_the_containers(helm: str, live: Path) -> None:
    own, none = (
        pods(helm, live, *given)["spec"] for given in ([], ["--set", "injection.resources=null,resources.limits.cpu=1"])
    )

    assert own["initContainers"][-1]["resources"] == {
        "requests": {"cpu": "10m", "memory": "32Mi"},
        "limits": {"memory": "128Mi"},
    }
    assert none["initContainers"][-1]["resources"] == none["containers"][0]["resources"]


def test_a_setting_restarts_nothing_and_all_else_does(helm: str, live: Path, tmp_path: Path) -> None:
    changed = write_chart(tmp_path / "chart", of=LIVE)
    with (changed / "files" / "settings.py").open("a", encoding="utf-8") as table:
        table.write("# new\n")

    before = pods(helm, live)

    assert list(before["metadata"]["annotations"]) == ["checksum/rest"]
    assert pods(helm, live, "--set", "settings.pollIntervalMs=4000") == before
    for others in (pods(helm, live, "--set", "extraData.color=blue"), pods(helm, changed)):
        assert others["spec"] == before["spec"]
        assert others != before
    assert "annotations" not in pods(helm, live, "--set", "rolloutOnChange=false")["metadata"]


def test_the_notes_tell_how_a_change_gets_to_open_tabs(helm4: str, live: Path) -> None:
    run = run_helm(helm4, "install", "shop", str(live), "--dry-run=client", "--namespace", "shop")

    notes = " ".join(run.stdout.partition("NOTES:")[2].split())
    assert "The pods do not restart. The kubelet brings the change into them, mostly within 90 seconds" in notes
    assert "an open tab follows by itself where the frontend calls watchSettings()" in notes
    assert "kubectl logs deployment/shop --container chartgen-watch --namespace shop" in notes
    assert "restart by themselves" not in notes


def test_kubernetes_accepts_it_with_every_other_value(
    helm: str, live: Path, conform: Callable[..., None], tmp_path: Path
) -> None:
    everything = ["--values", values_file(tmp_path, EVERYTHING)]

    for given in ([], everything, [*everything, *MOUNTED]):
        lint = run_helm(helm, "lint", "--strict", str(live), *given)
        assert lint.returncode == 0, lint.stdout + lint.stderr
    conform(template(helm, live), template(helm, live, *everything))


def test_kubernetes_accepts_it_with_the_image_as_a_volume(helm: str, live: Path, conform: Callable[..., None]) -> None:
    names = [each["name"] for each in pods(helm, live, *MOUNTED)["spec"]["initContainers"]]

    assert names == ["chartgen-page", "chartgen-watch"]
    conform(template(helm, live, *MOUNTED), versions=("1.36.0",))


@pytest.mark.parametrize(
    ("command", "given"),
    [
        ("lint", "page.mode=inline"),
        *(("template", f"page{given}") for given in (".mode=inline", ".mode=null", "=null")),
    ],
)
def test_a_script_in_the_page_is_refused(helm: str, live: Path, command: str, given: str) -> None:
    """Lint takes a null for nothing: it has the chart's own default."""
    run = run_helm(helm, command, str(live), "--skip-schema-validation", "--set", given)

    assert run.returncode != 0
    said = run.stdout + run.stderr
    assert "injection.mode sidecar cannot go with page.mode inline: set page.mode to json" in said
    assert "its hash, which cannot change under a running server" in said


def test_the_settings_count_as_wired(helm: str, live: Path, tmp_path: Path) -> None:
    (tmp_path / "chartgen.yaml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "all.yaml").write_text(template(helm, live), encoding="utf-8")

    run = chartgen("validate", "all.yaml", cwd=tmp_path)

    assert (run.stdout, run.returncode) == ("no findings in 1 file\n", 0)


def test_plain_manifests_have_the_sidecar_and_count_as_wired(helm4: str, tmp_path: Path) -> None:
    (tmp_path / "chartgen.yaml").write_text(PROJECT, encoding="utf-8")

    made = chartgen("manifests", "--output", "k8s", "--namespace", "shop", "--helm", helm4, cwd=tmp_path)
    judged = chartgen("validate", "k8s", cwd=tmp_path)

    assert made.returncode == 0, made.stderr
    found = objects((tmp_path / "k8s" / "frontend.yaml").read_text(encoding="utf-8"))
    *_, watch = found["Deployment/shop"]["spec"]["template"]["spec"]["initContainers"]
    assert (watch["name"], watch["restartPolicy"], watch["args"][-1]) == ("chartgen-watch", "Always", "--watch")
    assert (judged.stdout, judged.returncode) == ("no findings in 2 files\n", 0)
