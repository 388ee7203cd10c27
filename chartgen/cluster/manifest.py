"""The ConfigMap of a manifest that is to be applied: judged where it stands, then as texts that are wanted."""

from __future__ import annotations

from chartgen.cluster.live import LiveMap
from chartgen.cluster.target import Target
from chartgen.cluster.wanted import Wanted
from chartgen.documents.manifests import Manifest, read_manifests
from chartgen.documents.nodes import Mapping, Scalar, find, plain
from chartgen.documents.reading import read_source
from chartgen.finding import Finding, InvalidStop, UsageStop, is_error
from chartgen.manifest_findings import Beside, config_map_findings, entries
from chartgen.source import Source


def wanted_of(file: str, target: Target) -> Wanted:
    """What the target's ConfigMap in a file has; `-` is the standard input.

    Raises:
        InvalidStop: it cannot be read, or has errors (exit 1).
        UsageStop: it has no such ConfigMap, or several.
    """
    source = read_source(file)
    if isinstance(source, Finding):
        raise InvalidStop("nothing was changed", [source], exit_code=1)
    manifest, told = _found(source, target)
    findings = [*told, *config_map_findings(manifest, target.settings, Beside())]
    if any(map(is_error, findings)):
        raise InvalidStop("nothing was changed", findings, exit_code=1)
    if held := entries(manifest, "binaryData"):
        raise UsageStop(f"{source.name} has binaryData ({held[0].key}), which is not applied", "use kubectl for that")
    data = {entry.key: entry.value for entry in entries(manifest, "data")}
    texts = {key: node.value for key, node in data.items() if isinstance(node, Scalar) and isinstance(node.value, str)}
    if other := next((key for key in data if key not in texts), ""):
        raise UsageStop(f"{other} is no text in {source.name}: Kubernetes would refuse it", "put it in quotes")
    return Wanted(texts, manifest.namespace, _new(manifest), tuple(findings))


def _new(manifest: Manifest) -> LiveMap:
    """What is created where there is none: with the labels and annotations that stand there."""
    labels, annotations = (_texts(manifest, field) for field in ("labels", "annotations"))
    immutable = find(manifest.node, ("immutable",))
    is_immutable = isinstance(immutable, Scalar) and immutable.value is True
    return LiveMap(manifest.namespace, manifest.name, "", {}, labels, annotations, is_immutable=is_immutable)


def _texts(manifest: Manifest, field: str) -> dict[str, str]:
    found = find(manifest.node, ("metadata", field))
    given = [(entry.key, plain(entry.value)) for entry in found.entries] if isinstance(found, Mapping) else []
    if other := next((key for key, value in given if not isinstance(value, str)), ""):
        message = f"{other} in metadata.{field} is no text in {manifest.file}: Kubernetes would refuse it"
        raise UsageStop(message, "put it in quotes")
    return {key: str(value) for key, value in given}


def _found(source: Source, target: Target) -> tuple[Manifest, list[Finding]]:
    manifests, findings = read_manifests(source) or ([], [])
    if any(map(is_error, findings)):
        raise InvalidStop("nothing was changed", findings, exit_code=1)
    maps = [each for each in manifests if each.kind == "ConfigMap"]
    found = [each for each in maps if each.name == target.config_map]
    if len(found) == 1:
        return found[0], findings
    if found:
        raise UsageStop(f"{source.name} has ConfigMap {target.config_map} {len(found)} times", "leave one")
    names = ", ".join(each.name for each in maps) or "none"
    message = f"{source.name} has no ConfigMap {target.config_map}; the ConfigMaps in it: {names}"
    raise UsageStop(message, "name another file, or the environment that this one is of: --env NAME")
