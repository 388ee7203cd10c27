"""Everything that is known and tried before a ConfigMap is changed: who owns it, the verdict, the server's own word."""

from __future__ import annotations

from collections.abc import Mapping

from chartgen.cluster.api import Api
from chartgen.cluster.change import Record, differing, patch_of
from chartgen.cluster.connection import Connection
from chartgen.cluster.creation import rehearse_creation
from chartgen.cluster.failures import ClusterStop
from chartgen.cluster.judging import map_findings
from chartgen.cluster.live import LiveDeployment, LiveMap, find_map, read_deployment, read_map
from chartgen.cluster.owner import Owner, owner_of
from chartgen.cluster.readers import other_kind, other_readers
from chartgen.cluster.rollout import restart
from chartgen.cluster.target import Target
from chartgen.cluster.wanted import Wanted
from chartgen.finding import Finding, InvalidStop, RefusedStop, is_error
from chartgen.records import dataclass, replace
from chartgen.settings.model import DIGEST_ANNOTATION


@dataclass(frozen=True)
class Prepared:
    """A change that can be made: the ConfigMap as it is, whose it is, the texts that are wanted, and what is said of them.

    `changes` are those that the ConfigMap does not hold yet. `deployment` is what is restarted then, if anything;
    with `is_alone` there is none yet. `others` are Deployments that read the ConfigMap, too, by name: whose they are is not
    known, and nobody would see how they fare, so that they are not restarted.
    """

    connection: Connection
    target: Target
    live: LiveMap
    owner: Owner | None
    texts: Mapping[str, str]
    changes: Mapping[str, str | None]
    findings: tuple[Finding, ...]
    deployment: LiveDeployment | None = None
    is_alone: bool = False
    others: tuple[str, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether the result would have errors."""
        return any(map(is_error, self.findings))

    @property
    def is_written(self) -> bool:
        """Whether the ConfigMap is to be written: it is not there, or says otherwise."""
        return bool(self.changes) or not self.live.is_there

    @property
    def is_of_another_schema(self) -> bool:
        """Whether the ConfigMap says that it was made by another version of the settings schema."""
        return self.live.annotations.get(DIGEST_ANNOTATION, "") not in {"", self.target.settings.verdict_digest}

    def judge_again(self, live: LiveMap) -> None:
        """The verdict on the texts over a ConfigMap that somebody else changed.

        Raises:
            InvalidStop: the result would have errors.
        """
        findings = map_findings(self.target.settings, live, self.texts)
        if any(map(is_error, findings)):
            message = "somebody changed the ConfigMap in the meantime, so that this no longer fits: nothing was changed"
            raise InvalidStop(message, findings, exit_code=1)


def prepare(connection: Connection, target: Target, wanted: Wanted, *, restarts: bool) -> Prepared:
    """What there is to know before the change; nothing is changed.

    Raises:
        RefusedStop: the ConfigMap can never change.
        Stop: the cluster refuses or fails.
    """
    api, texts = connection.api, wanted.texts
    namespace = wanted.namespace or target.namespace or connection.namespace or "default"
    live = _live(api, namespace, target, wanted)
    if live.is_immutable and live.is_there:
        message = f"ConfigMap {live.name} is immutable: no setting can be changed in it"
        raise RefusedStop(message, "delete it, and make it anew without 'immutable: true'")
    # Of one that is not there yet, all was said where its file was judged.
    findings = map_findings(target.settings, live, texts) if live.is_there else []
    made = Prepared(connection, target, live, owner_of(live), texts, differing(live, texts), tuple(findings))
    if made.is_refused or not restarts:
        return made
    deployment = _deployment(api, live, target)
    others = other_readers(api, live, target.deployment) if live.is_there else ()
    return replace(made, deployment=deployment, is_alone=deployment is None, others=others)


def _live(api: Api, namespace: str, target: Target, wanted: Wanted) -> LiveMap:
    if wanted.new is None:
        return read_map(api, namespace, target.config_map)
    return find_map(api, namespace, target.config_map) or replace(wanted.new, namespace=namespace)


def _deployment(api: Api, live: LiveMap, target: Target) -> LiveDeployment | None:
    """What is restarted. Before there is a ConfigMap there need not be a Deployment."""
    try:
        return read_deployment(api, live.namespace, target.deployment)
    except ClusterStop as stop:
        if stop.status != 404:
            raise
        if not live.is_there:
            return None
        raise _no_deployment(api, live, target, stop) from stop


def _no_deployment(api: Api, live: LiveMap, target: Target, stop: ClusterStop) -> ClusterStop:
    """Its own word, or another where something else has the name."""
    name, namespace = target.deployment, live.namespace
    kind = other_kind(api, namespace, name)
    if not kind:
        next_step = f"{stop.next_step}; or change the settings alone: --no-restart"
        return ClusterStop(stop.message, next_step, stop.status)
    again = f"kubectl rollout restart {kind.lower()}/{name} --namespace {namespace} --context {api.server.context}"
    message = f"{name} is a {kind}; chartgen starts the pods of Deployments anew alone"
    return ClusterStop(message, f"change the settings alone, --no-restart, then: {again}", stop.status)


def rehearse(made: Prepared, said: Record) -> None:
    """Have the API server do all but write: admission, quotas, rights to change are asked now.

    Raises:
        Stop: it refuses or fails.
    """
    api, live = made.connection.api, made.live
    if not live.is_there:
        rehearse_creation(api, live, made.texts, said)
    elif made.changes:
        body = patch_of(replace(live, version=""), made.changes, said)  # whoever comes in between is met by the change
        api.patch(live.place.path, live.place.request("patch"), body, dry_run=True)
    if made.deployment is not None:
        restart(api, made.deployment, said.when, dry_run=True)
