"""The settings that an existing ConfigMap holds: each key of its data becomes a draft, or is left out with a reason."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chartgen.documents import nodes
from chartgen.documents.reading import read_source
from chartgen.documents.yaml_documents import document_bounds
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.finding import Finding, InvalidStop, UsageStop, is_error
from chartgen.records import dataclass
from chartgen.settings.secrets import names_a_secret
from chartgen.source import Source
from chartgen.start.draft import Draft, drafted
from chartgen.start.spelling import camel_of, is_env


@dataclass(frozen=True)
class LeftOut:
    """A key that does not become a setting: where it is written, and why."""

    key: str
    place: str
    reason: str


@dataclass(frozen=True)
class ConfigMapDraft:
    """What a ConfigMap gives: its name and namespace, empty if it has none, its settings, and the keys left out."""

    name: str
    namespace: str
    settings: tuple[Draft, ...]
    left_out: tuple[LeftOut, ...]


def read_config_map(path: str) -> ConfigMapDraft:
    """The ConfigMap of a file; `-` is standard input. Other objects in the file are passed over.

    Raises:
        InvalidStop: the file cannot be read or parsed.
        UsageStop: it holds no ConfigMap, or more than one.
    """
    source = read_source(path)
    if isinstance(source, Finding):
        raise _unreadable(path, [source])
    maps = [found for found in _documents(source) if _text(found, "kind") == "ConfigMap"]
    if len(maps) != 1:
        message = f"{source.name} holds {len(maps) or 'no'} ConfigMap{'s' if len(maps) > 1 else ''}"
        raise UsageStop(message, "give a file with one: kubectl get configmap NAME -o yaml > configmap.yaml")
    return _draft(maps[0])


def _documents(source: Source) -> Iterator[nodes.Node]:
    bounds = document_bounds(source, helm_version=4)
    if isinstance(bounds, Finding):
        raise _unreadable(source.name, [bounds])
    for start, end in bounds:
        # The other documents are blanked, so that places stay those of the file.
        alone = Source(source.name, re.sub(r"[^\n]", " ", source.text[:start]) + source.text[start:end])
        node, findings = parse_yaml(alone)
        if any(map(is_error, findings)):
            raise _unreadable(source.name, findings)
        if node is not None:
            items = nodes.find(node, ("items",)) if _text(node, "kind") == "List" else None
            yield from items.items if isinstance(items, nodes.Sequence) else (node,)


def _unreadable(path: str, findings: list[Finding]) -> InvalidStop:
    return InvalidStop(f"{path} cannot be read as a ConfigMap", findings)


def _draft(config_map: nodes.Node) -> ConfigMapDraft:
    data = nodes.find(config_map, ("data",))
    settings: dict[str, Draft] = {}
    left_out = []
    for entry in data.entries if isinstance(data, nodes.Mapping) else ():
        reason = _unfit(entry)
        if reason:
            left_out.append(LeftOut(entry.key, entry.key_span.place(), reason))
        else:
            name = _unique(camel_of(entry.key), settings)
            settings[name] = drafted(name, entry.key, _value(entry.value), description=_comment(entry))
    binary = nodes.find(config_map, ("binaryData",))
    left_out += [
        LeftOut(entry.key, entry.key_span.place(), "it holds bytes, and a setting is a text")
        for entry in (binary.entries if isinstance(binary, nodes.Mapping) else ())
    ]
    name, namespace = (_text(config_map, "metadata", key) for key in ("name", "namespace"))
    return ConfigMapDraft(name, namespace, tuple(settings.values()), tuple(left_out))


def _unfit(entry: nodes.Entry) -> str:
    if not isinstance(entry.value, nodes.Scalar):
        return "it holds no text"
    if names_a_secret(entry.key):
        return "it looks like a secret, and every visitor can read the page; keep it in a Secret for the backend alone"
    if not is_env(entry.key):
        return "it is no environment name (A-Z, 0-9 and _); keep it under extraData in the chart's values"
    if "\n" in _value(entry.value):
        return "it holds several lines, as a file does; keep it under extraData in the chart's values"
    return ""


def _value(node: nodes.Node) -> str:
    """The text that Kubernetes holds; a number that its author forgot to quote stands as it is written."""
    if isinstance(node, nodes.Scalar) and isinstance(node.value, str):
        return node.value
    return "" if isinstance(node, nodes.Scalar) and node.value is None else node.span.text


def _comment(entry: nodes.Entry) -> str:
    """The comment behind the value, else the lines of comment right above the key."""
    source, line = entry.value.span.source, entry.value.span.end_line_column[0]
    behind = source.text[entry.value.span.end :].partition("\n")[0].strip()
    if behind.startswith("#"):
        return behind.lstrip("# ").strip()
    above: list[str] = []
    line = entry.key_span.line - 1
    while line >= 1 and source.line(line).lstrip().startswith("#"):
        above.insert(0, source.line(line).strip().lstrip("# ").strip())
        line -= 1
    return " ".join(filter(None, above))


def _unique(name: str, taken: dict[str, Draft]) -> str:
    number = 2
    unique = name
    while unique in taken:
        unique = f"{name}{number}"
        number += 1
    return unique


def _text(node: nodes.Node, *path: str) -> str:
    found = nodes.find(node, path)
    return found.value if isinstance(found, nodes.Scalar) and isinstance(found.value, str) else ""
