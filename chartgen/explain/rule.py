"""A rule, explained: which one a place names, and its page."""

from __future__ import annotations

import os
import re

from chartgen.explain.setting import bounds, rule_data, rule_text
from chartgen.settings.constraints import show
from chartgen.settings.model import Rule, Settings

_PLACE = re.compile(r"(?P<file>.+?):(?P<line>[0-9]{1,9})(?::[0-9]+)?")


def find_rule(place: str, settings: Settings) -> Rule | None:
    """The rule at `FILE:LINE` or `FILE:LINE:COLUMN`, as reports tell it; the folder of FILE does not count."""
    found = _PLACE.fullmatch(place)
    if found is None or os.path.basename(found["file"]) != os.path.basename(settings.source.name):
        return None
    rules = (rule for rule in settings.rules if rule.span is not None and rule.span.line == int(found["line"]))
    return next(rules, None)


def rule_page(rule: Rule, settings: Settings) -> str:
    """The page of a rule, in Markdown: what it says, and the settings that it reads."""
    operands = [settings.setting(path) for path in rule.operands]
    facts = [(each.name, f"default {show(each.default)}", *bounds(each)) for each in operands]
    listed = "\n".join(f"- {name}: {', '.join(words)}" for name, *words in facts)
    return f"# Rule\n\n{rule_text(rule)}\n\n## Settings\n\n{listed}\n"


def rule_with_operands(rule: Rule) -> dict[str, object]:
    """The same for programs: plain JSON."""
    return {**rule_data(rule), "settings": [".".join(path) for path in rule.operands]}
