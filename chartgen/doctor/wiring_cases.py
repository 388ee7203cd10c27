"""What is wrong with the way from the ConfigMap into the containers: settings that none of them takes."""

from __future__ import annotations

from collections.abc import Iterator

from chartgen.cluster.live import LiveMap
from chartgen.cluster.page import Page
from chartgen.cluster.workload import Workload
from chartgen.doctor.evidence import Evidence, Told, finding, kubectl
from chartgen.doctor.examined import Examined
from chartgen.finding import Finding, Severity
from chartgen.settings.model import Setting
from chartgen.settings.strings import render_text
from chartgen.status.rows import wire_of
from chartgen.status.state import State


def not_taken(seen: Examined) -> Iterator[Finding]:
    """CG513: settings that no container takes, so that pages have their defaults.

    It is an error where the ConfigMap says otherwise than the default, and other settings are taken. A Deployment that takes none may
    have a way of its own, and one that has the ConfigMap as files, or an environment from a Secret, may have them from there.
    """
    state, workload = seen.state, seen.state.workload
    own = state.target.config_map
    if not isinstance(state.live, LiveMap) or not isinstance(workload, Workload) or workload.has_other_ways(own):
        return
    settings = [each for each in state.target.settings.settings if not each.deprecated]
    absent = [each for each in settings if _is_absent(state, each)]
    if not absent:
        return
    lost = [each for each in absent if state.data.get(each.env, _default(each)) != _default(each)]
    is_error = lost and len(absent) < len(settings)
    first = (lost or absent)[0]
    label = f"{own} says {first.env}: {state.data.get(first.env, 'nothing')}; pages have {_default(first)}, the default"
    told = Told(
        see=kubectl(state, "set", "env", f"deployment/{state.target.deployment}", "--list"),
        cause="the setting is newer than the manifest of the Deployment, or its entry was taken out, or has another name",
        mend=f"have the container take it: configMapKeyRef {{name: {own}, key: {first.env}, optional: true}}; the chart does so when it is upgraded",
    )
    names = ", ".join(each.env for each in absent)
    severity = Severity.ERROR if is_error else Severity.WARNING
    message = f"no container of Deployment {state.target.deployment} takes {names}"
    yield finding("CG513", message, Evidence(workload.span, label, severity, first.name), told)


def _is_absent(state: State, setting: Setting) -> bool:
    """Whether nothing takes it, and the page, as far as it was seen, does not have it from elsewhere."""
    wire = wire_of(state, setting)
    if wire is None or wire.kind != "none":
        return False
    shown = state.page.found.get(setting.env) if isinstance(state.page, Page) else None
    return shown is None or shown != state.data.get(setting.env) or shown == _default(setting)


def _default(setting: Setting) -> str:
    return render_text(setting.type, setting.default)
