"""A setting, explained: which one a word names, and its page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from chartgen.finding import Severity
from chartgen.settings.constraints import constraints, show
from chartgen.settings.expression import Path
from chartgen.settings.model import Rule, Setting, Settings

_WINDOW = re.compile(r"(?:window\.)?__(?P<env>[A-Z][A-Z0-9_]*?)__")


def find_settings(word: str, settings: Settings) -> list[Setting]:
    """The settings that a word names: by path, by environment or window name, by a former path, or by the last key alone."""
    window = _WINDOW.fullmatch(word)
    name = window["env"] if window else word.removeprefix("settings.")
    exact = [setting for setting in settings.settings if name in (setting.name, setting.env)]
    exact = exact or [setting for setting in settings.settings if name in setting.renamed_from]
    return exact or [setting for setting in settings.settings if setting.path[-1] == name]


def names(settings: Settings) -> list[str]:
    """Every word that names one setting."""
    return [name for setting in settings.settings for name in (setting.name, setting.env)]


def rules_of(setting: Setting, settings: Settings) -> list[Rule]:
    """The rules that read a setting."""
    return [rule for rule in settings.rules if setting.path in rule.operands]


def profile_values(path: Path, settings: Settings) -> dict[str, object]:
    """What each profile that sets the setting gives it."""
    return {profile.name: profile.values[path] for profile in settings.profiles if path in profile.values}


def setting_page(setting: Setting, settings: Settings) -> str:
    """The page of a setting, in Markdown."""
    parts = [f"# {setting.name}: {setting.title}" if setting.title else f"# {setting.name}"]
    parts += [setting.description] if setting.description else []
    parts.append("\n".join(f"- {name}: {text}" for name, text in facts(setting)))
    rules = rules_of(setting, settings)
    parts += ["## Rules", *map(rule_text, rules)] if rules else []
    profiles = profile_values(setting.path, settings)
    lines = [f"- {name}: {show(value)}" for name, value in profiles.items()]
    parts += ["## Profiles", "\n".join(lines)] if profiles else []
    return "\n\n".join(parts) + "\n"


def facts(setting: Setting) -> Iterator[tuple[str, str]]:
    """What there is to know about a setting, each with its name."""
    yield "type", setting.type.value
    if setting.unit:
        yield "unit", setting.unit
    yield "default", show(setting.default)
    allowed = bounds(setting)
    if allowed:
        yield "allowed", ", ".join(allowed)
    yield "in values", f"settings.{setting.name}"
    yield "in the ConfigMap and the environment", setting.env
    yield "in the page", f"window.{setting.window}"
    if setting.role:
        yield "role", setting.role
    if setting.mend_order is not None:
        yield "order of mending", str(setting.mend_order)
    if setting.examples:
        yield "examples", ", ".join(map(show, setting.examples))
    if setting.renamed_from:
        yield "formerly", ", ".join(setting.renamed_from)
    if setting.deprecated:
        yield "deprecated", "whoever sets it gets a warning"
    if setting.span is not None:
        yield "declared at", setting.span.place()


def bounds(setting: Setting) -> list[str]:
    """The limits that the schema gives it, in words: `at least 1000 ms`."""
    return [limit.expected for limit in constraints(setting) if limit.keyword != "type"]


def rule_text(rule: Rule) -> str:
    """What a rule says, where it is written, and its condition, in Markdown."""
    place = f" ({rule.span.place()})" if rule.span is not None else ""
    only = "Only a warning: " if rule.severity is Severity.WARNING else ""
    expression = rule.expression.strip()
    return f"{only}{rule.message}{place}\n\n```text\n{expression}\n```"


def setting_data(setting: Setting, settings: Settings) -> dict[str, object]:
    """The same for programs: plain JSON."""
    return {
        "path": setting.name,
        "type": setting.type.value,
        "title": setting.title,
        "description": setting.description,
        "unit": setting.unit,
        "default": setting.default,
        "allowed": bounds(setting),
        "env": setting.env,
        "window": setting.window,
        "role": setting.role,
        "mendOrder": setting.mend_order,
        "examples": list(setting.examples),
        "deprecated": setting.deprecated,
        "renamedFrom": list(setting.renamed_from),
        **_place(setting),
        "rules": [rule_data(rule) for rule in rules_of(setting, settings)],
        "profiles": profile_values(setting.path, settings),
    }


def rule_data(rule: Rule) -> dict[str, object]:
    """The same for programs."""
    words = {"rule": rule.expression, "message": rule.message, "severity": rule.severity.value}
    return {**words, **_place(rule)}


def _place(written: Setting | Rule) -> dict[str, object]:
    span = written.span
    if span is None:
        return {"file": None, "line": None, "column": None}
    return {"file": span.source.name, "line": span.line, "column": span.column}


def as_json(kind: str, data: dict[str, object]) -> str:
    """One JSON object; `version` changes when a field goes or changes its meaning."""
    return json.dumps({"version": 1, "kind": kind, **data}, indent=2, ensure_ascii=False) + "\n"
