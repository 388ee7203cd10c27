"""The ConfigMap of the settings, byte for byte as the chart's template makes it, without Helm."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from chartgen.finding import RefusedStop
from chartgen.manifests.go_text import quoted, to_yaml
from chartgen.manifests.labels import Values, fullname, labels, section, text
from chartgen.manifests.release import Release
from chartgen.project_model import Chart
from chartgen.settings.expression import Value
from chartgen.settings.model import DIGEST_ANNOTATION, Setting, Settings
from chartgen.settings.strings import render_text

ROOT = "settings"
"""The key of the values below which the settings stand."""


def config_map(settings: Settings, chart: Chart, values: Values, release: Release, *, plain: bool = True) -> str:
    """The text of the ConfigMap; `values` are a chart's effective values that the judge accepts.

    With `plain` its labels do not claim that Helm manages it; without, it is what the written chart makes.

    Raises:
        RefusedStop: what only Helm's guard or Kubernetes refuses.
    """
    lines = [
        "apiVersion: v1",
        "kind: ConfigMap",
        "metadata:",
        f"  name: {quoted(config_map_name(chart, values, release))}",
        f"  namespace: {quoted(release.namespace)}",
        "  labels:",
        *(f"    {line}" for line in to_yaml(labels(chart, values, release, plain=plain))),
        "  annotations:",
        f'    {DIGEST_ANNOTATION}: "{settings.verdict_digest}"',
        "data:",
        *(f"  {line}" for line in data(settings, values)),
    ]
    return "\n".join(lines) + "\n"


def config_map_name(chart: Chart, values: Values, release: Release) -> str:
    """The name of the ConfigMap."""
    return text(section(values, "names"), "configMap") or f"{fullname(chart, values, release)}-settings"


def data(settings: Settings, values: Values) -> Iterator[str]:
    """The lines of the data: the settings in the schema's order, then `extraData` by key.

    Raises:
        RefusedStop: an extra key is a setting.
    """
    for key, said in texts(settings, values):
        yield f'"{key}": {quoted(said)}'
    taken = {setting.env for setting in settings.settings}
    for key, value in sorted(section(values, "extraData").items()):
        if key in taken:
            raise RefusedStop(f"extraData.{key} is a setting", "set it under settings")
        yield f"{quoted(key)}: {quoted(str(value))}"


def texts(settings: Settings, values: Values) -> Iterator[tuple[str, str]]:
    """The text of each setting by its key, in the schema's order."""
    for setting in settings.settings:
        yield setting.env, render_text(setting.type, _value(setting, values))


def _value(setting: Setting, values: Values) -> Value:
    here = section(values, ROOT)
    for key in setting.path[:-1]:
        here = section(here, key)
    found = here.get(setting.path[-1])
    return setting.default if found is None else cast("Value", found)
