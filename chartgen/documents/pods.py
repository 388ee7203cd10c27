"""The containers of a workload, and where each one's environment comes from."""

from __future__ import annotations

from collections.abc import Iterator

from chartgen.documents.manifests import Manifest, text_at
from chartgen.documents.nodes import Entry, Mapping, Node, Scalar, Sequence, find
from chartgen.records import dataclass
from chartgen.source import Span

_TEMPLATES = (("spec", "template", "spec"), ("spec", "jobTemplate", "spec", "template", "spec"), ("spec",))
_CONTAINERS = ("initContainers", "containers")
_OPTION, _VARIABLE = "--settings", "CHARTGEN_SETTINGS"


@dataclass(frozen=True)
class Ref:
    """What an env takes its value from: a key of an object. `kind` is the field, such as `configMapKeyRef`."""

    kind: str
    name: str
    key: str
    span: Span
    name_span: Span
    key_span: Span
    optional: bool = False


@dataclass(frozen=True)
class Env:
    """One entry of a container's `env`: a literal, or a reference; Kubernetes refuses both together.

    `literal` is None where no value of its own is written. Where that makes it an empty text, it `is_empty`.
    """

    name: str
    name_span: Span
    literal: Entry | None = None
    ref: Ref | None = None
    is_empty: bool = False


@dataclass(frozen=True)
class EnvFrom:
    """One entry of a container's `envFrom` that names a ConfigMap: every key of it, behind the prefix."""

    name: str
    name_span: Span
    prefix: str
    prefix_span: Span
    optional: bool


@dataclass(frozen=True)
class MapVolume:
    """A ConfigMap that a volume of a pod holds, alone or among others."""

    name: str
    name_span: Span
    optional: bool


@dataclass(frozen=True)
class Container:
    """One container; `span` is that of its name, else where it begins.

    `mounted` are the ConfigMaps whose files are its settings: those in the folder that `entrypoint.py` is told to read.
    """

    name: str
    span: Span
    env: tuple[Env, ...]
    env_from: tuple[EnvFrom, ...]
    has_image: bool = True
    mounted: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pod:
    """The containers that an object runs together, and the ConfigMaps of their volumes."""

    manifest: Manifest
    containers: tuple[Container, ...]
    map_volumes: tuple[MapVolume, ...] = ()


def pod_of(manifest: Manifest) -> Pod | None:
    """The pod that a workload of any kind describes; None for what is no workload."""
    for template in _TEMPLATES:
        spec = find(manifest.node, template)
        if isinstance(spec, Mapping) and isinstance(find(spec, ("containers",)), Sequence):
            return Pod(manifest, tuple(_containers(spec)), tuple(_map_volumes(spec)))
    return None


def _containers(spec: Mapping) -> Iterator[Container]:
    for field in _CONTAINERS:
        for node in _mappings(spec, field):
            name = node.get("name")
            span = name.value.span if name is not None else node.span
            has_image = node.get("image") is not None
            envs = tuple(_envs(node, has_image=has_image))
            mounted = tuple(_mounted(spec, node, _settings_folder(node)))
            yield Container(text_at(node, "name"), span, envs, tuple(_envs_from(node)), has_image, mounted)


def _map_volumes(spec: Mapping) -> Iterator[MapVolume]:
    for volume in _mappings(spec, "volumes"):
        for part in _parts(volume):
            found = find(part, ("configMap",))
            if isinstance(found, Mapping) and (name := text_at(found, "name")):
                yield MapVolume(name, _span(found, "name", found.span), _is_true(found, "optional"))


def _parts(volume: Mapping) -> list[Mapping]:
    """What a volume is made of: itself, or what is projected into it."""
    projected = find(volume, ("projected",))
    return [volume, *(_mappings(projected, "sources") if projected is not None else ())]


def _settings_folder(container: Mapping) -> str:
    """Where the container's `entrypoint.py` reads settings; empty where it takes them from the environment."""
    words = [*_texts(container, "command"), *_texts(container, "args")]
    for word, following in zip(words, [*words[1:], ""], strict=False):
        if word == _OPTION or word.startswith(f"{_OPTION}="):
            return (word.partition("=")[2] or following).rstrip("/")
    given = (text_at(env, "value") for env in _mappings(container, "env") if text_at(env, "name") == _VARIABLE)
    return next(given, "").rstrip("/")


def _texts(container: Mapping, field: str) -> list[str]:
    found = find(container, (field,))
    items = found.items if isinstance(found, Sequence) else ()
    return [item.value for item in items if isinstance(item, Scalar) and isinstance(item.value, str)]


def _mounted(spec: Mapping, container: Mapping, folder: str) -> Iterator[str]:
    """The ConfigMaps that a container has as a folder's files."""
    volumes = {text_at(volume, "name"): volume for volume in _mappings(spec, "volumes") if folder}
    for mount in _mappings(container, "volumeMounts"):
        volume = volumes.get(text_at(mount, "name"))
        if volume is None or mount.get("subPath") or text_at(mount, "mountPath").rstrip("/") != folder:
            continue
        yield from filter(None, (text_at(part, "configMap", "name") for part in _parts(volume)))


def _envs(container: Mapping, *, has_image: bool) -> Iterator[Env]:
    for node in _mappings(container, "env"):
        name = find(node, ("name",))
        if isinstance(name, Scalar) and isinstance(name.value, str):
            value, given = node.get("value"), find(node, ("valueFrom",))
            if not isinstance(given, Mapping):
                # A patch, which has no image, may name an env to delete it.
                yield Env(name.value, name.span, value, is_empty=value is None and has_image)
            else:
                yield Env(name.value, name.span, None if _is_nothing(value) else value, _ref(given))


def _is_nothing(value: Entry | None) -> bool:
    """Whether a value is as good as none beside a reference."""
    return value is None or (isinstance(value.value, Scalar) and value.value.value in {"", None})


def _ref(given: Mapping) -> Ref | None:
    """The reference of a `valueFrom`; Kubernetes wants it to have one field."""
    for entry in given.entries:
        if isinstance(entry.value, Mapping):
            name, key = (text_at(entry.value, field) for field in ("name", "key"))
            name_span, key_span = (_span(entry.value, field, entry.key_span) for field in ("name", "key"))
            is_optional = _is_true(entry.value, "optional")
            return Ref(entry.key, name, key, entry.key_span, name_span, key_span, is_optional)
    return None


def _envs_from(container: Mapping) -> Iterator[EnvFrom]:
    for node in _mappings(container, "envFrom"):
        ref = find(node, ("configMapRef",))
        if isinstance(ref, Mapping) and (name := text_at(ref, "name")):
            prefix_span = _span(node, "prefix", node.span)
            yield EnvFrom(
                name, _span(ref, "name", ref.span), text_at(node, "prefix"), prefix_span, _is_true(ref, "optional")
            )


def _mappings(node: Node, field: str) -> Iterator[Mapping]:
    found = find(node, (field,))
    yield from (item for item in (found.items if isinstance(found, Sequence) else ()) if isinstance(item, Mapping))


def _span(node: Mapping, field: str, otherwise: Span) -> Span:
    entry = node.get(field)
    return entry.value.span if entry is not None else otherwise


def _is_true(node: Mapping, field: str) -> bool:
    found = find(node, (field,))
    return isinstance(found, Scalar) and found.value is True
