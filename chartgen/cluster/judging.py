"""The verdict on a ConfigMap as it would be, by the judge of manifests."""

from __future__ import annotations

import re
from collections.abc import Mapping

from chartgen.cluster.live import LiveMap
from chartgen.documents.manifests import read_manifests
from chartgen.documents.scalar_text import quoted
from chartgen.finding import Finding, is_error
from chartgen.manifest_findings import Beside, config_map_findings
from chartgen.records import replace
from chartgen.settings.expression import Path, Value
from chartgen.settings.model import Settings
from chartgen.settings.strings import parse_text
from chartgen.source import Source

_PLAIN_KEY = re.compile("[A-Z][A-Z0-9]*_[A-Z0-9_]*")  # without the underscore, ON would be a boolean


def map_findings(settings: Settings, live: LiveMap, wanted: Mapping[str, str | None]) -> list[Finding]:
    """The findings of a live ConfigMap with the texts that are wanted, and without the keys whose text is None.

    No file is there that their edits could change.
    """
    return [replace(finding, edits=(), alternatives=()) for finding in read_findings(settings, live, wanted)]


def read_findings(settings: Settings, live: LiveMap, wanted: Mapping[str, str | None]) -> list[Finding]:
    """The same, with their edits of the ConfigMap as it is shown."""
    data = {**live.data, **wanted}
    text = _text(live, {key: text for key, text in data.items() if text is not None})
    read = read_manifests(Source(f"configmap/{live.name}", text))
    assert read is not None
    manifests, told = read
    if any(map(is_error, told)):
        return told
    return [each for manifest in manifests for each in config_map_findings(manifest, settings, Beside())]


def added_errors(settings: Settings, live: LiveMap, wanted: Mapping[str, str | None]) -> list[Finding]:
    """The errors that a live ConfigMap would have with the texts, and does not have as it is."""
    known = {(each.code, each.path, each.message) for each in map_findings(settings, live, {})}
    found = filter(is_error, map_findings(settings, live, wanted))
    return [each for each in found if (each.code, each.path, each.message) not in known]


def values_of(settings: Settings, data: Mapping[str, str]) -> dict[Path, Value]:
    """The value of each setting that a ConfigMap gives; the default for what it does not, or not in the one grammar."""
    values: dict[Path, Value] = {}
    for setting in settings.settings:
        found = parse_text(setting.type, data[setting.env]) if setting.env in data else None
        values[setting.path] = setting.default if found is None else found
    return values


def _text(live: LiveMap, data: Mapping[str, str]) -> str:
    """As `kubectl get -o yaml` shows it, as far as it is judged."""
    lines = [
        "apiVersion: v1",
        "kind: ConfigMap",
        "metadata:",
        f"  name: {quoted(live.name)}",
        f"  namespace: {quoted(live.namespace)}",
        *(["immutable: true"] if live.is_immutable else []),
        "data:" if data else "data: {}",
        *(f"  {_key(key)}: {quoted(text)}" for key, text in data.items()),
    ]
    return "\n".join(lines) + "\n"


def _key(key: str) -> str:
    return key if _PLAIN_KEY.fullmatch(key) else quoted(key)
