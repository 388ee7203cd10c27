"""The env of one container against the settings: each has its setting's name, and takes the key of that name.

`wiring.py` asks for it; what a ConfigMap holds is judged where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from chartgen.around import Around
from chartgen.documents.manifests import Manifest
from chartgen.documents.nodes import find
from chartgen.documents.pods import Container, Env, EnvFrom, Pod, Ref
from chartgen.env_literals import literal_findings, overriding
from chartgen.finding import Finding, Note, Severity
from chartgen.manifest_findings import entries, is_of_settings
from chartgen.misspelt import meant_setting, renamed
from chartgen.names import did_you_mean
from chartgen.project_model import Names
from chartgen.records import dataclass
from chartgen.settings.model import Setting, Settings
from chartgen.source import Span

_REF = "configMapKeyRef"
_OF_EVERY_NAMESPACE = "kube-root-ca.crt"  # Kubernetes keeps it there


@dataclass(frozen=True)
class Wiring:
    """One container's env and what it is held to; `is_frontend` says that the settings are for it."""

    container: Container
    pod: Pod
    settings: Settings
    names: Names
    around: Around
    is_frontend: bool

    @cached_property
    def _by_env(self) -> dict[str, Setting]:
        return {setting.env: setting for setting in self.settings.settings}

    @cached_property
    def _envs(self) -> dict[str, Env]:
        """The env that counts of each name: the last one."""
        return {env.name: env for env in self.container.env}

    @cached_property
    def held(self) -> set[str]:
        """The settings that the container holds, by their env names; by a wrong name, too, of which that is told."""
        own = {env.name for env in self.container.env}
        told = {
            finding.expected for env in self._envs.values() for finding in self._of_env(env) if finding.code == "CG405"
        }
        maps = [*(given.name for given in self.container.env_from), *self.container.mounted]
        return set(self._by_env) if any(map(self._may_hold_all, maps)) else (own | told) & self._by_env.keys()

    @cached_property
    def sources(self) -> list[str]:
        """The names of the ConfigMaps that settings come from."""
        refs = [env.ref for env in self.container.env if env.ref is not None]
        given = [each.name for each in self.container.env_from if not each.prefix and self._is_ours(each.name)]
        return [*given, *(ref.name for ref in refs if ref.kind == _REF and ref.key in self._by_env)]

    @cached_property
    def _all_maps(self) -> list[Manifest]:
        """The ConfigMaps around that can be meant for this workload."""
        return self.around.all_config_maps(self.pod.manifest.namespace)

    def findings(self) -> Iterator[Finding]:
        """What is wrong with the env of the container."""
        first: dict[str, Env] = {}
        for env in self.container.env:
            if env.name in self._by_env and env.name in first:
                yield self._twice(env, first[env.name])
            first.setdefault(env.name, env)
        for env in self._envs.values():
            yield from self._of_env(env)
        for given in self.container.env_from:
            yield from self._of_all(given)
        maps = [each for name in dict.fromkeys(self.sources) for each in self._maps(name)]
        yield from literal_findings(self._envs.values(), self.pod.manifest, self.settings, maps)

    def _of_env(self, env: Env) -> Iterator[Finding]:
        setting, ref = self._by_env.get(env.name), env.ref
        if setting is None:
            yield from self._of_other(env)
        elif ref is not None and env.literal is not None:
            yield self._both(env, env.literal.value.span)
        elif ref is None:
            yield from overriding(env, self._path(env), setting, self._all_maps)
        elif ref.kind != _REF:
            yield self._other_source(env, ref)
        elif ref.key != setting.env:
            yield self._misnamed(env, ref.key, ref.key_span, setting, f"{env.name} is read from the key {ref.key}")
        else:
            yield from self._missing(env, ref)

    def _of_other(self, env: Env) -> Iterator[Finding]:
        """What is wrong with an env that has no setting's name: it may hold one, or be meant to."""
        ref = env.ref if env.ref is not None and env.ref.kind == _REF else None
        absent = [setting for setting in self.settings.settings if setting.env not in self._envs]
        held = self._by_env.get(ref.key) if ref is not None else None
        meant = meant_setting(env.name, absent if held is None else [held])
        if held is not None and held in absent and (self.is_frontend or meant is not None):
            yield self._misnamed(env, env.name, env.name_span, held, f"{held.env} is in the env {env.name}")
        elif held is None and meant is not None and self.is_frontend:
            yield self._misnamed(env, env.name, env.name_span, meant, f"{env.name} is not the env of a setting")
        elif ref is not None and (held is not None or self._is_ours(ref.name)):
            yield from self._missing(env, ref)

    def _misnamed(self, env: Env, found: str, span: Span, setting: Setting, said: str) -> Finding:
        """CG405, at the name or at the key."""
        return Finding(
            "CG405",
            Severity.ERROR,
            f"{said}; expected {setting.env}",
            span,
            path=self._path(env),
            found=found,
            expected=setting.env,
            help=f"write {setting.env}",
            # What a literal says may be of another unit, since its name does not say.
            edits=renamed(span, found, setting.env) if env.ref is not None else (),
        )

    def _missing(self, env: Env, ref: Ref) -> Iterator[Finding]:
        """CG401 for a ConfigMap that is not there, CG402 for a key that it does not have."""
        maps = self._maps(ref.name)
        if not maps:
            yield from self._no_map(ref.name, ref.name_span, self._path(env), optional=ref.optional)
            return
        held = {entry.key for each in maps for entry in entries(each, "data")}
        # Envs are not read from there; of a setting that is there, CG408 is told.
        as_bytes = ref.key in {entry.key for each in maps for entry in entries(each, "binaryData")}
        if ref.key in held or ((as_bytes or ref.optional) and ref.key in self._by_env):
            return
        help_ = "write it there under data: no env is read from binaryData" if as_bytes else did_you_mean(ref.key, held)
        if ref.key in self._by_env:
            help_ = "add the key there, or `optional: true` here: then the default applies without it"
        yield Finding(
            "CG402",
            Severity.WARNING if ref.optional else Severity.ERROR,
            f"the ConfigMap {ref.name} has no key {ref.key}",
            ref.key_span,
            label="" if ref.optional else "the container does not start",
            notes=(Note(f"the ConfigMap {ref.name}", _place(maps[0])),),
            path=self._path(env),
            found=ref.key,
            help=help_,
        )

    def of_volumes(self) -> Iterator[Finding]:
        """CG401 for a ConfigMap of the pod's volumes that is not there."""
        for volume in self.pod.map_volumes:
            if volume.name != _OF_EVERY_NAMESPACE and not self._maps(volume.name):
                path = f"volumes.{volume.name}"
                yield from self._no_map(volume.name, volume.name_span, path, optional=volume.optional)

    def _no_map(self, name: str, span: Span, path: str, *, optional: bool) -> Iterator[Finding]:
        if self.around.is_generated(name):
            return
        known = {each.name for each in self._all_maps if is_of_settings(each, self.settings, "") and each.name}
        yield Finding(
            "CG401",
            Severity.WARNING if optional else Severity.ERROR,
            f"the ConfigMap {name} is not here",
            span,
            label="without it the defaults apply" if optional else "without it the container does not start",
            path=path,
            found=name,
            help=did_you_mean(name, known) if known else "add it beside this file",
        )

    def _of_all(self, given: EnvFrom) -> Iterator[Finding]:
        """What is wrong with an `envFrom` that names a ConfigMap."""
        path = f"{self.container.name}.envFrom.{given.name}"
        if not self._maps(given.name):
            if self.is_frontend or self._is_ours(given.name):
                yield from self._no_map(given.name, given.name_span, path, optional=given.optional)
        elif given.prefix and self.is_frontend and self._is_ours(given.name):
            env = next(iter(self._by_env))
            yield Finding(
                "CG405",
                Severity.ERROR,
                f"with the prefix, {env} is in the env {given.prefix}{env}; expected {env}",
                given.prefix_span,
                label="no setting is read",
                path=path,
                found=given.prefix,
                expected="no prefix",
                help="remove the prefix",
            )

    def _may_hold_all(self, name: str) -> bool:
        """Whether a whole ConfigMap holds every setting, or more is told of it than that it does not."""
        return self._is_ours(name) or not self._maps(name)

    def _other_source(self, env: Env, ref: Ref) -> Finding:
        is_secret = ref.kind == "secretKeyRef"
        return Finding(
            "CG411",
            Severity.ERROR,
            f"{env.name} is read from {'a Secret' if is_secret else ref.kind}; expected a ConfigMap",
            ref.span,
            label="every visitor can read it in the page" if is_secret else "",
            path=self._path(env),
            found=ref.kind,
            expected=_REF,
            help=f"take it from a ConfigMap: {_REF}",
        )

    def _both(self, env: Env, span: Span) -> Finding:
        return Finding(
            "CG410",
            Severity.ERROR,
            f"{env.name} has a value and a valueFrom; Kubernetes refuses both",
            span,
            path=self._path(env),
            found=span.text,
            help="remove the value: then the ConfigMap counts",
        )

    def _twice(self, env: Env, first: Env) -> Finding:
        return Finding(
            "CG410",
            Severity.ERROR,
            f"{env.name} is written twice; the last one counts, and server-side apply refuses both",
            env.name_span,
            notes=(Note("the first one", first.name_span),),
            path=self._path(env),
            found=env.name,
            help="remove one of them",
        )

    def _path(self, env: Env) -> str:
        return f"{self.container.name}.env.{env.name}"

    def _maps(self, name: str) -> list[Manifest]:
        return self.around.config_maps(name, self.pod.manifest.namespace)

    def _is_ours(self, name: str) -> bool:
        return is_of_names(name, self.pod.manifest.namespace, self.settings, self.names, self.around)


def is_of_names(name: str, namespace: str, settings: Settings, names: Names, around: Around) -> bool:
    """Whether a name is that of a ConfigMap of settings: the project's, or one around that holds a setting."""
    own = names.config_map
    maps = around.config_maps(name, namespace)
    return (own != "" and name == own) or any(is_of_settings(each, settings, own) for each in maps)


def _place(manifest: Manifest) -> Span:
    """Where an object says its name."""
    name = find(manifest.node, ("metadata", "name"))
    return name.span if name is not None else manifest.node.span
