"""Charts for tests: a settings schema of this repository, rendered and written into a folder, and what Helm makes of it."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from chartgen.chart.files import render_chart
from chartgen.chart.yaml_text import flow
from chartgen.project_model import Chart, Environment, Image, Names, Project
from chartgen.settings.schema import load_settings
from chartgen.write import apply, plan

REPOSITORY = Path(__file__).resolve().parent.parent
ASYNC_JOB = REPOSITORY / "schemas" / "async-job.schema.json"
STOREFRONT = REPOSITORY / "examples" / "storefront" / "settings.schema.yaml"
KUBERNETES = "1.36.0"

# Every optional part, and something in every list and mapping.
EVERYTHING: dict[str, Any] = {
    "commonLabels": {"team": "web"},
    "partOf": "shop",
    "imagePullSecrets": [{"name": "registry-credentials"}],
    "image": {"digest": f"sha256:{'a' * 64}"},
    "command": ["/docker-entrypoint.sh"],
    "args": ["nginx", "-g", "daemon off;"],
    "env": [{"name": "TZ", "value": "Europe/Berlin"}],
    "envFrom": [{"secretRef": {"name": "backend-credentials"}}],
    "extraData": {"app.conf": "a: b\nc\n", "on": "1e6"},
    "deploymentAnnotations": {"example.com/owner": "web"},
    "podAnnotations": {"prometheus.io/scrape": "true"},
    "podLabels": {"number": "1"},
    "podSecurityContext": {"runAsUser": 1000700000},
    "volumes": [{"name": "certificates", "secret": {"secretName": "frontend-tls"}}],
    "volumeMounts": [{"name": "certificates", "mountPath": "/etc/tls", "readOnly": True}],
    "emptyDirs": {"cache": {"mountPath": "/var/cache", "medium": "Memory"}},
    "initContainers": [{"name": "first", "image": "busybox:1.37"}],
    "sidecars": [{"name": "beside", "image": "busybox:1.37"}],
    "priorityClassName": "high",
    "nodeSelector": {"kubernetes.io/arch": "amd64"},
    "tolerations": [{"operator": "Exists"}],
    "affinity": {"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution": []}},
    "serviceAccount": {"annotations": {"example.com/role": "none"}, "automount": True, "name": "other"},
    "service": {"type": "NodePort", "nodePort": 30080, "annotations": {"a": "b"}, "labels": {"c": "d"}},
    "ingress": {
        "enabled": True,
        "className": "nginx",
        "annotations": {"a": "b"},
        "tls": [{"secretName": "frontend-tls", "hosts": ["frontend.example.com"]}],
    },
    "httpRoute": {"enabled": True, "annotations": {"a": "b"}},
    "autoscaling": {
        "enabled": True,
        "targetMemoryUtilizationPercentage": 70,
        "metrics": [{"type": "Pods", "pods": {"metric": {"name": "m"}, "target": {"type": "Value", "value": "1"}}}],
        "behavior": {"scaleDown": {"stabilizationWindowSeconds": 300}},
        "annotations": {"a": "b"},
    },
    "podDisruptionBudget": {"enabled": True, "minAvailable": "50%"},
    "operatorRole": {
        "enabled": True,
        "subjects": [{"kind": "Group", "name": "operators"}, {"kind": "ServiceAccount", "name": "deployer"}],
    },
    "networkPolicy": {
        "enabled": True,
        "ingressFrom": [{"podSelector": {}}],
        "extraIngress": [{"ports": [{"port": 9000, "protocol": "TCP"}]}],
        "restrictEgress": True,
        "extraEgress": [{"to": [{"podSelector": {}}]}],
    },
}


def project(name: str = "shop-frontend", **changes: Any) -> Project:
    """A project with a namespace of the reference app's form; `changes` are fields of `Project`."""
    fields: dict[str, Any] = {
        "root": ".",
        "settings": "settings.json",
        "chart": Chart(name, "1.2.3+build.4", "2.0", f"charts/{name}"),
        "names": Names("shop-config", "shop", "page", "shop-service"),
        "image": Image("registry.example.com/shop/frontend", "1.10"),
        "environments": {"dev": Environment(namespace="20890-shop-dev", release="shop")},
    }
    return Project(**(fields | changes))


def write_chart(folder: Path, schema: Path = ASYNC_JOB, of: Project | None = None) -> Path:
    """Render a chart into a folder; the folder."""
    apply(plan(folder, render_chart(load_settings(str(schema)), of or project())))
    return folder


def run_helm(helm: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What Helm says; `--kube-version` is given where Helm 3 needs it."""
    version = ["--kube-version", KUBERNETES] if arguments[0] in {"template", "lint"} else []
    return subprocess.run([helm, *arguments, *version], capture_output=True, encoding="utf-8", check=False)


def template(helm: str, chart: Path, *arguments: str, release: str = "shop", namespace: str = "20890-shop-dev") -> str:
    """The manifests of a chart that Helm accepts."""
    run = run_helm(helm, "template", release, str(chart), "--namespace", namespace, *arguments)
    assert run.returncode == 0, run.stderr
    return run.stdout


def objects(manifests: str) -> dict[str, dict[str, Any]]:
    """The objects of the manifests by `Kind/name`; two of one name fail."""
    found = [document for document in yaml.safe_load_all(manifests) if document]
    by_name = {f"{document['kind']}/{document['metadata']['name']}": document for document in found}
    assert len(found) == len(by_name)
    return by_name


def values_file(folder: Path, values: Mapping[str, Any], name: str = "given.yaml") -> str:
    """The path of a values file with the values."""
    path = folder / name
    # Not by PyYAML, which leaves the text 1e6 without quotes.
    path.write_text("".join(f"{key}: {flow(value)}\n" for key, value in values.items()), encoding="utf-8")
    return str(path)
