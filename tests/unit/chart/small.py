"""Settings for tests of texts, made from defaults: `settings_of({"a": 1, "g": {"x": true}})`."""

from __future__ import annotations

import json
from typing import Any

from chartgen.settings.model import Settings
from chartgen.settings.schema import read_settings
from chartgen.source import Source

_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string"}


def settings_of(defaults: dict[str, Any], **root: Any) -> Settings:
    """A setting for each default, its variable named by its path; `root` are further keywords of the schema."""
    document = group(defaults, ()) | root
    settings, findings = read_settings(Source("small.json", json.dumps(document)))
    assert settings is not None, findings
    return settings


def group(defaults: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    """The schema of a group of settings."""
    properties = {
        key: group(value, (*path, key)) if isinstance(value, dict) else leaf(value, (*path, key))
        for key, value in defaults.items()
    }
    return {"type": "object", "properties": properties}


def leaf(default: Any, path: tuple[str, ...]) -> dict[str, Any]:
    """The schema of one setting."""
    return {"type": _TYPES[type(default)], "default": default, "x-env": "_".join(path).upper()}
