"""The release of Helm's that objects say they are of, and its revision, which Helm keeps in the labels of Secrets."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from chartgen.cluster.api import Api
from chartgen.cluster.failures import Request
from chartgen.cluster.permissions import may
from chartgen.cluster.rights import SECRETS, Right
from chartgen.cluster.seen import Unseen, look
from chartgen.records import dataclass

RELEASE_NAME, RELEASE_NAMESPACE = "meta.helm.sh/release-name", "meta.helm.sh/release-namespace"
_CHART = "helm.sh/chart"


@dataclass(frozen=True)
class Revision:
    """The newest revision of a release, how it ended, and which one is deployed; 0 where none is."""

    number: int
    status: str
    deployed: int = 0


@dataclass(frozen=True)
class HelmRelease:
    """A release, the chart that its object names, and its revision, or why that was not seen."""

    name: str
    namespace: str
    chart: str
    revision: Revision | Unseen


def read_release(
    api: Api, namespace: str, annotations: Mapping[str, str], labels: Mapping[str, str]
) -> HelmRelease | None:
    """The release that an object in a namespace is of; None where it is of none.

    Raises:
        ClusterStop: the server cannot be asked at all.
    """
    name = annotations.get(RELEASE_NAME, "")
    if not name:
        return None
    namespace = annotations.get(RELEASE_NAMESPACE, namespace)
    return HelmRelease(name, namespace, labels.get(_CHART, ""), _revision(api, name, namespace))


def _revision(api: Api, name: str, namespace: str) -> Revision | Unseen:
    """Who may not list Secrets is not made to try: in an audit log that looks like an attack."""
    if not may(api, Right("", SECRETS, ("list",), is_named=False), "list", namespace, ""):
        return Unseen(f"you may not list {SECRETS} in namespace {namespace}")
    return look(lambda: _read(api, name, namespace))


def _read(api: Api, name: str, namespace: str) -> Revision | Unseen:
    """By the labels alone: without its metadata, a Secret of Helm's is all of the release's values."""
    path = f"/api/v1/namespaces/{namespace}/{SECRETS}?labelSelector={quote(f'owner=helm,name={name}')}"
    found = api.list_metadata(path, Request("list", SECRETS, "", namespace))
    labels = [each["metadata"].get("labels") or {} for each in found]
    statuses = {int(each["version"]): each.get("status", "") for each in labels if each.get("version", "").isdecimal()}
    if not statuses:
        return Unseen(f"no Secret of namespace {namespace} has it", is_refused=False)
    newest = max(statuses)
    deployed = max((number for number, status in statuses.items() if status == "deployed"), default=0)
    return Revision(newest, statuses[newest], deployed)
