"""New pods for new settings: a Deployment is restarted by an annotation, followed, and sent back to its old pods."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from chartgen.cluster.api import Api, formed
from chartgen.cluster.failures import ClusterStop, Request
from chartgen.cluster.live import LiveDeployment, deployment_of, read_deployment
from chartgen.finding import Stop
from chartgen.records import dataclass

RESTARTED_AT = "kubectl.kubernetes.io/restartedAt"
"""The annotation of the pods' template that `kubectl rollout restart` writes; Helm leaves it alone."""

_PERIOD = 0.5
_TRIES = 20


@dataclass(frozen=True)
class Progress:
    """How far a rollout is; `failure` says why it does not go on."""

    words: str
    is_done: bool = False
    failure: str = ""


def restart(api: Api, deployment: LiveDeployment, when: str, *, dry_run: bool = False) -> LiveDeployment:
    """Have the pods of a Deployment started anew.

    Raises:
        Stop: the cluster refuses or fails.
    """
    return _annotated(api, deployment, when, {}, dry_run=dry_run)


def restore(api: Api, before: LiveDeployment, when: str) -> bool:
    """Send a Deployment back to the pods that it had before a restart, unless somebody restarted it since.

    With the old annotation the template is that of the old pods: those that are there still stay.

    Raises:
        Stop: the cluster refuses or fails.
    """
    for attempt in range(1, _TRIES + 1):
        live = read_deployment(api, before.namespace, before.name)
        if live.template_annotations.get(RESTARTED_AT) != when:
            return False
        try:
            _annotated(api, live, before.template_annotations.get(RESTARTED_AT), {"resourceVersion": live.version})
        except ClusterStop as stop:
            if stop.status != 409 or attempt == _TRIES:
                raise
        else:
            break
    return True


def follow(api: Api, deployment: LiveDeployment, seconds: float) -> Iterator[Progress]:
    """How far the rollout is, from time to time; the last one is done, or failed.

    A server that is away for a while is asked again.
    """
    end = time.monotonic() + seconds
    while True:
        last, away = time.monotonic() > end, ""
        try:
            live = read_deployment(api, deployment.namespace, deployment.name)
        except ClusterStop as stop:
            if stop.status in {401, 403, 404}:
                raise
            away = stop.message
            yield Progress(away, failure=f"{away}; the rollout cannot be seen" if last else "")
        else:
            progress = _progress(live, f"not done within {seconds:g} s" if last else "")
            yield progress
            if progress.is_done or progress.failure:
                return
        if last:
            return
        time.sleep(_PERIOD)


def waiting_pods(api: Api, namespace: str, template: str) -> str:
    """Why pods wait, as far as the caller may know: `ImagePullBackOff`; empty where nothing is known.

    `template` is what their Deployment was restarted with.
    """
    try:
        found = api.get(f"/api/v1/namespaces/{namespace}/pods", Request("list", "pods", "", namespace))
    except Stop:
        return ""
    reasons = [
        reason
        for pod in found.get("items") or []
        if (pod["metadata"].get("annotations") or {}).get(RESTARTED_AT) == template
        for reason in _reasons(pod)
    ]
    return ", ".join(dict.fromkeys(reasons))


def _annotated(
    api: Api, deployment: LiveDeployment, when: str | None, metadata: dict[str, str], *, dry_run: bool = False
) -> LiveDeployment:
    template = {"metadata": {"annotations": {RESTARTED_AT: when}}}
    body = {"metadata": metadata, "spec": {"template": template}}
    place = deployment.place
    found = api.patch(place.path, place.request("patch"), body, dry_run=dry_run)
    return formed(api.server, deployment_of, found)


def _progress(live: LiveDeployment, late: str) -> Progress:
    if live.is_rolled_out:
        return Progress(live.progress, is_done=True)
    # What the controller says until it has seen the new template is of the one before.
    failure = "the Deployment is paused" if live.is_paused else live.failure if live.is_observed else ""
    return Progress(live.progress, failure=failure or (f"{late}: {live.progress}" if late else ""))


def _reasons(pod: dict[str, Any]) -> Iterator[str]:
    for status in pod["status"].get("containerStatuses") or []:
        state = status.get("state") or {}
        for kind in ("waiting", "terminated"):
            if reason := (state.get(kind) or {}).get("reason"):
                yield str(reason)
