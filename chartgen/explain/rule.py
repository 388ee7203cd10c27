"""A rule, explained: its page."""

from __future__ import annotations

from chartgen.explain.setting import bounds, rule_data, rule_text
from chartgen.settings.constraints import show
from chartgen.settings.model import Rule, Settings


def rule_page(rule: Rule, settings: Settings) -> str:
    """The page of a rule, in Markdown: what it says, and the settings that it reads."""
    operands = [settings.setting(path) for path in rule.operands]
    facts = [(each.name, f"default {show(each.default)}", *bounds(each)) for each in operands]
    listed = "\n".join(f"- {name}: {', '.join(words)}" for name, *words in facts)
    return f"# Rule\n\n{rule_text(rule)}\n\n## Settings\n\n{listed}\n"


def rule_with_operands(rule: Rule) -> dict[str, object]:
    """The same for programs: plain JSON."""
    return {**rule_data(rule), "settings": [".".join(path) for path in rule.operands]}
