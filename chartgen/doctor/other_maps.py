"""Other ConfigMaps of settings in the namespace, and those of them that nothing seems to read."""

from __future__ import annotations

from collections.abc import Iterable

from chartgen.cluster.live import LiveMap
from chartgen.cluster.owner import owner_of
from chartgen.doctor.evidence import Evidence, Told, finding, kubectl, quoted
from chartgen.finding import Finding, Severity
from chartgen.status.state import State

_INSTANCE = "app.kubernetes.io/instance"


def other_maps(maps: Iterable[LiveMap], state: State) -> tuple[LiveMap, ...]:
    """Those beside the target's own that hold settings, and are no other release's."""
    live = state.live if isinstance(state.live, LiveMap) else None
    envs = {setting.env for setting in state.target.settings.settings}
    named = (each for each in maps if each.name != state.target.config_map and envs & each.data.keys())
    return tuple(each for each in named if not _is_others(each, live))


def _is_others(other: LiveMap, live: LiveMap | None) -> bool:
    owner = owner_of(other)
    own = live.labels.get(_INSTANCE) if live is not None else None
    is_owned = owner is not None and (live is None or owner != owner_of(live))
    return is_owned or other.labels.get(_INSTANCE) not in {None, own}


def unread(other: LiveMap, state: State) -> Finding:
    """CG505, for one that no pod reads. What has no pod now, a CronJob for instance, may read it all the same."""
    env = next(each.env for each in state.target.settings.settings if each.env in other.data)
    text = f"{env}: {other.data[env]!r}\n"
    kinds = "deployments,statefulsets,daemonsets,jobs,cronjobs"
    told = Told(
        see=kubectl(state, "get", "configmap", state.target.config_map, other.name, "--output", "yaml"),
        cause="it is of before, or of another name in another manifest; whoever changes it changes nothing",
        mend=f"see that nothing without a pod needs it: {kubectl(state, 'get', kinds, '--output', 'yaml')} | grep --fixed-strings {other.name}; "
        f"then delete it: {kubectl(state, 'delete', 'configmap', other.name)}",
    )
    message = f"settings are in two ConfigMaps: {other.name} has some, too, and no pod of the namespace reads it"
    shown = Evidence(quoted(f"configmap/{other.name}", text, env), "read by no pod", Severity.WARNING)
    return finding("CG505", message, shown, told)
