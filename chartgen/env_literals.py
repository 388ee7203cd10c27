"""Settings that a container's env holds as literals: what they say, and which ConfigMap they override."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence

from chartgen.documents.inserted import replacement
from chartgen.documents.manifests import Manifest
from chartgen.documents.nodes import Node, Scalar
from chartgen.documents.pods import Env
from chartgen.edits import Edit
from chartgen.finding import Finding, Note, Severity
from chartgen.manifest_findings import entries, texts_of
from chartgen.settings.expression import Path
from chartgen.settings.model import Setting, Settings
from chartgen.source import Span
from chartgen.text_findings import Texts, text_findings


def overriding(env: Env, path: str, setting: Setting, maps: Iterable[Manifest]) -> Iterator[Finding]:
    """CG403 for a literal where one of the ConfigMaps has the setting."""
    if env.literal is None and not env.is_empty:
        return
    for manifest in maps:
        entry = next((each for each in entries(manifest, "data") if each.key == setting.env), None)
        if entry is None:
            continue
        span = env.literal.value.span if env.literal is not None else env.name_span
        edit = _from_config_map(env, manifest, setting)
        yield Finding(
            "CG403",
            Severity.ERROR,
            f"{env.name} is a literal, so that the ConfigMap {manifest.name} does not count",
            span,
            notes=(Note(f"{setting.env} in the ConfigMap", entry.value.span),),
            path=path,
            found=span.text,
            expected=f"the key {setting.env} of the ConfigMap {manifest.name}",
            help=f"write {edit.text}" if edit is not None else "take it from the ConfigMap, by valueFrom",
            edits=(edit,) if edit is not None else (),
        )
        return


def _from_config_map(env: Env, manifest: Manifest, setting: Setting) -> Edit | None:
    """The edit that makes a literal on one line a reference."""
    if env.literal is None or not manifest.name:
        return None
    span = Span(env.literal.key_span.source, env.literal.key_span.start, env.literal.value.span.end)
    text = span.text
    if "\n" in text or not text.startswith(("value:", '"value":')):
        return None
    quote = json.dumps if text.startswith('"') else str
    ref = {"name": manifest.name, "key": setting.env}
    fields = ", ".join(f"{quote(key)}: {quote(name)}" for key, name in ref.items())
    inner = f"{quote('configMapKeyRef')}: {{{fields}, {quote('optional')}: true}}"
    return Edit(span, f"{quote('valueFrom')}: {{{inner}}}")


def literal_findings(
    envs: Collection[Env], manifest: Manifest, settings: Settings, maps: Sequence[Manifest]
) -> list[Finding]:
    """What is wrong with what literals say, alone and with the settings that come from ConfigMaps."""
    by_env = {setting.env: setting for setting in settings.settings}
    given: dict[Path, Scalar] = {}
    for env in envs:
        node = _literal(env) if env.name in by_env else None
        if isinstance(node, Scalar) and not _is_expanded(node):
            given[by_env[env.name].path] = node
    if not given:
        return []
    unwritten = {env.name_span for env in envs if env.is_empty}

    def write(setting: Setting, text: str) -> Edit | None:
        node = given.get(setting.path)
        node = node if node is not None and node.span not in unwritten else None
        return replacement(manifest.written, node.span, text) if node is not None else None

    literals = Texts(given, manifest.node.span, lambda setting: f"env.{setting.env}", write)
    below = [texts for each in maps if (texts := texts_of(each, settings)) is not None]
    spans = {node.span for node in given.values()}
    return [each for each in text_findings(settings, [*below, literals]) if each.primary in spans]


def _literal(env: Env) -> Node | None:
    """What an env says itself: nothing is an empty text. With a reference beside it, it says nothing that counts."""
    if env.is_empty:
        return Scalar("", env.name_span)
    return env.literal.value if env.literal is not None and env.ref is None else None


def _is_expanded(node: Scalar) -> bool:
    """Whether a literal is not what the container gets: Kubernetes puts another env in place of `$(NAME)`."""
    return isinstance(node.value, str) and "$(" in node.value
