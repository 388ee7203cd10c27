"""A settings schema's admission policies in a control plane, and what the API server says of ConfigMaps under them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from chartgen.documents.nodes import Plain
from chartgen.enforce.policy_findings import BETWEEN
from chartgen.manifests.policies import policies
from chartgen.manifests.release import Release
from chartgen.project_model import Chart
from chartgen.settings.model import DIGEST_ANNOTATION, Settings
from tests.cluster.api import MERGE, Api, Reply
from tests.cluster.release import Release as Installed
from tests.cluster.waiting import wait_for

CHART = Chart(name="x", version="1.0.0", app_version="1", output="x")
GROUP = "/apis/admissionregistration.k8s.io/v1"
RESOURCES = {
    "ValidatingAdmissionPolicy": f"{GROUP}/validatingadmissionpolicies",
    "ValidatingAdmissionPolicyBinding": f"{GROUP}/validatingadmissionpolicybindings",
}
TOLD = " denied request: "
WARNED = "': "


@dataclass(frozen=True)
class Guarded:
    """A ConfigMap of this name in a namespace, which the policies of a settings schema guard."""

    api: Api
    namespace: str
    name: str
    settings: Settings = field(repr=False)

    @property
    def path(self) -> str:
        """Where its namespace has ConfigMaps."""
        return f"/api/v1/namespaces/{self.namespace}/configmaps"

    def objects(self) -> list[dict[str, Any]]:
        """The policies and their bindings."""
        values: dict[str, Plain] = {"names": {"configMap": self.name}}
        return [yaml.safe_load(text) for text in policies(self.settings, CHART, values, Release("x", self.namespace))]

    def guard(self) -> None:
        """Create them."""
        for each in self.objects():
            reply = self.api.call("POST", RESOURCES[each["kind"]], each)
            assert reply.status == 201, reply.message

    def wait(self) -> None:
        """Wait until the API server heeds them: it looks for new ones once a second."""
        first = self.settings.settings[0].env
        probe = self.object({}) | {"binaryData": {first: ""}}
        wait_for("the policy is in force", lambda: self.api.call("POST", self.dry("POST"), probe).status == 422)
        foreign = self.object({}, annotations={DIGEST_ANNOTATION: "another"})
        wait_for("the policy of warnings is", lambda: self.api.call("POST", self.dry("POST"), foreign).warnings)

    def dry(self, method: str, query: str = "") -> str:
        """The path of a request that the API server judges and does not carry out."""
        return f"{self.path}{'' if method == 'POST' else f'/{self.name}'}?dryRun=All{query}"

    def object(self, data: dict[str, str], **metadata: Any) -> dict[str, Any]:
        """The ConfigMap with these data."""
        return {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": self.name, **metadata},
            "data": data,
        }

    def judge(self, data: dict[str, str]) -> Reply:
        """What creating it with these data would bring."""
        return self.api.call("POST", self.dry("POST"), self.object(data))


def guard_all(guarded: Iterable[Guarded]) -> None:
    """Create the policies of all, and wait for those that come last."""
    last = None
    for last in guarded:
        last.guard()
    if last is not None:
        last.wait()


def message(reply: Reply) -> str:
    """The message of the policy that refused; empty where none did."""
    if reply.status in {200, 201}:
        return ""
    assert reply.status == 422, reply
    assert TOLD in reply.message, reply
    return reply.message.split(TOLD, 1)[1]


def errors(reply: Reply) -> list[str]:
    """The findings of a refusal."""
    said = message(reply)
    return said.split(BETWEEN) if said else []


def warnings(reply: Reply) -> list[str]:
    """The findings that were warnings."""
    return [line for text in reply.warnings for line in text.split(WARNED, 1)[1].split(BETWEEN)]


def path(release: Installed, name: str = "") -> str:
    return f"/api/v1/namespaces/{release.namespace}/configmaps/{name}".rstrip("/")


def patched(release: Installed, *data: tuple[str, str], name: str = "") -> str:
    """Why a patch of the ConfigMap is refused; empty where it is accepted. It is not carried out."""
    where = f"{path(release, name or release.config_map)}?dryRun=All"
    reply = release.plane.api.call("PATCH", where, {"data": dict(data)}, MERGE)
    return "" if reply.status == 200 else reply.message


def in_force(release: Installed, env: str = "JOB_TIMEOUT_MS") -> None:
    """Wait until the API server heeds the release's policies."""
    wait_for("the policies are in force", lambda: "is not read as" in patched(release, (env, "?")))
