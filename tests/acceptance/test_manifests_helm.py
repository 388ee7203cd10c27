"""The whole chart as plain manifests, with each real Helm, as Kubernetes' own schemas see it."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import projects
from tests.charts import EVERYTHING, objects, run_helm, values_file
from tests.command import chartgen

EXAMPLE = Path("examples", "ideaforge", "k8s", "eks")
NAMESPACE = "20890-ideaforge-ai-dev-58a50"
MADE_BY = ("manifests", "--env", "dev", "--output", str(EXAMPLE))


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The folder of a project whose chart was rendered."""
    text = projects.PROJECT + "environments: {dev: {namespace: shop-dev, set: [settings.attempts=4]}}\n"
    profile = "x-profiles: {high-load: {description: Slow., values: {intervalMs: 6000}}}\n"
    projects.write(tmp_path, {"settings.yaml": projects.SETTINGS + profile, "chartgen.yaml": text})
    assert chartgen("render", cwd=tmp_path).returncode == 0
    return tmp_path


@pytest.fixture
def conform(kubeconform: str, kubernetes_schemas_location: str) -> Callable[[Path], None]:
    """Assert that the manifests of a folder fit Kubernetes' strict schemas, the oldest that charts are made for and a new one."""

    def check(folder: Path) -> None:
        for version in ("1.30.0", "1.36.0"):
            where = ["-schema-location", kubernetes_schemas_location, "-kubernetes-version", version]
            command = [kubeconform, "-strict", "-summary", "-skip", "HTTPRoute", *where, str(folder)]
            done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
            assert done.returncode == 0, done.stdout + done.stderr
            assert not re.search(r"Valid: 0\b", done.stdout), done.stdout

    return check


