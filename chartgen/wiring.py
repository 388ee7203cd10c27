"""Whether the settings reach their workload: its containers' env against the settings and the ConfigMaps around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chartgen.around import Around
from chartgen.documents.manifests import Manifest
from chartgen.documents.pods import Pod, pod_of
from chartgen.env_findings import Wiring, is_of_names
from chartgen.finding import Finding, Severity
from chartgen.names import listed
from chartgen.project_model import Names
from chartgen.settings.model import Settings


def wiring_findings(manifest: Manifest, settings: Settings, names: Names | None, around: Around) -> list[Finding]:
    """The findings of a workload's containers; none for an object that is no workload."""
    pod = pod_of(manifest)
    if pod is None:
        return []
    is_frontend = _is_frontend(pod, settings, names, around)
    wirings = [Wiring(container, pod, settings, names, around, is_frontend) for container in pod.containers]
    found = [finding for wiring in wirings for finding in wiring.findings()]
    return [*found, *(_not_wired(wirings, settings, names) if is_frontend else ())]


def _is_frontend(pod: Pod, settings: Settings, names: Names | None, around: Around) -> bool:
    """Whether a workload is the one that the settings are for: by its name, else as the one that holds most of them."""
    if _is_named(pod, names):
        return True
    own = _held(pod, settings, names, around)
    if not own:
        return False
    words = [setting.env for setting in settings.settings]
    words += [names.deployment, names.container, names.config_map] if names is not None else []
    others = [other for each in around.all(words) if (other := pod_of(each)) is not None]
    return not any(_is_named(other, names) or _held(other, settings, names, around) > own for other in others)


def _is_named(pod: Pod, names: Names | None) -> bool:
    if names is None:
        return False
    return pod.manifest.name == names.deployment or any(each.name == names.container for each in pod.containers)


def _held(pod: Pod, settings: Settings, names: Names | None, around: Around) -> int:
    """How many settings the containers hold, by the env's name or by the key; all by a whole ConfigMap of settings."""
    given = {each.name for container in pod.containers for each in container.env_from}
    if any(is_of_names(name, pod.manifest.namespace, settings, names, around) for name in given):
        return len(settings.settings)
    envs = [env for container in pod.containers for env in container.env]
    held = {env.name for env in envs} | {env.ref.key for env in envs if env.ref is not None}
    return len(held & {setting.env for setting in settings.settings})


def _not_wired(wirings: Sequence[Wiring], settings: Settings, names: Names | None) -> Iterator[Finding]:
    """CG404, at one container, for the settings that no container of the workload holds."""
    held = {env for wiring in wirings for env in wiring.held}
    absent = [setting.env for setting in settings.settings if setting.env not in held]
    # What has no image is a patch, which leaves out what it does not change.
    if not absent or not any(wiring.container.has_image for wiring in wirings):
        return
    named = [each for each in wirings if names is not None and each.container.name == names.container]
    place = max(named or wirings, key=lambda each: len(each.held))
    are = f"{absent[0]} is" if len(absent) == 1 else f"{listed(absent)} are"
    name = next((name for wiring in wirings for name in wiring.sources), names.config_map if names is not None else "")
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
