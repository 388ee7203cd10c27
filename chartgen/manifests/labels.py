"""The labels of the chart's objects, as its `_helpers.tpl` makes them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import cast

from chartgen.documents.nodes import Plain
from chartgen.finding import RefusedStop
from chartgen.manifests.release import Release
from chartgen.project_model import Chart

Values = Mapping[str, Plain]

_LONGEST = 63
_VALUE = re.compile(r"([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?)?")
_PREFIX = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*")


def labels(chart: Chart, values: Values, release: Release, *, plain: bool = True) -> dict[str, str]:
    """The labels of an object: those that the chart makes, then `commonLabels`.

    `plain` are those of manifests that Helm does not manage.

    Raises:
        RefusedStop: one is no label that Kubernetes takes.
    """
    name = _name(chart, values)
    own = {"app.kubernetes.io/name": name, "app.kubernetes.io/instance": release.name}
    if not plain:
        own["helm.sh/chart"] = _cut(f"{chart.name}-{chart.version}".replace("+", "_")).strip("._-")
    own |= {
        "app.kubernetes.io/component": "frontend",
        "app.kubernetes.io/part-of": text(values, "partOf") or name,
        "app.kubernetes.io/managed-by": "chartgen" if plain else "Helm",
    }
    if chart.app_version:
        own["app.kubernetes.io/version"] = _cut(re.sub(r"[^A-Za-z0-9._-]", "_", chart.app_version)).strip("._-")
    given = cast("Mapping[str, str]", section(values, "commonLabels"))
    found = {
        **given,
        **{key: value or given.get(key, "") for key, value in own.items()},
    }  # Sprig's merge fills empty ones
    for key, value in found.items():
        _check(key, value)
    return found


def fullname(chart: Chart, values: Values, release: Release) -> str:
    """The name of what has none in `names`."""
    given, name = text(values, "fullnameOverride"), text(values, "nameOverride") or chart.name
    whole = given or (release.name if name in release.name else f"{release.name}-{name}")
    return _cut(whole).removesuffix("-")


def section(values: Values, key: str) -> Values:
    """The mapping at a key; empty where there is none."""
    found = values.get(key)
    return found if isinstance(found, dict) else {}


def text(values: Values, key: str) -> str:
    """The text at a key; empty where there is none."""
    found = values.get(key)
    return found if isinstance(found, str) else ""


def _name(chart: Chart, values: Values) -> str:
    return _cut(text(values, "nameOverride") or chart.name).removesuffix("-")


def _cut(whole: str) -> str:
    """As Sprig's `trunc` cuts: bytes."""
    return whole.encode()[:_LONGEST].decode(errors="replace")


def _check(key: str, value: str) -> None:
    prefix, slash, name = key.rpartition("/")
    fits = not slash or (_PREFIX.fullmatch(prefix) and len(prefix) <= 253)
    if not fits or not name or not _VALUE.fullmatch(name) or len(name) > _LONGEST:
        message = f"commonLabels holds {key!r}, which cannot be the key of a label"
    elif not _VALUE.fullmatch(value) or len(value) > _LONGEST:
        message = f"the label {key} would be {value!r}, which Kubernetes does not take"
    else:
        return
    raise RefusedStop(message, "use letters, digits, dashes, underscores and dots, at most 63 of them")
