"""Keys that are surely meant to be a setting's env name, but are not."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from chartgen.documents.nodes import Entry
from chartgen.edits import Edit
from chartgen.finding import Finding, Severity
from chartgen.names import likeliest
from chartgen.settings.model import Setting
from chartgen.source import Span

_BETWEEN = re.compile(r"[-_.]")
_UNITS = frozenset({"MS", "S", "SEC", "SECS", "SECONDS", "MIN", "MINS", "MINUTES", "H", "PERCENT", "BYTES", "KB", "MB"})
_SURELY = 0.85
"""How alike two names are, one of which is the other misspelt: a letter, or two of a long one."""


def meant_setting(key: str, settings: Iterable[Setting]) -> Setting | None:
    """The one of the settings whose env name a key surely stands for; None where that is a guess."""
    by_env = {setting.env: setting for setting in settings}
    folded: dict[str, list[str]] = {}
    for env in by_env:
        folded.setdefault(_folded(env), []).append(env)
    same = folded.get(_folded(key), [])
    if len(same) == 1:
        return by_env[same[0]]
    near = likeliest(key, by_env)
    return by_env[near] if near is not None and _alike(key, near) else None


def misspelt_keys(entries: Iterable[Entry], missing: Sequence[Setting], path: str = "") -> Iterator[Finding]:
    """CG407 for each key that is meant to be one of the settings that are missing; `path` comes before the key."""
    told: set[str] = set()
    for entry in entries:
        setting = meant_setting(entry.key, missing)
        if setting is None or setting.env in told:
            continue
        told.add(setting.env)
        renames = _rename(entry, setting)
        yield Finding(
            "CG407",
            Severity.ERROR,
            f"{entry.key} is not a setting; {setting.env} is",
            entry.key_span,
            label="it is not read",
            path=f"{path}{entry.key}",
            found=entry.key,
            expected=setting.env,
            help=f"write {setting.env}" if renames else f"write {setting.env}, and its value in {setting.unit}",
            edits=renames,
        )


def _folded(name: str) -> str:
    return _BETWEEN.sub("", name).upper()


def _alike(key: str, env: str) -> bool:
    from difflib import SequenceMatcher  # noqa: PLC0415 - for mistakes only, so clean runs do not pay for it

    return SequenceMatcher(None, key.upper(), env).ratio() >= _SURELY


def _rename(entry: Entry, setting: Setting) -> tuple[Edit, ...]:
    """The edit that writes the env name; none where the value may be of another unit, since the name does not say."""
    own, meant = (_BETWEEN.split(name.upper())[-1] for name in (entry.key, setting.env))
    return () if own != meant and meant in _UNITS else renamed(entry.key_span, entry.key, setting.env)


def renamed(span: Span, name: str, new: str) -> tuple[Edit, ...]:
    """The edit that writes another name in the place of one, with its quotes; none where it is not written plainly."""
    quote = span.text[:1] if span.text[:1] in ("'", '"') else ""
    return (Edit(span, f"{quote}{new}{quote}"),) if span.text == f"{quote}{name}{quote}" else ()
