"""The admission policies of the settings with their bindings, byte for byte as the chart's template makes them."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from chartgen.enforce.policy import ACTIONS, FILES, LONGEST_NAME, policy_specs
from chartgen.manifests.config_map import config_map_name
from chartgen.manifests.go_text import quoted, to_yaml
from chartgen.manifests.labels import Values, labels
from chartgen.manifests.release import Release
from chartgen.project_model import Chart
from chartgen.settings.model import Settings


def policies(
    settings: Settings, chart: Chart, values: Values, release: Release, *, plain: bool = True
) -> Iterator[str]:
    """The texts of the policies and their bindings; `values` are a chart's effective values that the judge accepts.

    With `plain` their labels do not claim that Helm manages them; without, they are what the written chart makes.

    Raises:
        RefusedStop: what only Helm's guard or Kubernetes refuses.
    """
    config_map = config_map_name(chart, values, release)
    given = labels(chart, values, release, plain=plain)
    for severity, spec in policy_specs(settings):
        name = policy_name(release.namespace, config_map, FILES[severity])
        head = list(_head(name, given))
        yield _policy(head, spec, release.namespace, config_map)
        yield _binding(head, ACTIONS[severity], name)


def policy_name(namespace: str, config_map: str, kind: str) -> str:
    """The name of a policy and of its binding, which no other ConfigMap of the cluster has; no namespace has a dot."""
    name = f"{namespace}.{config_map}.{kind}"
    if len(name) <= LONGEST_NAME:
        return name
    return f"{namespace}.{sha256(config_map.encode()).hexdigest()}.{kind}"


def _head(name: str, given: dict[str, str]) -> Iterator[str]:
    yield "metadata:"
    yield f"  name: {quoted(name)}"
    yield "  labels:"
    yield from (f"    {line}" for line in to_yaml(given))


def _policy(head: list[str], spec: str, namespace: str, config_map: str) -> str:
    lines = [
        "apiVersion: admissionregistration.k8s.io/v1",
        "kind: ValidatingAdmissionPolicy",
        *head,
        "spec:",
        "  failurePolicy: Fail",
        "  matchConstraints:",
        "    namespaceSelector:",
        "      matchLabels:",
        f"        kubernetes.io/metadata.name: {quoted(namespace)}",
        "    resourceRules:",
        '      - apiGroups: [""]',
        '        apiVersions: ["v1"]',
        '        operations: ["CREATE", "UPDATE"]',
        '        resources: ["configmaps"]',
        f"        resourceNames: [{quoted(config_map)}]",
        *(f"  {line}" for line in spec.splitlines()),
    ]
    return "\n".join(lines) + "\n"


def _binding(head: list[str], actions: tuple[str, ...], policy: str) -> str:
    lines = [
        "apiVersion: admissionregistration.k8s.io/v1",
        "kind: ValidatingAdmissionPolicyBinding",
        *head,
        "spec:",
        f"  policyName: {quoted(policy)}",
        f"  validationActions: [{', '.join(map(quoted, actions))}]",
    ]
    return "\n".join(lines) + "\n"
