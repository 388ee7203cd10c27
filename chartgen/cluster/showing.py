"""A change before it is made, as lines for people: where, what, and what it does to the load."""

from __future__ import annotations

from collections.abc import Iterator

from chartgen.cluster.judging import values_of
from chartgen.cluster.live import LiveDeployment
from chartgen.cluster.preparation import Prepared
from chartgen.cluster.wanted import name_of
from chartgen.plan import Polling, polling
from chartgen.rule_findings import ROOT


def shown(made: Prepared, users: int, *, always: bool = False) -> Iterator[str]:
    """The lines. `always`: pods are restarted even where nothing changes."""
    live, server = made.live, made.connection.api.server
    owner = f", of {made.owner.words}" if made.owner is not None else ""
    new = "" if live.is_there else ", which is not there yet: it is created"
    where = f"context {server.context} ({server.address}), namespace {live.namespace}"
    yield f"{where}, ConfigMap {live.name}{owner}{new}"
    yield from changed_lines(made)
    yield from load_lines(made, users)
    if made.is_alone:
        yield f"there is no Deployment {made.target.deployment} yet: no pod is started anew"
    if made.deployment is not None and (made.is_written or always):
        yield from _restart_lines(made, made.deployment)


def resume_command(made: Prepared, deployment: LiveDeployment) -> str:
    """What lets a paused Deployment start pods."""
    return f"kubectl rollout resume deployment/{deployment.name} {_where(made)}"


def restarted_line(made: Prepared, deployment: LiveDeployment) -> str:
    """That it was restarted, or what is to be done first."""
    if not deployment.is_paused:
        return f"restarted Deployment {deployment.name}"
    return f"{_paused(deployment)}: {resume_command(made, deployment)}"


def _paused(deployment: LiveDeployment) -> str:
    return f"Deployment {deployment.name} is paused: its pods start anew once it is resumed"


def _restart_lines(made: Prepared, deployment: LiveDeployment) -> Iterator[str]:
    is_restarted = f"Deployment {deployment.name} is restarted: {counted(deployment.replicas)}"
    yield _paused(deployment) if deployment.is_paused else is_restarted
    if made.others:
        is_one = len(made.others) == 1
        who = f"Deployment{'' if is_one else 's'} {', '.join(made.others)}"
        again = " ".join(f"deployment/{name}" for name in made.others)
        read, are = ("reads", "is") if is_one else ("read", "are")
        what = f"{read} ConfigMap {made.live.name}, too, and {are} not restarted"
        yield f"{who} {what}: kubectl rollout restart {again} {_where(made)}"


def _where(made: Prepared) -> str:
    return f"--namespace {made.live.namespace} --context {made.connection.context}"


def changed_lines(made: Prepared) -> Iterator[str]:
    """Each key that changes, old and new."""
    width = max(map(len, made.changes), default=0)
    for key, text in made.changes.items():
        old = _shown(made.live.data[key]) if key in made.live.data else "(not set)"
        yield f"  {key:{width}}  {old} -> {_shown(text)}"


def load_lines(made: Prepared, users: int) -> Iterator[str]:
    """What the change does to the polling, where settings have its roles."""
    found = pollings(made)
    if found is None or found[0] == found[1]:
        return
    before, after = found
    rates = [f"{each.requests_per_second(users):.4g}" for each in (before, after)]
    change = " -> ".join(dict.fromkeys(rates))
    yield f"polling: {change} requests a second for {users} users; {_ends(before, after)}"


def pollings(made: Prepared) -> tuple[Polling, Polling] | None:
    """How pages poll before and after the change; None where no setting says so."""
    settings = made.target.settings
    before = polling(settings, values_of(settings, made.live.data))
    after = polling(settings, values_of(settings, {**made.live.data, **made.texts}))
    return None if before is None or after is None else (before, after)


def drifted(made: Prepared) -> dict[str, str]:
    """What the ConfigMap holds of settings that are not changed here, and that the values say otherwise."""
    live = made.live.data
    return {
        key: live[key]
        for key, text in made.target.texts.items()
        if key not in made.texts and live.get(key, text) != text
    }


def drift_lines(made: Prepared, *, is_kept: bool) -> Iterator[str]:
    """A word on each of them; `is_kept`: the command that is shown keeps it."""
    for key, text in drifted(made).items():
        values = f"{key} is {_shown(text)}, and {_shown(made.target.texts[key])} in the values"
        place = f"{ROOT}.{name_of(made.target.settings, key)}"
        lost = f", which win with the next upgrade, or fail it: to keep it, write {place} there, too"
        yield f"note: {values}{'; the command keeps it' if is_kept else lost}"


def counted(pods: int) -> str:
    """`1 pod`, `2 pods`."""
    return f"{pods} pod{'' if pods == 1 else 's'}"


def _ends(before: Polling, after: Polling) -> str:
    if after.lasts is None:
        return "a page never gives up"
    if before.lasts == after.lasts:
        return f"a page still gives up after {after.lasts:g} s"
    return f"a page gives up after {before.lasts or 0:g} -> {after.lasts:g} s"


def _shown(text: str | None) -> str:
    """A text as it is, in quotes where it would not be seen as it is."""
    if text is None:
        return "(not set)"
    return text if text and text.isprintable() and " " not in text else repr(text)
