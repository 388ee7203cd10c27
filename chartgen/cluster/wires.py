"""From where a container takes a setting, as Kubernetes reads its `env` and `envFrom`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

from chartgen.documents.nodes import Scalar
from chartgen.documents.pods import Container, Env
from chartgen.records import dataclass, replace
from chartgen.source import Span

Kind: TypeAlias = Literal["literal", "key", "whole", "file", "other", "none"]
REF = "configMapKeyRef"
"""The field of a reference to a ConfigMap's key."""

_OTHERS = re.compile(r"\$\$|\$\(([^()\s]+)\)")


@dataclass(frozen=True)
class Wire:
    """Where a container takes a setting from.

    `literal`: the `text` that is written there, with the values of other literals for `$(NAME)`. `key`: the `key` of a ConfigMap, `map`. `whole`: all of it (`envFrom`).
    `file`: a file of it. `other`: what is no ConfigMap, or made of several. `none`: from nowhere.
    """

    kind: Kind
    container: str = ""
    text: str = ""
    map: str = ""
    key: str = ""
    is_optional: bool = True
    span: Span | None = None


def wire_in(container: Container, name: str, own: str, maps: Mapping[str, Mapping[str, str]]) -> Wire | None:
    """As Kubernetes does: an entry of `env` beats `envFrom`, and the last of a name those before it."""
    for place in reversed(range(len(container.env))):
        if container.env[place].name == name:
            return _of_env(container, place, own, maps)
    for given in reversed(container.env_from):
        key = name.removeprefix(given.prefix)
        if name.startswith(given.prefix) and key in maps.get(given.name, {}):
            return Wire("whole", container.name, "", given.name, key, given.optional, given.name_span)
    for given in container.env_from:
        if given.name == own and not given.prefix:
            return Wire("whole", container.name, "", own, name, given.optional, given.name_span)
    if own in container.mounted:
        return Wire("file", container.name, "", own, name, is_optional=True, span=container.span)
    return None


def _of_env(container: Container, place: int, own: str, maps: Mapping[str, Mapping[str, str]]) -> Wire:
    env = container.env[place]
    if env.ref is None:
        before = replace(container, env=container.env[:place])
        return _of_literal(env, before, own, maps)
    ref = env.ref
    if ref.kind != REF:
        return Wire("other", container.name, ref.kind, span=ref.span)
    return Wire("key", container.name, "", ref.name, ref.key, ref.optional, ref.key_span)


def _of_literal(env: Env, before: Container, own: str, maps: Mapping[str, Mapping[str, str]]) -> Wire:
    """A text; or, where it is `$(NAME)` alone, what that container's env of before is from. A name that nobody has stays as it is written."""
    node = env.literal.value if env.literal is not None else None
    text = str(node.value) if isinstance(node, Scalar) and node.value is not None else ""
    span = node.span if node is not None else env.name_span
    wires = {name: _of_name(before, name, own, maps) for name in _OTHERS.findall(text) if name}
    alone = _OTHERS.fullmatch(text)
    if alone and (wire := wires.get(alone[1] or "")) is not None:
        return replace(wire, span=span)
    if any(wire is not None and wire.kind != "literal" for wire in wires.values()):
        return Wire("other", before.name, text, span=span)
    known = {name: wire.text for name, wire in wires.items() if wire is not None}
    expanded = _OTHERS.sub(lambda found: "$" if found[0] == "$$" else known.get(found[1], found[0]), text)
    return Wire("literal", before.name, expanded, span=span)


def _of_name(before: Container, name: str, own: str, maps: Mapping[str, Mapping[str, str]]) -> Wire | None:
    """What an env of before is from; of a ConfigMap that is read whole, only keys that are there."""
    wire = wire_in(before, name, own, maps)
    is_there = wire is not None and (wire.kind not in {"whole", "file"} or wire.key in maps.get(wire.map, {}))
    return wire if is_there else None
