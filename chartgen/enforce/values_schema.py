"""Settings as the `values.schema.json` of a chart: what Helm itself, and editors, can check of the values.

JSON Schema 2020-12, self-contained, so that Helm fetches nothing. It knows types and bounds; rules stay in it as
`x-kubernetes-validations`, which Helm ignores: those are the guard's.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, cast

from chartgen.documents.nodes import Plain
from chartgen.enforce.chart_checks import MADE_BY
from chartgen.resources import load_schema
from chartgen.settings.model import NUMBER_BOUND, SAFE_INTEGER, Settings

DIALECT = "https://json-schema.org/draft/2020-12/schema"
NUMBER_STEP = 0.000001
"""What every number is a multiple of, so that Helm refuses a seventh decimal."""

_NOT_FOR_VALUES = frozenset({"$schema", "$id", "x-profiles"})


def values_schema(settings: Settings) -> dict[str, Plain]:
    """The schema of a chart's values as plain JSON: `settings` from the settings schema, the other keys as in every chart.

    Nothing is required; the root is closed but for `global` and `enabled`, which a parent chart adds.
    """
    others = cast("dict[str, Plain]", deepcopy(load_schema("chart-values.json")["properties"]))
    _keep_names(others, [setting.env for setting in settings.settings])
    return {
        "$schema": DIALECT,
        "$comment": MADE_BY,
        "title": f"Values: {settings.title}" if settings.title else "Values",
        "type": "object",
        "additionalProperties": False,
        "properties": {"settings": settings_part(settings), **others},
    }


def _keep_names(others: dict[str, Plain], names: list[str]) -> None:
    """Refuse what would become environment variables beside the settings, and has the name of one.

    By `patternProperties`: of what `propertyNames` refuses, Helm names another key now and then.
    """
    data, env = cast("Any", others["extraData"]), cast("Any", others["env"])
    if names:
        data["patternProperties"] = {f"^({'|'.join(names)})$": False}
        env["items"]["patternProperties"] = {"^name$": {"not": {"enum": names}}}


def settings_part(settings: Settings) -> dict[str, Plain]:
    """The schema of the values below `settings`."""
    document = {key: value for key, value in settings.document.items() if key not in _NOT_FOR_VALUES}
    return _part(deepcopy(document))


def _part(schema: dict[str, Plain]) -> dict[str, Plain]:
    properties = schema.get("properties")
    if isinstance(properties, dict):
        parts = {key: _part(part) for key, part in properties.items() if isinstance(part, dict)}
        return {"type": "object", "additionalProperties": False, **schema, "properties": cast("Plain", parts)}
    return schema | _limits(schema)


def _limits(schema: dict[str, Plain]) -> dict[str, Plain]:
    """What every enforcer holds integers and numbers to, where the schema is not narrower."""
    if schema.get("type") == "integer":
        return {"minimum": schema.get("minimum", -SAFE_INTEGER), "maximum": schema.get("maximum", SAFE_INTEGER)}
    if schema.get("type") == "number":
        low, high = schema.get("minimum", -NUMBER_BOUND), schema.get("maximum", NUMBER_BOUND)
        return {"minimum": low, "maximum": high, "multipleOf": NUMBER_STEP}
    return {}