def printed(helm: str, folder: Path, *arguments: str) -> str:
    """The manifests on the standard output."""
    done = chartgen("manifests", "--helm", helm, *arguments, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def texts(value: Any) -> set[str]:
    """Every text in plain data."""
    if isinstance(value, dict):
        return {text for each in (*value, *value.values()) for text in texts(each)}
    if isinstance(value, list):
        return {text for each in value for text in texts(each)}
    return {value} if isinstance(value, str) else set()


def test_the_objects_are_the_charts_but_for_tests_policies_and_what_says_helm(helm: str, shop: Path) -> None:
    given = ["--set", "settings.attempts=4"]
    expected = objects(run_helm(helm, "template", "shop", str(shop / "charts/shop"), "-n", "shop-dev", *given).stdout)
    del expected["Pod/shop-test"]
    expected = {name: each for name, each in expected.items() if not name.startswith("ValidatingAdmissionPolicy")}
    for each in expected.values():
        template = each.get("spec", {}).get("template")
        for place in (each, *([template] if template else [])):
            labels = place["metadata"]["labels"]
            assert labels.pop("app.kubernetes.io/managed-by") == "Helm"
            labels["app.kubernetes.io/managed-by"] = "chartgen"
            labels.pop("helm.sh/chart", None)

    actual = objects(printed(helm, shop, "--env", "dev"))

    assert actual == expected
    assert not {text for text in texts(actual) if "helm" in text.lower()}


def test_both_helms_make_the_same_of_everything_and_kubernetes_takes_it(
    helm3: str, helm4: str, shop: Path, conform: Callable[[Path], None]
) -> None:
    everything = values_file(shop, EVERYTHING)

    for arguments in (["--env", "dev"], ["-f", everything], ["-f", everything, "--profile", "high-load"]):
        made = [printed(helm, shop, *arguments) for helm in (helm3, helm4, helm4)]

        assert made[0] == made[1] == made[2]
        (shop / "made").mkdir(exist_ok=True)
        (shop / "made" / "all.yaml").write_text(made[0], encoding="utf-8")
        conform(shop / "made")


def test_the_checksum_is_that_of_the_config_map_beside_it(helm: str, shop: Path) -> None:
    found: dict[str, str] = {}
    for attempts in ("4", "5"):
        text = printed(helm, shop, "--set", f"settings.attempts={attempts},extraData.a=b")
        data = text.split("\ndata:\n")[1].split("\n---\n")[0]
        pods = objects(text)["Deployment/shop"]["spec"]["template"]
        found[attempts] = pods["metadata"]["annotations"]["checksum/config"]

        # The chart hashes the lines without their indent.
        assert found[attempts] == hashlib.sha256(re.sub("(?m)^  ", "", data).encode()).hexdigest()
    assert found["4"] != found["5"]


def test_a_stale_chart_does_not_matter_but_the_users_own_files_in_it_do(helm: str, shop: Path) -> None:
    chart = shop / "charts" / "shop"
    before = printed(helm, shop)
    (chart / "templates/service.yaml").write_text("{{ fail `stale` }}", encoding="utf-8")
    (chart / "templates/ingress.yaml").unlink()
    assert printed(helm, shop) == before

    own = {"files/start.py": "print()\n", "templates/own.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: own}\n"}
    projects.write(chart, own)
    found = objects(printed(helm, shop))
    assert "Secret/own" in found
    assert found["ConfigMap/shop-files"]["data"] == {"start.py": "print()\n"}


@pytest.mark.skipif(os.name == "nt", reason="Windows asks for a right to make links")
@pytest.mark.parametrize("to", ["nothing", "/dev/zero", "."])
def test_a_link_in_the_charts_folder_that_leads_nowhere_is_a_finding(helm4: str, shop: Path, to: str) -> None:
    (shop / "charts/shop/files").mkdir(exist_ok=True)
    for name in ("one", "other"):
        (shop / "charts/shop/files" / name).symlink_to(to)

    done = chartgen("manifests", "--helm", helm4, cwd=shop)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error[CG1")
    assert " charts/shop/files/one" in done.stderr


def test_a_chart_that_was_never_written_is_what_render_would_write(helm: str, shop: Path) -> None:
    before = printed(helm, shop)
    (shop / "charts").rename(shop / "other")

    assert printed(helm, shop) == before


def test_what_the_charts_guard_refuses_is_told_at_its_place(helm: str, shop: Path) -> None:
    done = chartgen("manifests", "--helm", helm, "--set", "preStopSleepSeconds=31", "--output", "k8s", cwd=shop)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(
        "error[CG207]: preStopSleepSeconds 31 is longer than terminationGracePeriodSeconds 30\n"
    )
    assert not (shop / "k8s").exists()


def test_what_only_a_template_knows_is_told_in_its_words(helm: str, shop: Path) -> None:
    own = shop / "charts" / "shop" / "templates" / "own.yaml"
    own.write_text(
        '{{ if not .Values.partOf }}{{ fail "partOf is empty: name the application" }}{{ end }}\n', encoding="utf-8"
    )

    done = chartgen("manifests", "--helm", helm, "--output", "k8s", cwd=shop)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: Helm refuses the chart: ")
    assert "partOf is empty: name the application" in done.stderr
    assert not (shop / "k8s").exists()


def test_helm_gets_each_layer_as_it_was_judged(helm: str, shop: Path) -> None:
    """The standard input is read once; a comma in a name and every kind of flag arrive."""
    (shop / "a,b.yaml").write_text("podLabels: {a: one, b: one}\n", encoding="utf-8")
    (shop / "text").write_text("from a file", encoding="utf-8")
    flags = ["--set-json", 'podLabels.c="3"', "--set-string", "podLabels.d=4", "--set-literal", "podLabels.e=5"]
    arguments = ["-f", '"a,b.yaml"', "-f", "-", *flags, "--set-file", "extraData.f=text"]
    done = chartgen("manifests", "--helm", helm, *arguments, cwd=shop, stdin="podLabels: {b: two}\n")

    found = objects(done.stdout)
    labels = found["Deployment/shop"]["spec"]["template"]["metadata"]["labels"]
    assert {key: labels[key] for key in "abcde"} == {"a": "one", "b": "two", "c": "3", "d": "4", "e": "5"}
    assert found["ConfigMap/shop"]["data"]["f"] == "from a file"


def test_a_version_that_is_not_the_one_that_runs_is_refused(helm4: str, shop: Path) -> None:
    done = chartgen("manifests", "--helm", helm4, "--helm-version", "3", cwd=shop)

    assert (done.returncode, done.stdout) == (2, "")
    assert "--helm-version says 3, but" in done.stderr


def test_the_reference_apps_manifests_are_up_to_date(helm: str, repository: Path) -> None:
    done = chartgen(*MADE_BY, "--check", "--helm", helm, cwd=repository)

    assert (done.returncode, done.stdout) == (0, ""), f"run: make manifests\n{done.stdout}"


def test_the_reference_apps_config_map_is_checked_without_helm(repository: Path) -> None:
    done = chartgen(*MADE_BY, "--config-map-only", "--check", cwd=repository, env={"PATH": ""})

    assert (done.returncode, done.stdout) == (0, "")


def test_the_reference_apps_manifests_are_what_its_document_says(repository: Path) -> None:
    config = yaml.safe_load((repository / EXAMPLE / "configmap.yaml").read_text(encoding="utf-8"))
    found = objects((repository / EXAMPLE / "frontend.yaml").read_text(encoding="utf-8"))
    (page,) = found["Deployment/frontend"]["spec"]["template"]["spec"]["containers"]

    assert (config["metadata"]["name"], config["metadata"]["namespace"]) == ("ideaforge-ai-config", NAMESPACE)
    assert config["data"] == {
        "JOB_POLL_INTERVAL_MS": "5000",
        "JOB_MAX_POLL_ATTEMPTS": "120",
        "JOB_TIMEOUT_MS": "600000",
    }
    assert {each["metadata"]["namespace"] for each in found.values()} == {NAMESPACE}
    assert [each["name"] for each in page["env"]] == list(config["data"])
    for each in page["env"]:
        expected = {"name": "ideaforge-ai-config", "key": each["name"], "optional": True}
        assert each["valueFrom"] == {"configMapKeyRef": expected}


def test_kubernetes_takes_the_reference_apps_manifests(repository: Path, conform: Callable[[Path], None]) -> None:
    conform(repository / EXAMPLE)
