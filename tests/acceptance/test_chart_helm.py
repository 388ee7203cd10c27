"""The generated chart as real Helm and Kubernetes' own schemas see it."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
import yaml

from chartgen.chart.values_file import with_defaults
from chartgen.enforce.values_schema import values_schema
from chartgen.settings.schema import load_settings
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

Conform = Callable[..., None]
NO_TIME = {"settings": {"pollIntervalMs": 10000}}


@pytest.fixture(scope="session")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_chart(tmp_path_factory.mktemp("reference") / "chart")


@pytest.fixture(scope="session", params=[ASYNC_JOB, STOREFRONT], ids=["async-job", "storefront"])
def any_chart(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_chart(tmp_path_factory.mktemp("any") / "chart", request.param)


def variants(chart: Path, folder: Path) -> Iterator[list[str]]:
    """Arguments for the defaults, each profile, every optional part, and both."""
    everything = ["--values", values_file(folder, EVERYTHING)]
    yield []
    yield everything
    for profile in sorted((chart / "profiles").glob("*.yaml")):
        yield ["--values", str(profile)]
        yield ["--values", str(profile), *everything]


def test_lint_and_kubernetes_accept_every_variant(helm: str, any_chart: Path, conform: Conform, tmp_path: Path) -> None:
    manifests = []
    for arguments in variants(any_chart, tmp_path):
        lint = run_helm(helm, "lint", "--strict", str(any_chart), *arguments)

        assert lint.returncode == 0, lint.stdout + lint.stderr
        manifests.append(template(helm, any_chart, *arguments))
    conform(*manifests)


def test_the_chart_is_what_the_project_says(helm: str, chart: Path) -> None:
    found = objects(template(helm, chart))

    deployment = found["Deployment/shop"]
    (page,) = deployment["spec"]["template"]["spec"]["containers"]
    assert set(found) == {
        "ConfigMap/shop-config",
        "Deployment/shop",
        "Service/shop-service",
        "ServiceAccount/shop-shop-frontend",
        "Pod/shop-shop-frontend-test",
        "ValidatingAdmissionPolicy/20890-shop-dev.shop-config.errors",
        "ValidatingAdmissionPolicy/20890-shop-dev.shop-config.warnings",
        "ValidatingAdmissionPolicyBinding/20890-shop-dev.shop-config.errors",
        "ValidatingAdmissionPolicyBinding/20890-shop-dev.shop-config.warnings",
    }
    assert page["name"] == "page"
    assert page["image"] == "registry.example.com/shop/frontend:1.10"
    assert found["Service/shop-service"]["spec"]["selector"] == deployment["spec"]["selector"]["matchLabels"]
    assert {each["metadata"].get("namespace", "") for each in found.values()} == {"20890-shop-dev", ""}


def test_every_setting_is_an_optional_variable_of_the_container(helm: str, any_chart: Path) -> None:
    found = objects(template(helm, any_chart))

    config = found["ConfigMap/shop-config"]["data"]
    (page,) = found["Deployment/shop"]["spec"]["template"]["spec"]["containers"]
    expected = [
        {"name": name, "valueFrom": {"configMapKeyRef": {"name": "shop-config", "key": name, "optional": True}}}
        for name in config
    ]
    assert sorted(expected, key=lambda each: each["name"]) == sorted(page["env"], key=lambda each: each["name"])


def test_the_container_has_no_rights(helm: str, chart: Path) -> None:
    found = objects(template(helm, chart))

    for pod in (found["Deployment/shop"]["spec"]["template"]["spec"], found["Pod/shop-shop-frontend-test"]["spec"]):
        (container,) = pod["containers"]
        assert pod["automountServiceAccountToken"] is False
        assert pod["enableServiceLinks"] is False
        assert pod["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"]["requests"]


def test_no_container_of_the_chart_runs_a_shell(helm: str, chart: Path) -> None:
    found = objects(template(helm, chart))

    (test,) = found["Pod/shop-shop-frontend-test"]["spec"]["containers"]
    assert test["command"][0] == "curl"
    assert test["command"][-1] == "http://shop-service:80/"
    (page,) = found["Deployment/shop"]["spec"]["template"]["spec"]["containers"]
    assert page["lifecycle"] == {"preStop": {"sleep": {"seconds": 5}}}
    assert "command" not in page


def test_one_fault_of_time_is_refused_everywhere(helm: str, chart: Path, tmp_path: Path) -> None:
    given = ["--values", values_file(tmp_path, NO_TIME)]
    runs = [
        run_helm(helm, "lint", str(chart), *given),
        run_helm(helm, "template", "shop", str(chart), *given),
        run_helm(helm, "template", "shop", str(chart), *given, "--skip-schema-validation"),
        run_helm(helm, "template", "shop", str(chart), "--set", "settings.pollIntervalMs=10000"),
    ]

    for run in runs:
        said = run.stdout + run.stderr
        assert run.returncode != 0
        assert "timeoutMs is smaller than maxPollAttempts * pollIntervalMs" in said
        assert "600000" in said
        assert "1200000" in said


@pytest.mark.parametrize("how", ["file", "set"])
def test_a_million_is_written_in_digits(helm: str, chart: Path, tmp_path: Path, how: str) -> None:
    if how == "file":
        given = ["--values", values_file(tmp_path, {"settings": {"timeoutMs": 1200000}})]
    else:
        given = ["--set", "settings.timeoutMs=1200000"]

    data = objects(template(helm, chart, *given))["ConfigMap/shop-config"]["data"]

    assert data["JOB_TIMEOUT_MS"] == "1200000"


def test_large_numbers_of_other_values_are_written_in_digits(helm: str, chart: Path, tmp_path: Path) -> None:
    values = {
        "replicaCount": 2000000,
        "revisionHistoryLimit": 1000000,
        "terminationGracePeriodSeconds": 3000000,
        "preStopSleepSeconds": 1000000,
        "podSecurityContext": {"runAsUser": 1000700000},
        "autoscaling": {"enabled": True, "minReplicas": 1000000, "maxReplicas": 2000000},
        "podDisruptionBudget": {"enabled": True, "maxUnavailable": 1000000},
    }

    manifests = template(helm, chart, "--values", values_file(tmp_path, values))

    assert not re.search(r"\de\+\d", manifests)
    for number in ("1000000", "2000000", "3000000", "1000700000"):
        assert re.search(
            rf": {number}$", manifests + template(helm, chart, "--set", "replicaCount=2000000"), re.MULTILINE
        )


def leaves(schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """The dotted key of every value and group of values."""
    for key, part in schema["properties"].items():
        inner = f"{path}.{key}" if path else key
        yield inner
        if "properties" in part:
            yield from leaves(part, inner)


NEEDED = {"image", "image.repository"}
KEYS = sorted(set(leaves(dict(values_schema(load_settings(str(ASYNC_JOB)))))) - {"global", "enabled"})


def test_any_value_may_be_null(helm4: str, chart: Path, conform: Conform, tmp_path: Path) -> None:
    """A null takes a default away; the manifests still fit Kubernetes, or the chart says what it needs."""
    everything = values_file(tmp_path, EVERYTHING)
    manifests = []
    for key in KEYS:
        run = run_helm(helm4, "template", "shop", str(chart), "--values", everything, "--set", f"{key}=null")
        if key in NEEDED:
            assert "image.repository is empty" in run.stderr
        else:
            assert run.returncode == 0, f"{key}: {run.stderr}"
            manifests.append(run.stdout)
    conform(*manifests)


def test_an_emptied_values_file_still_makes_a_chart(helm: str, tmp_path: Path, conform: Conform) -> None:
    chart = write_chart(tmp_path / "chart")
    (chart / "values.yaml").write_text("", encoding="utf-8")

    manifests = template(helm, chart, "--set", "image.repository=shop")

    assert objects(manifests)["ConfigMap/shop-shop-frontend-settings"]["data"] == {
        "JOB_POLL_INTERVAL_MS": "5000",
        "JOB_MAX_POLL_ATTEMPTS": "120",
        "JOB_TIMEOUT_MS": "600000",
    }
    conform(manifests)


def test_two_releases_in_a_namespace_share_nothing(helm: str, chart: Path, tmp_path: Path) -> None:
    unnamed = {"names": {"configMap": "", "deployment": "", "service": ""}}
    first = objects(template(helm, chart, "--values", values_file(tmp_path, EVERYTHING)))
    given = values_file(tmp_path, unnamed, "second.yaml")
    second = objects(template(helm, chart, "--values", given, "--set", "serviceAccount.name=x", release="second"))

    assert not set(first) & set(second)
    one, two = (
        next(each for name, each in found.items() if name.startswith("Deployment/")) for found in (first, second)
    )
    assert one["spec"]["selector"] != two["spec"]["selector"]


def test_new_values_start_new_pods_and_a_new_chart_version_does_not(helm4: str, chart: Path, tmp_path: Path) -> None:
    def pods(folder: Path, *arguments: str) -> Any:
        return objects(template(helm4, folder, *arguments))["Deployment/shop"]["spec"]["template"]

    other = write_chart(tmp_path / "other")
    file = other / "Chart.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("1.2.3+build.4", "1.2.4"), encoding="utf-8")
    before = pods(chart)

    assert before == pods(other)
    assert before != pods(chart, "--set", "settings.timeoutMs=700000")
    assert before != pods(chart, "--set", "extraData.more=x")
    assert pods(chart, "--set", "rolloutOnChange=false") == pods(
        chart, "--set", "rolloutOnChange=false", "--set", "settings.timeoutMs=700000"
    )


def test_an_autoscaler_owns_the_number_of_pods(helm: str, chart: Path) -> None:
    found = objects(template(helm, chart, "--set", "autoscaling.enabled=true"))

    assert "replicas" not in found["Deployment/shop"]["spec"]
    assert found["HorizontalPodAutoscaler/shop-shop-frontend"]["spec"]["scaleTargetRef"]["name"] == "shop"


def test_the_services_pods_are_the_deployments_alone(helm: str, chart: Path, tmp_path: Path) -> None:
    found = objects(template(helm, chart, "--values", values_file(tmp_path, EVERYTHING)))

    selector = found["Service/shop-service"]["spec"]["selector"].items()
    assert selector <= found["Deployment/shop"]["spec"]["template"]["metadata"]["labels"].items()
    assert not selector <= found["Pod/shop-shop-frontend-test"]["metadata"]["labels"].items()


def test_a_policy_that_names_its_peers_lets_the_test_in(helm: str, chart: Path, tmp_path: Path) -> None:
    found = objects(template(helm, chart, "--values", values_file(tmp_path, EVERYTHING)))

    first, _ = found["NetworkPolicy/shop-shop-frontend"]["spec"]["ingress"][0]["from"]
    labels = found["Pod/shop-shop-frontend-test"]["metadata"]["labels"]
    assert first["podSelector"]["matchLabels"].items() <= labels.items()


FAULTS = [
    (
        ["--set-string", "extraData.JOB_TIMEOUT_MS=1"],
        "/extraData/JOB_TIMEOUT_MS",
        "extraData.JOB_TIMEOUT_MS is a setting",
    ),
    (["--set", "env[0].name=JOB_TIMEOUT_MS"], "/env/0/name", "env names JOB_TIMEOUT_MS, which is a setting"),
    (["--set", "preStopSleepSeconds=60"], "", "preStopSleepSeconds 60 is longer than terminationGracePeriodSeconds 30"),
    (
        ["--set", "autoscaling.enabled=true,autoscaling.minReplicas=20"],
        "",
        "autoscaling.minReplicas 20 is more than autoscaling.maxReplicas 10",
    ),
    (["--set", "image.repository="], "/image/repository", "image.repository is empty"),
    (["--set", "emptyDirs.cache.sizeLimit=1Mi"], "", "emptyDirs.cache has no mountPath"),
    (
        ["--set", "preStopSleepSeconds=1,terminationGracePeriodSeconds=0"],
        "",
        "longer than terminationGracePeriodSeconds 0",
    ),
]


@pytest.mark.parametrize(("arguments", "at", "expected"), FAULTS)
def test_values_that_the_guard_refuses_are_refused_by_the_schema_or_by_it(
    helm: str, chart: Path, arguments: list[str], at: str, expected: str
) -> None:
    for command in (["lint", str(chart)], ["template", "shop", str(chart)]):
        run = run_helm(helm, *command, *arguments)
        skipping = run_helm(helm, *command, *arguments, "--skip-schema-validation")

        assert run.returncode != 0
        assert (f"at '{at}'" if at else expected) in run.stdout + run.stderr
        assert skipping.returncode != 0
        assert expected in skipping.stdout + skipping.stderr


def everywhere(schema: dict[str, Any], wrong: object) -> dict[str, Any]:
    """Values where every key that is no group is `wrong`."""
    properties = schema["properties"].items()
    return {key: everywhere(part, wrong) if "properties" in part else wrong for key, part in properties}


def wrong_kinds(schema: dict[str, Any], values: dict[str, Any]) -> set[str]:
    """The dotted paths of values that have another type than the schema says."""
    errors = jsonschema.Draft202012Validator(schema).iter_errors(values)
    return {
        ".".join(map(str, error.absolute_path))
        for error in errors
        if error.validator == "type" or (error.validator in {"enum", "anyOf"} and not isinstance(error.instance, str))
    }


@pytest.mark.parametrize("wrong", ["text", 5, 1.5, True, [1], {"a": 1}], ids=str)
def test_values_of_every_wrong_type_are_listed_where_the_schema_is_skipped(
    helm4: str, chart: Path, tmp_path: Path, wrong: object
) -> None:
    schema = json.loads((chart / "values.schema.json").read_text(encoding="utf-8"))
    del schema["properties"]["settings"]

    for values in (everywhere(schema, wrong), dict.fromkeys(schema["properties"], wrong)):
        file = values_file(tmp_path, values)
        run = run_helm(helm4, "template", "shop", str(chart), "--values", file, "--skip-schema-validation")

        found = set(re.findall(r"^([A-Za-z0-9.]+) is .*; expected ", run.stderr, re.MULTILINE))
        assert wrong_kinds(schema, values) == found


@pytest.mark.parametrize("value", ["'{{", "yes", "a: b\nc: d", "%d", "*x"])
def test_a_text_is_printed_as_a_text_where_the_schema_is_skipped(
    helm4: str, chart: Path, tmp_path: Path, value: str
) -> None:
    file = values_file(
        tmp_path,
        {
            "image": {"pullPolicy": value},
            "service": {"type": value},
            "podDisruptionBudget": {"enabled": True, "unhealthyPodEvictionPolicy": value},
            "ingress": {"enabled": True, "hosts": [{"host": "a.example", "paths": [{"path": "/", "pathType": value}]}]},
        },
    )
    run = run_helm(helm4, "template", "shop", str(chart), "--values", file, "--skip-schema-validation")

    assert run.returncode == 0, run.stderr
    objects = {each["kind"]: each["spec"] for each in yaml.safe_load_all(run.stdout) if each and "spec" in each}
    assert [value] * 4 == [
        objects["Deployment"]["template"]["spec"]["containers"][0]["imagePullPolicy"],
        objects["Service"]["type"],
        objects["PodDisruptionBudget"]["unhealthyPodEvictionPolicy"],
        objects["Ingress"]["rules"][0]["http"]["paths"][0]["pathType"],
    ]


def test_notes_name_what_was_installed_and_warn(helm4: str, chart: Path) -> None:
    run = run_helm(
        helm4,
        "install",
        "shop",
        str(chart),
        "--dry-run=client",
        "--namespace",
        "20890-shop-dev",
        "--set",
        "settings.timeoutMs=86400000",
    )

    _, _, notes = run.stdout.partition("NOTES:\n")
    assert "kubectl get configmap/shop-config --namespace 20890-shop-dev --output yaml\n" in notes
    assert "kubectl rollout restart deployment/shop --namespace 20890-shop-dev\n" in notes
    assert "timeoutMs is more than twice maxPollAttempts * pollIntervalMs" in notes


def test_notes_tell_the_pages_address_for_every_way_in(helm4: str, chart: Path) -> None:
    ways = {
        "service.type=ClusterIP": "kubectl port-forward service/shop-service 8080:80 ",
        "service.type=NodePort": "kubectl get service/shop-service ",
        "service.type=LoadBalancer": "kubectl get service/shop-service ",
        "ingress.enabled=true": "  http://frontend.example.com/\n",
        "ingress.enabled=true,ingress.hosts=null": "  http://(any host name)/\n",
        "ingress.enabled=true,ingress.tls[0].secretName=x": "  https://frontend.example.com/\n",
        "httpRoute.enabled=true": "  http://frontend.example.com/ ",
        "httpRoute.enabled=true,httpRoute.hostnames=null": "(the gateway's host name)",
    }
    for given, expected in ways.items():
        run = run_helm(helm4, "install", "shop", str(chart), "--dry-run=client", "--set", given)

        _, _, notes = run.stdout.partition("The page:\n")
        assert expected in notes.partition("See the settings:")[0], given


def test_a_route_goes_to_the_service_unless_its_rule_says_otherwise(helm: str, chart: Path, tmp_path: Path) -> None:
    redirect = {"filters": [{"type": "RequestRedirect", "requestRedirect": {"scheme": "https"}}]}
    other = {"backendRefs": [{"name": "other", "port": 81}]}
    values = {"httpRoute": {"enabled": True, "rules": [redirect, other, {"timeouts": {"request": "10s"}}]}}

    found = objects(template(helm, chart, "--values", values_file(tmp_path, values)))

    assert found["HTTPRoute/shop-shop-frontend"]["spec"]["rules"] == [
        redirect,
        other,
        {"timeouts": {"request": "10s"}, "backendRefs": [{"name": "shop-service", "port": 80}]},
    ]


def parent(folder: Path, chart: Path) -> Path:
    """A chart with the chart as a subchart twice: by its name under a condition, and by an alias."""
    subchart = "shop-frontend"
    dependencies = [
        {"name": subchart, "version": "1.2.3+build.4", "condition": f"{subchart}.enabled"},
        {"name": subchart, "version": "1.2.3+build.4", "alias": "admin", "condition": "admin.enabled"},
    ]
    (folder / "charts").mkdir(parents=True)
    (folder / "charts" / subchart).symlink_to(chart, target_is_directory=True)
    about = {"apiVersion": "v2", "name": "parent", "version": "0.1.0", "dependencies": dependencies}
    (folder / "Chart.yaml").write_text(yaml.safe_dump(about), encoding="utf-8")
    values = {
        "global": {"region": "eu"},
        "admin": {"enabled": False, "names": {"configMap": "", "deployment": "", "service": ""}},
    }
    (folder / "values.yaml").write_text(yaml.safe_dump(values), encoding="utf-8")
    return folder


def test_as_a_subchart_it_is_named_aliased_and_switched_off(
    helm: str, chart: Path, tmp_path: Path, conform: Conform
) -> None:
    whole = parent(tmp_path / "parent", chart)

    one = objects(template(helm, whole))
    both = template(helm, whole, "--set", "admin.enabled=true,admin.settings.timeoutMs=700000")
    none = template(helm, whole, "--set", "shop-frontend.enabled=false")

    two = objects(both)
    assert one["ConfigMap/shop-config"]["data"]["JOB_TIMEOUT_MS"] == "600000"
    assert two["ConfigMap/shop-admin-settings"]["data"]["JOB_TIMEOUT_MS"] == "700000"
    assert two["Deployment/shop"]["spec"]["selector"] != two["Deployment/shop-admin"]["spec"]["selector"]
    assert not objects(none)
    conform(both)


def test_as_a_subchart_it_refuses_alike(helm: str, chart: Path, tmp_path: Path) -> None:
    whole = parent(tmp_path / "parent", chart)

    for key in ("shop-frontend", "admin"):
        given = ["--set", f"{key}.enabled=true,{key}.settings.pollIntervalMs=10000"]
        for more in ([], ["--skip-schema-validation"]):
            run = run_helm(helm, "template", "shop", str(whole), *given, *more)

            assert run.returncode != 0
            assert "timeoutMs is smaller than maxPollAttempts * pollIntervalMs" in run.stderr
        switched_off = run_helm(helm, "template", "shop", str(whole), *given, "--set", f"{key}.enabled=false")
        assert switched_off.returncode == 0


def test_helm_refuses_what_the_values_schema_forbids(helm: str, chart: Path) -> None:
    for given in (
        "settings.timeoutMs=abc",
        "settings.timeoutMs=999",
        "settings.other=1",
        "replicas=2",
        "image.tag=20240101",
        "image.pullPolicy=never",
        "service.port=0",
        "extraData.number=1",
    ):
        run = run_helm(helm, "template", "shop", str(chart), "--set", given)

        assert "values don't meet the specifications of the schema" in run.stderr, given


def test_files_of_the_folder_files_are_mounted(helm: str, tmp_path: Path, conform: Conform) -> None:
    chart = write_chart(tmp_path / "chart")
    (chart / "files").mkdir(exist_ok=True)
    (chart / "files" / "start.py").write_text("print('{{ not a template }}')\n", encoding="utf-8")

    manifests = template(helm, chart)

    found = objects(manifests)
    (page,) = found["Deployment/shop"]["spec"]["template"]["spec"]["containers"]
    assert found["ConfigMap/shop-config-files"]["data"] == {"start.py": "print('{{ not a template }}')\n"}
    assert {"name": "chartgen-files", "mountPath": "/opt/chartgen", "readOnly": True} in page["volumeMounts"]
    conform(manifests)


def test_a_packaged_chart_is_the_chart_without_the_lock(helm: str, chart: Path, tmp_path: Path) -> None:
    run = run_helm(helm, "package", str(chart), "--destination", str(tmp_path))
    (package,) = tmp_path.glob("*.tgz")

    assert run.returncode == 0, run.stderr
    assert template(helm, package) == template(helm, chart)
    assert (
        ".chartgen.lock"
        not in subprocess.run(["tar", "-tzf", str(package)], capture_output=True, encoding="utf-8", check=True).stdout
    )


def test_the_values_schema_is_the_one_that_helm_reads(chart: Path) -> None:
    """With what the project says as the defaults: the next render tells by them what its user changed."""
    expected = values_schema(load_settings(str(ASYNC_JOB)))
    expected["properties"] = cast("Any", with_defaults(expected, project()))

    assert expected == json.loads((chart / "values.schema.json").read_text(encoding="utf-8"))


ODD = [
    "",
    " ",
    "a: b # c",
    "{{ .Values }}",
    "<%= x %>",
    "\\Q\\E",
    "'\"`",
    "é 😀 \u2028\x85\x7f",
    "1e6",
    "null",
    "on\n",
    "\t$x",
]


def test_any_text_is_a_setting_and_an_extra_key_as_it_is(helm: str, tmp_path: Path) -> None:
    """From the schema's default through values.yaml, and from a values file."""
    schema = tmp_path / "settings.json"
    defaults = {f"t{number}": text for number, text in enumerate(ODD)}
    settings = {key: {"type": "string", "default": text, "x-env": key.upper()} for key, text in defaults.items()}
    schema.write_text(json.dumps({"type": "object", "properties": settings}), encoding="utf-8")
    chart = write_chart(tmp_path / "chart", schema)

    given = values_file(tmp_path, {"extraData": defaults})
    data = objects(template(helm, chart, "--values", given))["ConfigMap/shop-config"]["data"]
    (chart / "values.yaml").write_text("image: {repository: a}\nnames: {configMap: shop-config}\n", encoding="utf-8")
    bare = objects(template(helm, chart))["ConfigMap/shop-config"]["data"]

    upper = {key.upper(): text for key, text in defaults.items()}
    assert data == upper | defaults
    assert bare == upper


def test_names_that_yaml_takes_for_booleans_stay_names(helm: str, tmp_path: Path, conform: Conform) -> None:
    """`NO`, `on` and `y` are booleans to Helm's YAML, as keys too; a namespace may be a number."""
    schema = tmp_path / "settings.json"
    settings = {key: {"type": "boolean", "default": True, "x-env": env} for key, env in {"y": "NO", "on": "Y"}.items()}
    schema.write_text(json.dumps({"type": "object", "properties": settings}), encoding="utf-8")
    chart = write_chart(tmp_path / "chart", schema, project("1e3"))

    manifests = template(helm, chart, release="123", namespace="1e6")

    assert objects(manifests)["ConfigMap/shop-config"]["data"] == {"NO": "true", "Y": "true"}
    conform(manifests)
