"""Live objects as frozen records: what chartgen needs to know of a ConfigMap and of a Deployment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chartgen.cluster.api import Api, formed
from chartgen.cluster.failures import ClusterStop, Request, no_namespace
from chartgen.cluster.writers import Writer, writers_of
from chartgen.finding import Stop
from chartgen.records import dataclass

MAPS, DEPLOYMENTS = "configmaps", "deployments"


@dataclass(frozen=True)
class Place:
    """Where an object of a kind is: the resource, its namespace, its name."""

    resource: str
    namespace: str
    name: str

    @property
    def path(self) -> str:
        """Its path at the API server."""
        group = "/apis/apps/v1" if self.resource == DEPLOYMENTS else "/api/v1"
        return f"{group}/namespaces/{self.namespace}/{self.resource}/{self.name}"

    def request(self, verb: str) -> Request:
        """The request for it, in the words of rights."""
        return Request(verb, self.resource, self.name, self.namespace)


@dataclass(frozen=True)
class LiveMap:
    """A ConfigMap as the API server has it; `version` changes with each change of it. `managers` made its fields.

    One that is not there yet has no version. `writers` wrote its data; `touched` is the last time at which any field is known to have been.
    """

    namespace: str
    name: str
    version: str
    data: Mapping[str, str]
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    managers: frozenset[str] = frozenset()
    is_immutable: bool = False
    created: str = ""
    touched: str = ""
    writers: tuple[Writer, ...] = ()

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(MAPS, self.namespace, self.name)

    @property
    def is_there(self) -> bool:
        """Whether the API server has it."""
        return bool(self.version)


@dataclass(frozen=True)
class LiveDeployment:
    """A Deployment and how far its pods are. `failure` says why the controller gave up on them, if it did."""

    namespace: str
    name: str
    version: str
    template_annotations: Mapping[str, str]
    replicas: int
    updated: int
    available: int
    pods: int
    is_observed: bool
    is_paused: bool
    failure: str = ""

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(DEPLOYMENTS, self.namespace, self.name)

    @property
    def is_rolled_out(self) -> bool:
        """Whether all pods are of the newest template, and there are no others."""
        return self.is_observed and self.updated == self.replicas == self.available == self.pods

    @property
    def sum(self) -> str:
        """The chart's sum of the ConfigMap in the pods' template; empty where the chart does not have one."""
        return self.template_annotations.get("checksum/config", "")

    def is_renewed_by(self, manager: str) -> bool:
        """Whether all pods are of the template that this manager made last, which has a sum of the ConfigMap, so that none is older."""
        return manager == "helm" and bool(self.sum) and self.is_rolled_out

    @property
    def progress(self) -> str:
        """`1 of 2 pods are new, 2 are available`."""
        updated = self.updated if self.is_observed else 0
        return f"{updated} of {self.replicas} pods are new, {self.available} available, {self.pods - updated} old"


def read_map(api: Api, namespace: str, name: str) -> LiveMap:
    """The ConfigMap of a name.

    Raises:
        Stop: it is not there, or the cluster fails.
    """
    place = Place(MAPS, namespace, name)
    return formed(api.server, map_of, _read(api, place))


def find_map(api: Api, namespace: str, name: str) -> LiveMap | None:
    """The ConfigMap of a name; None where its namespace is there without it.

    Raises:
        Stop: the namespace is not there, or the cluster fails.
    """
    place = Place(MAPS, namespace, name)
    try:
        return formed(api.server, map_of, api.get(place.path, place.request("get")))
    except ClusterStop as stop:
        if stop.status != 404:
            raise
    if not _has_namespace(api, namespace):
        raise no_namespace(api.server, namespace)
    return None


def read_deployment(api: Api, namespace: str, name: str) -> LiveDeployment:
    """The Deployment of a name.

    Raises:
        Stop: it is not there, or the cluster fails.
    """
    return formed(api.server, deployment_of, _read(api, Place(DEPLOYMENTS, namespace, name)))


def _read(api: Api, place: Place) -> Mapping[str, Any]:
    try:
        return api.get(place.path, place.request("get"))
    except ClusterStop as stop:
        if stop.status != 404 or _has_namespace(api, place.namespace):
            raise
        raise no_namespace(api.server, place.namespace) from None


def _has_namespace(api: Api, name: str) -> bool:
    """Whether it is there; who may not know is told of the object alone."""
    try:
        api.get(f"/api/v1/namespaces/{name}", Request("get", "namespaces", name))
    except ClusterStop as stop:
        return stop.status != 404
    except Stop:
        return True
    return True


def map_of(found: Mapping[str, Any]) -> LiveMap:
    """The record of a ConfigMap in JSON."""
    metadata = found["metadata"]
    return LiveMap(
        namespace=metadata["namespace"],
        name=metadata["name"],
        version=metadata["resourceVersion"],
        data=_texts(found, "data"),
        labels=_texts(metadata, "labels"),
        annotations=_texts(metadata, "annotations"),
        managers=frozenset(each.get("manager", "") for each in metadata.get("managedFields") or []),
        is_immutable=found.get("immutable") is True,
        created=metadata.get("creationTimestamp", ""),
        touched=max((each.get("time", "") for each in metadata.get("managedFields") or []), default=""),
        writers=tuple(writers_of(metadata)),
    )


def _texts(found: Mapping[str, Any], field: str) -> dict[str, str]:
    texts = found.get(field) or {}
    if not all(isinstance(text, str) for text in texts.values()):
        message = f"not all are texts in {field}"
        raise TypeError(message)
    return dict(texts)


def deployment_of(found: Mapping[str, Any]) -> LiveDeployment:
    """The record of a Deployment in JSON."""
    metadata, spec, status = found["metadata"], found["spec"], found.get("status") or {}
    return LiveDeployment(
        namespace=metadata["namespace"],
        name=metadata["name"],
        version=metadata["resourceVersion"],
        template_annotations=spec["template"]["metadata"].get("annotations") or {},
        replicas=spec.get("replicas", 1),
        updated=status.get("updatedReplicas", 0),
        available=status.get("availableReplicas", 0),
        pods=status.get("replicas", 0),
        is_observed=status.get("observedGeneration", 0) >= metadata["generation"],
        is_paused=spec.get("paused") is True,
        failure=_failure(status),
    )


def _failure(status: Mapping[str, Any]) -> str:
    for condition in status.get("conditions") or []:
        if condition["type"] == "Progressing" and condition.get("reason") == "ProgressDeadlineExceeded":
            return str(condition.get("message", "")) or "the progress deadline is exceeded"
    return ""
