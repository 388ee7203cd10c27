"""The settings as TypeScript's types, nested as in the schema, with what is known of each as its documentation."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from chartgen.enforce.tsexpression import literal
from chartgen.settings.constraints import constraints
from chartgen.settings.expression import Path, Type
from chartgen.settings.model import Setting, Settings
from chartgen.settings.strings import render_text

_TYPES = {Type.INTEGER: "number", Type.NUMBER: "number", Type.BOOLEAN: "boolean", Type.STRING: "string"}
_WIDTH = 100


def interface(settings: Settings) -> Iterator[str]:
    """The settings as the app sees them: nested as in the schema."""
    yield from _comment(settings.description or settings.title or "The settings.", "")
    yield "// prettier-ignore"
    yield "export interface Settings {"
    yield from _members(settings, (), "  ")
    yield "}"


def _members(settings: Settings, group: Path, indent: str) -> Iterator[str]:
    for key, path in _below(settings, group):
        setting = settings.by_path.get(path)
        if setting is None:
            yield f"{indent}readonly {key}: {{"
            yield from _members(settings, path, indent + "  ")
            yield f"{indent}}};"
        else:
            yield from _comment(_about(setting), indent)
            yield f"{indent}readonly {key}: {type_of(setting)};"


def _below(settings: Settings, group: Path) -> Iterator[tuple[str, Path]]:
    """The keys right below a group, with the path of each."""
    depth = len(group)
    keys = dict.fromkeys(setting.path[depth] for setting in settings.settings if setting.path[:depth] == group)
    yield from ((key, (*group, key)) for key in keys)


def _about(setting: Setting) -> str:
    limits = ", ".join(limit.expected for limit in constraints(setting) if limit.keyword != "type")
    told = f"{setting.title}: {setting.description}" if setting.title and setting.description else ""
    told = (told or setting.title or setting.description or setting.name).rstrip(".")
    default = literal(setting.default) if setting.type is Type.STRING else render_text(setting.type, setting.default)
    return f"{told}. {setting.env}{f': {limits}' if limits else ''}; default {default}." + (
        "\n@deprecated" if setting.deprecated else ""
    )


def type_of(setting: Setting) -> str:
    """The type of a setting's value: of a text that is chosen, its choices."""
    if setting.type is Type.STRING and setting.bounds.enum is not None:
        return " | ".join(literal(item) for item in setting.bounds.enum)
    return _TYPES[setting.type]


def settings_of(settings: Settings, *, typed: bool = True) -> Iterator[str]:
    """The function from values by environment names, `Values`, to the settings as the app sees them."""
    yield "// prettier-ignore"
    yield f"const settingsOf = ({'v: Values' if typed else 'v'}){': Settings' if typed else ''} => ({{"
    yield from _entries(settings, (), "  ")
    yield "});"


def _entries(settings: Settings, group: Path, indent: str) -> Iterator[str]:
    for key, path in _below(settings, group):
        setting = settings.by_path.get(path)
        if setting is None:
            yield f"{indent}{key}: {{"
            yield from _entries(settings, path, indent + "  ")
            yield f"{indent}}},"
        else:
            yield f"{indent}{key}: v.{setting.env},"


def _comment(told: str, indent: str) -> Iterator[str]:
    """A text as a comment of TypeScript's own documentation."""
    lines: list[str] = []
    for part in told.split("\n@"):
        lines += textwrap.wrap(printable(part), _WIDTH - len(indent)) or [""]
    lines = [f"@{line}" if line == "deprecated" else line for line in lines]
    if len(lines) == 1:
        yield f"{indent}/** {lines[0]} */"
        return
    yield f"{indent}/**"
    yield from (f"{indent} * {line}".rstrip() for line in lines)
    yield f"{indent} */"


def printable(told: str) -> str:
    """One line that can stand in a comment: what ends one, and what steers a terminal, has no place there."""
    line = " ".join("".join(char if char.isprintable() else " " for char in told).split())
    return line.replace("*/", "* /")
