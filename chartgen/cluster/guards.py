"""The admission policies of a ConfigMap of settings: whether they are there, of this schema, bound, and in order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chartgen.cluster.api import Api
from chartgen.cluster.failures import ClusterStop, Request
from chartgen.enforce.policy import FILES, policy_specs
from chartgen.manifests.policies import policy_name
from chartgen.records import dataclass
from chartgen.settings.model import Settings

POLICIES, BINDINGS = "validatingadmissionpolicies", "validatingadmissionpolicybindings"
_GROUP = "/apis/admissionregistration.k8s.io/v1"


@dataclass(frozen=True)
class Guard:
    """One policy: its name, what it is of, and `fault`, which is empty where all is well."""

    name: str
    kind: str
    fault: str = ""
    is_there: bool = True


def read_guards(api: Api, settings: Settings, namespace: str, config_map: str) -> tuple[Guard, ...]:
    """The policies that the settings have for a ConfigMap.

    Raises:
        Stop: the cluster refuses or fails.
    """
    kinds = [FILES[severity] for severity, _ in policy_specs(settings)]
    return tuple(_guard(api, settings, policy_name(namespace, config_map, kind), kind) for kind in kinds)


def _guard(api: Api, settings: Settings, name: str, kind: str) -> Guard:
    policy = _read(api, POLICIES, name)
    if policy is None:
        return Guard(name, kind, "not installed", is_there=False)
    if settings.verdict_digest not in json.dumps(policy["spec"]):
        return Guard(name, kind, "of another version of the settings schema")
    status = policy.get("status") or {}
    warnings = (status.get("typeChecking") or {}).get("expressionWarnings") or []
    if warnings:
        return Guard(name, kind, f"its expressions do not fit: {warnings[0].get('warning', '')}".split("\n")[0])
    binding = _read(api, BINDINGS, name)
    if binding is None or binding["spec"].get("policyName") != name:
        return Guard(name, kind, "not bound, so that it is not in force")
    return Guard(name, kind)


def _read(api: Api, resource: str, name: str) -> Mapping[str, Any] | None:
    request = Request("get", f"{resource}.admissionregistration.k8s.io", name)
    try:
        return api.get(f"{_GROUP}/{resource}/{name}", request)
    except ClusterStop as stop:
        if stop.status != 404:
            raise
        return None
