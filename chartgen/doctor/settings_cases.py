"""What is wrong with the settings on their way: ConfigMap, Deployment, pods, page."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from chartgen.cluster.judging import map_findings
from chartgen.cluster.live import LiveDeployment, LiveMap
from chartgen.cluster.mending import mended
from chartgen.cluster.page import Page
from chartgen.cluster.seen import Unseen
from chartgen.cluster.wires import Wire
from chartgen.cluster.workload import Workload
from chartgen.doctor.evidence import Evidence, Told, chartgen, finding, kubectl, quoted
from chartgen.doctor.examined import Examined
from chartgen.doctor.other_maps import unread
from chartgen.finding import Finding, Note, Severity, is_error
from chartgen.records import replace
from chartgen.settings.model import Setting
from chartgen.settings.strings import render_text
from chartgen.status.rows import ages, wire_of
from chartgen.status.state import State


def old_pods(seen: Examined) -> Iterator[Finding]:
    """CG501: pods that were started before the ConfigMap was changed."""
    state = seen.state
    older = ages(state)
    if not older or not isinstance(state.live, LiveMap) or not isinstance(state.workload, Workload):
        return
    env, age = max(older.items(), key=lambda each: (not each[1].doubt, len(each[1].pods)))
    name, live = state.target.deployment, state.workload.deployment
    lines = [f"{pod.since()} pod {pod.name} started" for pod in age.pods]
    columns = "custom-columns=POD:.metadata.name,STARTED:.status.containerStatuses[*].state.running.startedAt"
    times = kubectl(state, "get", "configmap", state.live.name, "--show-managed-fields", "--output", "yaml")
    told = Told(
        see=f"{kubectl(state, 'get', 'pods', '--output', columns)}; {times}",
        cause="a container has its environment from its start; a change of the ConfigMap alone starts nothing",
        mend=_renewed(state, live),
    )
    total = len(state.pods) if not isinstance(state.pods, Unseen) else 0
    are = f"may be older than {env} in" if age.doubt else "are older than"
    message = f"{len(age.pods)} of {total} pods of Deployment {name} {are} ConfigMap {state.live.name}"
    span = quoted(f"deployment/{name}/pods", "\n".join(lines) + "\n", age.pods[0].since())
    label = f"the ConfigMap was changed after that{f', at {age.at}' if age.at else ''}{f': {age.doubt}' if age.doubt else ''}"
    is_doubtful = age.doubt or _goes_on(live)
    shown = Evidence(span, label, Severity.WARNING if is_doubtful else Severity.ERROR)
    yield finding("CG501", message, shown, told)


def _goes_on(live: LiveDeployment) -> bool:
    """Whether new pods come by themselves."""
    return not (live.is_rolled_out or live.is_paused or live.failure)


def _renewed(state: State, live: LiveDeployment) -> str:
    """What brings new pods."""
    restart, resume, describe = (
        kubectl(state, *words, f"deployment/{live.name}")
        for words in (("rollout", "restart"), ("rollout", "resume"), ("describe",))
    )
    if live.is_paused:
        return f"the Deployment is paused, and starts no pods: {resume}{f' && {restart}' if live.is_rolled_out else ''}"
    if live.failure and not live.is_rolled_out:
        return f"the rollout failed ({live.failure}): {describe}"
    return "wait for the rollout that goes on" if _goes_on(live) else f"start new pods: {restart}"


def missing_keys(seen: Examined) -> Iterator[Finding]:
    """CG502: an env from a key, or a ConfigMap, that is not there."""
    state = seen.state
    for setting, wire in _wires(state):
        if wire.kind != "key":
            continue
        known = state.known_maps.get(wire.map)
        other = state.maps.get(wire.map)
        is_gone = isinstance(other, Unseen) and not other.is_refused
        if is_gone or (known is not None and wire.key not in known):
            yield _missing(state, setting, wire, is_gone=is_gone)


def _missing(state: State, setting: Setting, wire: Wire, *, is_gone: bool) -> Finding:
    default = render_text(setting.type, setting.default)
    what = f"ConfigMap {wire.map} is not there" if is_gone else f"ConfigMap {wire.map} has no key {wire.key}"
    then = f"so pages have the default {default}" if wire.is_optional else "so new pods do not start"
    is_own = wire.key == setting.env and wire.map == state.target.config_map
    is_left_out = wire.is_optional and is_own
    added = chartgen(state, "set", f"{setting.env}={default}", "--wait")
    told = Told(
        see=kubectl(state, "get", "configmap", wire.map, "--output", "yaml"),
        cause="the key was renamed, or misspelt, in one of the two; Kubernetes says nothing where the reference is optional",
        mend=f'add {setting.env}: "{default}", or another value, to the ConfigMap: {added}'
        if is_own
        else f"write key: {setting.env} of ConfigMap {state.target.config_map} there, and restart the pods",
    )
    severity = Severity.WARNING if is_left_out else Severity.ERROR
    message = f"{setting.env} is wired to what is not there: {what}"
    return finding("CG502", message, Evidence(wire.span, then, severity, setting.name), told)


def broken_texts(seen: Examined) -> Iterator[Finding]:
    """CG503: a text of the live ConfigMap that is no value of its setting, or breaks a rule."""
    state = seen.state
    if not isinstance(state.live, LiveMap):
        return
    texts = mended(state.target.settings, state.live)
    mend = chartgen(state, "set", *(f"{key}={text}" for key, text in texts.items()), "--wait") if texts else ""
    for found in filter(is_error, map_findings(state.target.settings, state.live, {})):
        is_float = "e+" in (found.found or found.message)
        cause = (
            "a template printed a number as a float: Helm does so from 1000000 on, and parseInt reads 1 of 1e+06"
            if is_float
            else "it was written past chartgen and the chart, by kubectl edit or a script, and no policy stood in the way"
        )
        see = kubectl(state, "get", "configmap", state.live.name, "--output", "yaml")
        notes = (*found.notes, Note(f"cause: {cause}"), Note(f"see it: {see}"))
        help_ = f"{found.help}: {mend}" if found.help and mend else found.help or mend
        yield replace(found, code="CG503", notes=notes, help=help_)


def literals(seen: Examined) -> Iterator[Finding]:
    """CG504: a value in the Deployment itself."""
    state = seen.state
    for setting, wire in _wires(state):
        if wire.kind != "literal":
            continue
        live = state.data.get(setting.env, render_text(setting.type, setting.default))
        differs = live != wire.text
        told = Told(
            see=kubectl(state, "set", "env", f"deployment/{state.target.deployment}", "--list"),
            cause="somebody set it by hand (kubectl set env), or a manifest of before has it; a literal beats every ConfigMap",
            mend=f"take it away: {kubectl(state, 'set', 'env', f'deployment/{state.target.deployment}', f'{setting.env}-')}, "
            "and wire the key where the Deployment is made",
        )
        label = f"the ConfigMap says {live}" if differs else "the same as the ConfigMap, until that changes"
        shown = Evidence(wire.span, label, Severity.ERROR if differs else Severity.WARNING, setting.name)
        yield finding("CG504", f"the Deployment itself says {setting.env}, whatever the ConfigMap says", shown, told)


def two_maps(seen: Examined) -> Iterator[Finding]:
    """CG505: settings from another ConfigMap, or one beside that nothing reads."""
    state, own = seen.state, seen.state.target.config_map
    told: dict[str, list[tuple[Setting, Wire]]] = {}
    for setting, wire in _wires(state):
        if (
            wire.kind in {"key", "whole", "file"}
            and wire.map != own
            and setting.env in state.known_maps.get(wire.map, {})
        ):
            told.setdefault(wire.map, []).append((setting, wire))
    for name, uses in told.items():
        names = ", ".join(setting.env for setting, _ in uses)
        words = Told(
            see=kubectl(state, "get", "configmap", own, name, "--output", "yaml"),
            cause="one of the two is of before: a change of the other has no effect on these settings",
            mend=f"wire them to {own}, move the values there, and delete {name}",
        )
        message = f"settings are in two ConfigMaps: {names} of Deployment {state.target.deployment} come from {name}, not from {own}"
        yield finding("CG505", message, Evidence(uses[0][1].span, f"of {name}, not of {own}"), words)
    if isinstance(seen.others, Unseen) or isinstance(seen.in_use, Unseen) or not isinstance(state.workload, Workload):
        return
    for other in seen.others:
        if other.name not in {*told, *state.workload.maps, *seen.in_use}:
            yield unread(other, state)


def bare_page(seen: Examined) -> Iterator[Finding]:
    """CG506: a page that does not have the settings."""
    state, page = seen.state, seen.state.page
    if not isinstance(page, Page):
        return
    absent = [setting.env for setting in state.target.settings.settings if setting.env not in page.found]
    if not absent:
        return
    what = "the settings" if len(absent) == len(state.target.settings.settings) else ", ".join(absent)
    head = page.text[:4000]
    told = Told(
        see=f"curl --silent {shlex.quote(page.url)} | grep --only-matching 'window.__[A-Z0-9_]*__=[^;]*'",
        cause="the entrypoint did not run over this page: another command or image, page.html that names other files, or a cache before it",
        mend=f"read what the entrypoint says: {kubectl(state, 'logs', f'deployment/{state.target.deployment}')}; chartgen explain CG506",
    )
    marked = "<head" if "<head" in head else head[:1]
    label = f"{page.lost or 'no settings stand here'}: visitors have the defaults of the page's code"
    shown = Evidence(quoted("page", head + "\n", marked), label)
    yield finding("CG506", f"the page {page.url} does not have {what}", shown, told)


def _wires(state: State) -> Iterator[tuple[Setting, Wire]]:
    for setting in state.target.settings.settings:
        wire = wire_of(state, setting)
        if wire is not None:
            yield setting, wire
