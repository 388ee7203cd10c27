"""Names in their two spellings: camelCase in the schema, UPPER_CASE in the environment; and what a suffix tells."""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_ENV = re.compile(r"[A-Z][A-Z0-9_]*")
_CEL_WORDS = frozenset(
    "as break const continue else false for function if import in let loop namespace null package return self true "
    "var void while".split()
)
_UNITS = {
    "ms": "ms",
    "millis": "ms",
    "milliseconds": "ms",
    "s": "s",
    "sec": "s",
    "secs": "s",
    "seconds": "s",
    "min": "min",
    "mins": "min",
    "minutes": "min",
    "percent": "percent",
    "pct": "percent",
    "bytes": "bytes",
    "attempts": "count",
    "count": "count",
    "retries": "count",
}


def is_env(name: str) -> bool:
    """Whether a key of a ConfigMap can be the environment name of a setting."""
    return _ENV.fullmatch(name) is not None


def env_of(name: str) -> str:
    """`refreshIntervalMs` -> `REFRESH_INTERVAL_MS`."""
    return "_".join(word.upper() for word in _WORD.findall(name))


def camel_of(env: str) -> str:
    """`REFRESH_INTERVAL_MS` -> `refreshIntervalMs`; a word of CEL gets `Value` behind it, since no rule could read it."""
    first, *rest = (word.lower() for word in env.split("_") if word)
    name = first + "".join(word.capitalize() for word in rest)
    return f"{name}Value" if name in _CEL_WORDS else name


def unit_of(name: str) -> str:
    """The unit that the last word of a name tells, or nothing."""
    words = _WORD.findall(name)
    return _UNITS.get(words[-1].lower(), "") if words else ""


def title_of(name: str) -> str:
    """`refreshIntervalMs` -> `Refresh interval`: the words, without a unit that stands beside the value anyway."""
    words = [word if word.isupper() and len(word) > 1 else word.lower() for word in _WORD.findall(name)]
    if len(words) > 1 and _UNITS.get(words[-1].lower(), "count") != "count":
        words.pop()
    text = " ".join(words)
    return text[:1].upper() + text[1:]
