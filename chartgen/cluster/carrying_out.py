"""A prepared change is made: the ConfigMap, then new pods; where these fail, the old values come back."""

from __future__ import annotations

import time
from collections.abc import Callable

from chartgen.cluster.api import Api
from chartgen.cluster.change import Changed, Record, change
from chartgen.cluster.creation import create
from chartgen.cluster.failures import ClusterStop
from chartgen.cluster.live import LiveDeployment
from chartgen.cluster.preparation import Prepared
from chartgen.cluster.rollout import follow, restart, waiting_pods
from chartgen.cluster.undoing import undo
from chartgen.finding import Finding, OutsideStop

_TRIES = 5
_PAUSE = 1.0


class HalfwayStop(OutsideStop):
    """The settings are changed, or were, and what was to follow did not come about.

    `is_put_back`: the old values are there again; `findings` are why they are not.
    """

    def __init__(
        self, message: str, next_step: str, *, is_put_back: bool = False, findings: tuple[Finding, ...] = ()
    ) -> None:
        super().__init__(message, next_step)
        self.is_put_back = is_put_back
        self.findings = findings


def make_change(made: Prepared, said: Record) -> Changed:
    """Change the ConfigMap, or create it.

    Raises:
        Stop: the cluster refuses or fails, with word of what was done.
    """
    api = made.connection.api
    if made.live.is_there:
        return change(api, made.live, made.texts, said, made.judge_again)
    return create(api, made.live, made.texts, said)


def start_new_pods(made: Prepared, said: Record) -> None:
    """Have the pods of the settings that were changed started anew, if any are to be.

    Raises:
        HalfwayStop: the cluster refuses or fails.
    """
    api, deployment = made.connection.api, made.deployment
    if deployment is None:
        return
    try:
        _restarted(api, deployment, said.when)
    except OutsideStop as stop:
        message = f"the settings are changed, but Deployment {deployment.name} is not restarted: {stop.message}"
        again = f"kubectl rollout restart deployment/{deployment.name} --namespace {made.live.namespace}"
        raise HalfwayStop(message, f"restart it: {again} --context {api.server.context}") from stop


def await_rollout(made: Prepared, done: Changed, said: Record, seconds: float, tell: Callable[[str], None]) -> None:
    """Wait until all pods are new; `tell` is told how far they are.

    Raises:
        HalfwayStop: they do not become so; then the old values are back, or it says that they are not.
    """
    failure, api, deployment = "", made.connection.api, made.deployment
    if deployment is None:
        return
    try:
        for progress in follow(api, deployment, seconds):
            failure = progress.failure
            tell(progress.words)
            if progress.is_done:
                return
    except ClusterStop as stop:
        message = f"{stop.message}; the settings are changed, and how the rollout goes on is not known"
        raise HalfwayStop(message, stop.next_step) from stop
    waiting = waiting_pods(api, deployment.namespace, said.when)
    reason = f"{failure}{f' (pods wait: {waiting})' if waiting else ''}"
    failed = f"the rollout of Deployment {deployment.name} failed: {reason}"
    undone = undo(made, deployment, done, said)
    message = f"{failed}; {undone.words}"
    raise HalfwayStop(message, undone.next_step, is_put_back=undone.is_put_back, findings=undone.findings)


def _restarted(api: Api, deployment: LiveDeployment, when: str) -> None:
    """The same restart may be asked for again: it is one by what it says."""
    for attempt in range(1, _TRIES + 1):
        try:
            restart(api, deployment, when)
        except ClusterStop as stop:
            if attempt == _TRIES or not (stop.is_unsure or stop.status in {0, 409}):
                raise
            time.sleep(_PAUSE)
        else:
            return
