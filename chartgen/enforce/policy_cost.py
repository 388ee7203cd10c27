"""How long a text may be, so that no expression of an admission policy costs more than the API server allows.

It counts what CEL reads: a character in ten of a text, times a character in four of a pattern, or in ten of a text that is
sought. An expression may cost a million; the mends of a rule ask its expression once for each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isqrt

from chartgen.settings.expression import Call, Expression, Function, Literal, walk
from chartgen.settings.model import Rule, Setting, Settings
from chartgen.settings.solve import mends

LONGEST_TEXT = 100_000
"""The most characters of a text that patterns and rules are asked of at all."""

_MOST = 900_000
_READ, _OF_PATTERN, _SOUGHT = 10, 4, 10


def longest_text(setting: Setting, rules: Sequence[Rule], settings: Settings) -> int:
    """The most characters of the setting's text for its own pattern and for these rules, which read it."""
    cost = _parts(len(setting.bounds.pattern or ""), _OF_PATTERN)
    return min(LONGEST_TEXT, _MOST // cost * _READ, *(_longest_in(rule, settings) for rule in rules))


def _longest_in(rule: Rule, settings: Settings) -> int:
    """The most characters of any text in the rule; where one is sought in another, both are that long."""
    if not any(_calls(rule.check)):
        return LONGEST_TEXT
    found = mends(rule, settings)
    checks = [rule.check] * (1 + len(found)) + [other.check for mend in found for other in mend.keeps]
    known, open_ = 0, 0
    for call in (part for check in checks for part in _calls(check)):
        sought = call.arguments[1]
        if isinstance(sought, Literal):
            known += _parts(len(str(sought.value)), _OF_PATTERN if call.function is Function.MATCHES else _SOUGHT)
        else:
            open_ += 1
    both = isqrt(_MOST // 2 // open_) * _READ if open_ else LONGEST_TEXT
    return min(both, _MOST // 2 // max(known, 1) * _READ)


def _calls(check: Expression) -> Iterator[Call]:
    """Where each character of a text is looked at more than once."""
    for part in walk(check):
        if isinstance(part, Call) and part.function in {Function.MATCHES, Function.CONTAINS}:
            yield part


def _parts(length: int, size: int) -> int:
    return -(-length // size) or 1
