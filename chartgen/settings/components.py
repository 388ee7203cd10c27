"""Which settings stand or fall together: those that rules join, directly or by others between them.

Where values cannot be used and defaults take their place, a rule must not see one of them and one of the others.
"""

from __future__ import annotations

from chartgen.finding import Severity
from chartgen.settings.expression import Path
from chartgen.settings.model import Settings


def components(settings: Settings) -> tuple[tuple[Path, ...], ...]:
    """The settings that rules (errors, not warnings) join, two or more at a time, in the schema's order."""
    group = {setting.path: {setting.path} for setting in settings.settings}
    for rule in settings.rules:
        if rule.severity is Severity.ERROR:
            joined = set().union(*(group[path] for path in rule.operands))
            group |= dict.fromkeys(joined, joined)
    found = dict.fromkeys(tuple(path for path in group if path in group[first]) for first in group)
    return tuple(component for component in found if len(component) > 1)
