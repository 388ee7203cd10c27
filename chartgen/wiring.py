"""Whether the settings reach their workload: its containers' env against the settings and the ConfigMaps around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chartgen.around import Around
from chartgen.documents.manifests import Manifest
from chartgen.documents.pods import Pod, pod_of
from chartgen.effective_env import words_of_workloads
from chartgen.env_findings import Wiring, is_of_names
from chartgen.finding import Finding, Severity
from chartgen.names import listed
from chartgen.project_model import Names
from chartgen.settings.model import Settings


def wiring_findings(
    manifests: Sequence[Manifest], settings: Settings, names: Names, around: Around
) -> Iterator[Finding]:
    """The findings of the containers of the workloads among some objects."""
    pods = [pod for manifest in manifests if (pod := pod_of(manifest)) is not None]
    frontends = _frontends(pods, settings, names, around)
    for pod in pods:
        is_frontend = id(pod) in frontends
        wirings = [Wiring(container, pod, settings, names, around, is_frontend) for container in pod.containers]
        yield from (finding for wiring in wirings for finding in wiring.findings())
        if is_frontend and wirings:
            yield from wirings[0].of_volumes()
            yield from _not_wired(wirings, settings, names)


def _frontends(pods: Sequence[Pod], settings: Settings, names: Names, around: Around) -> set[int]:
    """Which workloads the settings are for, by identity: those of the right name, else those that hold most of them."""
    named = {id(pod) for pod in pods if _is_named(pod, names)}
    held = {id(pod): _held(pod, settings, names, around) for pod in pods}
    if named or not any(held.values()):
        return named
    others = around.pods(words_of_workloads(settings, names))
    if any(_is_named(pod, names) for pod in others):
        return set()
    most = max([*held.values(), *(_held(pod, settings, names) for pod in others)])
    return {place for place, number in held.items() if number == most}


def _is_named(pod: Pod, names: Names) -> bool:
    by_container = (each.name for each in pod.containers if each.name)
    return (pod.manifest.name == names.deployment != "") or names.container in by_container


def _held(pod: Pod, settings: Settings, names: Names, around: Around | None = None) -> int:
    """How many settings the containers hold, by the env's name or by the key; all by a whole ConfigMap of settings."""
    given = {each.name for container in pod.containers for each in container.env_from}
    given |= {name for container in pod.containers for name in container.mounted}
    if names.config_map in given:
        return len(settings.settings)
    namespace = pod.manifest.namespace
    if around is not None and any(is_of_names(name, namespace, settings, names, around) for name in given):
        return len(settings.settings)
    envs = [env for container in pod.containers for env in container.env]
    held = {env.name for env in envs} | {env.ref.key for env in envs if env.ref is not None}
    return len(held & {setting.env for setting in settings.settings})


def _not_wired(wirings: Sequence[Wiring], settings: Settings, names: Names) -> Iterator[Finding]:
    """CG404, at one container, for the settings that no container of the workload holds."""
    held = {env for wiring in wirings for env in wiring.held}
    absent = [setting.env for setting in settings.settings if setting.env not in held]
    # What has no image is a patch, which leaves out what it does not change.
    if not absent or not any(wiring.container.has_image for wiring in wirings):
        return
    named = [each for each in wirings if each.container.name == names.container]
    place = max(named or wirings, key=lambda each: len(each.held))
    are = f"{absent[0]} is" if len(absent) == 1 else f"{listed(absent)} are"
    name = next((name for wiring in wirings for name in wiring.sources), names.config_map)
    source = f"configMapKeyRef: {{name: {name or 'NAME'}, key: {absent[0]}, optional: true}}"
    yield Finding(
        "CG404",
        Severity.ERROR,
        f"{are} not wired: no env of {place.container.name or 'the container'} holds {'it' if len(absent) == 1 else 'them'}",
        place.container.span,
        label="the default applies, whatever the ConfigMap says"
        if len(absent) == 1
        else "their defaults apply, whatever the ConfigMap says",
        path=f"{place.container.name}.env",
        expected=listed(absent),
        help=f"add `- {{name: {absent[0]}, valueFrom: {{{source}}}}}` to env"
        + (", and so on" if len(absent) > 1 else ""),
    )
