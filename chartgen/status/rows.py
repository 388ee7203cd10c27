"""Each setting in every place that has it, and where these say different things."""

from __future__ import annotations

from collections.abc import Iterator

from chartgen.cluster.live import LiveMap
from chartgen.cluster.page import Page
from chartgen.cluster.pods import LivePod
from chartgen.cluster.seen import Unseen
from chartgen.cluster.wires import Wire
from chartgen.cluster.workload import Workload
from chartgen.records import dataclass
from chartgen.settings.model import Setting
from chartgen.settings.strings import render_text
from chartgen.status.ages import Age, age_of
from chartgen.status.state import State

NOT_SET = "not set"
UNKNOWN = "?"


@dataclass(frozen=True)
class Row:
    """One setting: what each place says, `?` where that is not known, empty where it was not asked; what drifts, and what perhaps does."""

    env: str
    name: str
    schema: str
    values: str
    live: str
    deployment: str
    pods: str
    page: str
    drift: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def rows(state: State) -> tuple[Row, ...]:
    """A row for each setting, in the schema's order."""
    found = ages(state)
    return tuple(_row(state, setting, found.get(setting.env)) for setting in state.target.settings.settings)


def ages(state: State) -> dict[str, Age]:
    """The settings that pods are older than, by the env, surely or perhaps."""
    wires = {each.env: wire for each in state.target.settings.settings if (wire := wire_of(state, each)) is not None}
    own = state.target.config_map
    read = frozenset(
        wire.key or env for env, wire in wires.items() if wire.kind in {"key", "whole"} and wire.map == own
    )
    found = {env: age_of(state, env, wire, read) for env, wire in wires.items()}
    return {env: age for env, age in found.items() if age is not None}


def wire_of(state: State, setting: Setting) -> Wire | None:
    """Where the Deployment takes a setting from; None where that is not known."""
    if not isinstance(state.workload, Workload):
        return None
    return state.workload.wire(setting, state.target.config_map, state.known_maps, state.target.container)


def expected(state: State, setting: Setting, wire: Wire | None) -> str:
    """What a pod that starts now has; `?` where that is not known."""
    default = render_text(setting.type, setting.default)
    if wire is None:
        return UNKNOWN
    match wire.kind:
        case "literal":
            return wire.text
        case "none":
            return default
        case "other":
            return UNKNOWN
        case _:
            data = state.known_maps.get(wire.map)
            return UNKNOWN if data is None else data.get(wire.key, default)


def _row(state: State, setting: Setting, age: Age | None) -> Row:
    env, target = setting.env, state.target
    wire = wire_of(state, setting)
    older = age.pods if age is not None and not age.doubt else ()
    default = render_text(setting.type, setting.default)
    return Row(
        env=env,
        name=setting.name,
        schema=default,
        values=UNKNOWN if target.is_guessed else target.texts.get(env, default),
        live=state.live.data.get(env, NOT_SET) if isinstance(state.live, LiveMap) else UNKNOWN,
        deployment=UNKNOWN if wire is None else _wired(state, setting, wire),
        pods=_of_pods(state, setting, wire, older),
        page=_of_page(state, env),
        drift=tuple(_drift(state, setting, wire, older)),
        doubts=(doubt(state, age),) if age is not None and age.doubt else (),
    )


def doubt(state: State, age: Age) -> str:
    """A sentence for pods that are older than a change, which may have been one of something else."""
    total = len(state.pods) if not isinstance(state.pods, Unseen) else 0
    when = f", which was changed at {age.at}" if age.at else ""
    return f"{len(age.pods)} of {total} pods may be older than this in ConfigMap {state.target.config_map}{when}: {age.doubt}"


def _wired(state: State, setting: Setting, wire: Wire) -> str:
    """Short words for where a container takes it from."""
    match wire.kind:
        case "literal":
            return f"={wire.text}"
        case "none":
            return "not wired"
        case "other":
            return wire.text or "elsewhere"
        case _:
            own = wire.map == state.target.config_map
            place = "" if own and wire.key == setting.env else f" {'' if own else wire.map + '/'}{wire.key}"
            return f"{'file' if wire.kind == 'file' else 'map'}{place}"


def _of_pods(state: State, setting: Setting, wire: Wire | None, older: tuple[LivePod, ...]) -> str:
    if isinstance(state.pods, Unseen) or wire is None:
        return UNKNOWN
    if not state.pods:
        return "no pods"
    if older:
        return f"older: {len(older)} of {len(state.pods)}"
    return expected(state, setting, wire)


def _of_page(state: State, env: str) -> str:
    match state.page:
        case None:
            return ""
        case Unseen():
            return UNKNOWN
        case Page(found=found):
            return found.get(env, NOT_SET)


def _drift(state: State, setting: Setting, wire: Wire | None, older: tuple[LivePod, ...]) -> Iterator[str]:
    """A sentence for each place that says something else than the one before it."""
    env, own = setting.env, state.target.config_map
    default = render_text(setting.type, setting.default)
    texts = state.target.texts
    if isinstance(state.live, LiveMap) and not state.target.is_guessed:
        live, values = state.live.data.get(env, default), texts.get(env, default)
        if live != values:
            yield f"the ConfigMap says {live}, the values {values}"
    if wire is not None:
        yield from _of_wire(state, setting, wire)
    if older and not isinstance(state.pods, Unseen):
        yield f"{len(older)} of {len(state.pods)} pods are older than the last change of ConfigMap {own}"
    if isinstance(state.page, Page):
        shown, meant = state.page.found.get(env), expected(state, setting, wire)
        meant = state.data.get(env, default) if meant == UNKNOWN else meant
        if shown is None:
            yield f"the page does not have it{f': {state.page.lost}' if state.page.lost else ''}"
        elif shown != meant:
            yield f"the page says {shown}, new pods have {meant}"


def _of_wire(state: State, setting: Setting, wire: Wire) -> Iterator[str]:
    own = state.target.config_map
    match wire.kind:
        case "literal":
            yield f"Deployment {state.target.deployment} says {wire.text} itself, whatever the ConfigMap says"
        case "none":
            yield f"no container of Deployment {state.target.deployment} takes it: pages have the default"
        case "other":
            yield f"Deployment {state.target.deployment} takes it from what is no ConfigMap"
        case _ if wire.map != own:
            yield f"Deployment {state.target.deployment} takes it from ConfigMap {wire.map}, not from {own}"
        case _ if wire.key != setting.env:
            yield f"Deployment {state.target.deployment} takes it from key {wire.key}"
