r"""Patterns of JSON Schemas as Helm's RE2 reads them, for an engine that reads them as JavaScript does.

In JavaScript `.` leaves out `\r`, U+2028 and U+2029, and `\s` takes every blank of Unicode.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chartgen.documents.nodes import Plain

_TOKEN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\.", re.DOTALL)
_BLANKS = r"\t\n\f\r "
_OUTSIDE = {".": r"[^\n]", r"\s": f"[{_BLANKS}]", r"\S": f"[^{_BLANKS}]"}
_ESCAPE = re.compile(r"\\.", re.DOTALL)
_DATA = frozenset({"const", "default", "enum", "examples"})
_NAMED = frozenset({"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"})


def re2_schema(schema: Mapping[str, Plain]) -> dict[str, Plain]:
    """The schema with every `pattern` spelled so that a JavaScript-like engine gives RE2's verdict."""
    return {key: _keyword(key, value) for key, value in schema.items()}


def _keyword(key: str, value: Plain) -> Plain:
    if key == "pattern" and isinstance(value, str):
        return re2_pattern(value)
    if key in _DATA:
        return value
    if key in _NAMED and isinstance(value, dict):
        return {name: _schema(item) for name, item in value.items()}
    return [_schema(item) for item in value] if isinstance(value, list) else _schema(value)


def _schema(value: Plain) -> Plain:
    return re2_schema(value) if isinstance(value, dict) else value


def re2_pattern(pattern: str) -> str:
    """One pattern, likewise."""
    return _TOKEN.sub(lambda found: _token(found[0]), pattern)


def _token(token: str) -> str:
    if token.startswith("["):
        return _ESCAPE.sub(lambda found: _BLANKS if found[0] == r"\s" else found[0], token)
    return _OUTSIDE.get(token, token)
