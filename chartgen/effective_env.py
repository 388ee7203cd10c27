"""What counts beside a ConfigMap of settings: what a container takes from elsewhere, or the base that it patches.

A map alone says with the schema's defaults what a container gets; together with others it does not.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from chartgen.around import Around
from chartgen.documents.manifests import Manifest
from chartgen.documents.nodes import Scalar
from chartgen.documents.pods import Container, Env, Pod, pod_of
from chartgen.manifest_findings import Beside, Stack, entries, texts_of
from chartgen.project_model import Names
from chartgen.records import dataclass
from chartgen.settings.expression import Path
from chartgen.settings.model import Setting, Settings
from chartgen.text_findings import Texts

_REF = "configMapKeyRef"


def words_of_workloads(settings: Settings, names: Names) -> list[str]:
    """What is in the text of a workload that may hold settings, one of them at least."""
    own = filter(None, (names.deployment, names.container, names.config_map))
    return [*(setting.env for setting in settings.settings), *own, "configMapRef"]


def beside(manifest: Manifest, settings: Settings, names: Names, around: Around) -> Beside:
    """What counts beside a ConfigMap: the containers around that take it, and the map that it is a patch of."""
    own = _paths(manifest, settings)
    if len(own) == len(settings.settings) and not settings.rules:
        return Beside()
    stacks = [*_patched(manifest, settings, around)]
    for pod in _pods(settings, names, around):
        uses = (_Use(container, pod, manifest, settings, around) for container in pod.containers)
        stacks += [use.stack() for use in uses if use.takes_it]
    given = frozenset[Path]().union(*(stack.others for stack in stacks))
    every = frozenset(setting.path for setting in settings.settings)
    of_one_name = frozenset[Path]()
    if not stacks and own != every:
        others = around.of_name(manifest.name, manifest.namespace)
        of_one_name = frozenset[Path]().union(*(_paths(each, settings) for each in others if not _same(each, manifest)))
    return Beside(given, given | (of_one_name - own), tuple(stacks))


def _paths(manifest: Manifest, settings: Settings) -> frozenset[Path]:
    """The settings that a ConfigMap holds."""
    held = {entry.key for entry in entries(manifest, "data")}
    return frozenset(setting.path for setting in settings.settings if setting.env in held)


def _same(one: Manifest, other: Manifest) -> bool:
    """Whether two objects are one that was read twice."""
    place = (one.path, one.written.start)
    return place == (other.path, other.written.start) and os.path.abspath(one.file) == os.path.abspath(other.file)


def _pods(settings: Settings, names: Names, around: Around) -> Iterator[Pod]:
    """The workloads of the file, and those that are judged with it."""
    yield from (pod for each in around.own if (pod := pod_of(each)) is not None)
    others = around.pods(words_of_workloads(settings, names))
    yield from (pod for pod in others if pod.manifest.file != around.file)


def _patched(manifest: Manifest, settings: Settings, around: Around) -> Iterator[Stack]:
    """The one map of its name that a kustomization patches with this one; who knows what another one would say."""
    if not around.is_patch(manifest.file):
        return
    own, texts = _paths(manifest, settings), texts_of(manifest, settings)
    of_name = around.of_name(manifest.name, manifest.namespace)
    bases = [each for each in of_name if not _same(each, manifest) and not around.is_patch(each.file)]
    base = texts_of(bases[0], settings) if len(bases) == 1 else None
    if base is None or texts is None:
        unknown = frozenset(setting.path for setting in settings.settings) - own
        yield Stack((), unknown, unknown)
    else:
        yield Stack((_unwritten(base), texts), frozenset(), frozenset(base.given) - own)


def _unwritten(texts: Texts) -> Texts:
    """The texts of a place that is not changed for what another one says."""
    return Texts(texts.given, texts.span, texts.path, lambda *_: None)


@dataclass(frozen=True)
class _Use:
    """One container that may take the ConfigMap `own`."""

    container: Container
    pod: Pod
    own: Manifest
    settings: Settings
    around: Around

    @property
    def takes_it(self) -> bool:
        """Whether the container takes the map, or a key of it."""
        refs = [env.ref.name for env in self.container.env if env.ref is not None and env.ref.kind == _REF]
        names = [*refs, *(given.name for given in self.container.env_from if not given.prefix)]
        return any(any(_same(each, self.own) for each in self._maps(name)) for name in dict.fromkeys(names))

    def stack(self) -> Stack:
        """The settings as the container gets them: each map in order, then the entries of env."""
        layers: list[Texts] = []
        unknown: set[Path] = set()
        source: dict[Path, Manifest | None] = {}
        for given in self.container.env_from:
            found = None if given.prefix else self._map(given.name)
            texts = texts_of(found, self.settings) if found is not None else None
            if texts is not None and found is not None:
                layers.append(texts if _same(found, self.own) else _unwritten(texts))
                source |= dict.fromkeys(texts.given, found)
                unknown -= texts.given.keys()
            elif found is None and not given.prefix:
                unknown |= self._may_say(given.name)
        envs = self._envs(source, unknown)
        layers += [envs] if envs is not None else []
        others = {path for path, each in source.items() if each is None or not _same(each, self.own)}
        return Stack(tuple(layers), frozenset(unknown), frozenset(others | unknown))

    def _envs(self, source: dict[Path, Manifest | None], unknown: set[Path]) -> Texts | None:
        """What the entries of `env` say, which is noted in `source` and `unknown`; None if that is nothing."""
        by_env = {setting.env: setting for setting in self.settings.settings}
        given: dict[Path, Scalar] = {}
        for env in {env.name: env for env in self.container.env if env.name in by_env}.values():
            path = by_env[env.name].path
            found, node = self._entry(env)
            if node is not None:
                given[path], source[path] = node, found
                unknown.discard(path)
            elif found is None:
                unknown.add(path)
        own = texts_of(self.own, self.settings)
        if not given or own is None:
            return None
        held = {path for path in given if (found := source[path]) is not None and _same(found, self.own)}

        def name(setting: Setting) -> str:
            return own.path(setting) if setting.path in held else f"env.{setting.env}"

        return Texts(
            given,
            self.pod.manifest.node.span,
            name,
            lambda each, text: own.write(each, text) if each.path in held else None,
        )

    def _entry(self, env: Env) -> tuple[Manifest | None, Scalar | None]:
        """The map that an entry is from, and its text: none where that map has none, or where nobody knows it."""
        if env.ref is None:
            node = env.literal.value if env.literal is not None else Scalar("", env.name_span)
            known = isinstance(node, Scalar) and isinstance(node.value, str) and "$(" not in node.value
            return None, node if known and isinstance(node, Scalar) else None
        found = self._map(env.ref.name) if env.ref.kind == _REF else None
        entry = next((each for each in entries(found, "data") if each.key == env.ref.key), None) if found else None
        return found, entry.value if entry is not None and isinstance(entry.value, Scalar) else None

    def _maps(self, name: str) -> list[Manifest]:
        return self.around.config_maps(name, self.pod.manifest.namespace)

    def _map(self, name: str) -> Manifest | None:
        """The one map of a name: the own one, if it may be meant."""
        maps = self._maps(name)
        own = next((each for each in maps if _same(each, self.own)), None)
        return own or (maps[0] if len(maps) == 1 else None)

    def _may_say(self, name: str) -> set[Path]:
        """The settings that the maps of a name may say: of one that is not here, all."""
        maps = self._maps(name)
        if not maps:
            return {setting.path for setting in self.settings.settings}
        return {path for each in maps for path in _paths(each, self.settings)}
