"""The rows of the README's tables, as Markdown."""

from __future__ import annotations

from chartgen.chart.values_file import Schema, properties
from chartgen.chart.wording import about, limits
from chartgen.chart.yaml_text import flow, one_line, setting_value
from chartgen.finding import Severity
from chartgen.settings.model import Rule, Setting, Settings


def settings_rows(settings: Settings) -> list[str]:
    """One row a setting: key, default, limits, environment variable, what it is for."""
    return [_row(*_setting_cells(setting)) for setting in settings.settings]


def _setting_cells(setting: Setting) -> tuple[str, ...]:
    old = "Deprecated. " if setting.deprecated else ""
    default = code(setting_value(setting.default))
    return (
        code(f"settings.{setting.name}"),
        default,
        text(limits(setting)),
        code(setting.env),
        text(old + about(setting)),
    )


def rules_rows(settings: Settings) -> list[str]:
    """One row a rule: its group, its expression, what its breach does, its message."""
    return [_row(*_rule_cells(rule)) for rule in settings.rules]


def _rule_cells(rule: Rule) -> tuple[str, ...]:
    breach = {Severity.ERROR: "refused", Severity.WARNING: "a warning"}[rule.severity]
    return code(".".join(("settings", *rule.group))), code(rule.expression), breach, text(rule.message)


def values_rows(keys: dict[str, Schema]) -> list[str]:
    """One row a value of the chart that is no setting: key, default, what it is for."""
    return [row for key, schema in keys.items() if key != "settings" for row in _value_rows(key, schema)]


def _value_rows(key: str, schema: Schema) -> list[str]:
    parts = properties(schema)
    if parts:
        return [row for name, part in parts.items() for row in _value_rows(f"{key}.{name}", part)]
    default = code(flow(schema["default"])) if "default" in schema else ""
    return [_row(code(key), default, text(str(schema["description"])))]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def code(content: str) -> str:
    """The content as inline code that a table's cell can hold."""
    content = one_line(content).replace("|", "\\|")
    return f"`` {content} ``" if "`" in content else f"`{content}`"


def text(content: str) -> str:
    """A sentence as Markdown that shows it as it is, in one cell."""
    content = one_line(content)
    for char in "\\|<>*_`[]":
        content = content.replace(char, "\\" + char)
    return content
