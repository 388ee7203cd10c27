"""Rules as variables of an admission policy: whether each holds, what mends it, and the row that says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chartgen.enforce.celexpression import chain, emit
from chartgen.enforce.policy_settings import Variable, shown_name, value_name, wrong_name
from chartgen.settings.expression import (
    Literal,
    Path,
    Reference,
    Type,
)
from chartgen.settings.message import TOLD, rule_message, told
from chartgen.settings.model import Rule, Settings
from chartgen.settings.solve import Mend, mends, moves, new_value, words

LONGEST_MENDS = 60_000
"""Code points of a rule's mends, which grow with the square of its comparisons; beyond that, the rule has none here."""

_OR, _RELATION = 1, 3


def holds(rule: Rule, settings: Settings, comment: str) -> Variable:
    """Whether the rule holds."""
    return Variable(f"holds_{_number(rule, settings)}", emit(rule.check, _names(settings)), comment)


def said(rule: Rule, settings: Settings, comment: str, *, with_mends: bool) -> Iterator[Variable]:
    """The mends of a rule, if it has any, and the row of one that is broken."""
    number = _number(rule, settings)
    message = emit(told(rule_message(rule)), _names(settings))
    found = _mends(rule, settings) if with_mends else []
    if found:
        yield from found
        listed = f"variables.mends_{number}"
        message = f"{message}\n+ ({listed}.size() == 0 ? '' : '; ' + {listed}.join(', or '))"
    right = [f"{wrong_name(path)}.size() == 0" for path in rule.operands]
    broken = chain(["variables.bytes.size() == 0", *right, f"!variables.holds_{number}"], " && ")
    yield Variable(f"broken_{number}", f"{broken}\n? [['rule', {message}]]\n: []", comment)


def _mends(rule: Rule, settings: Settings) -> list[Variable]:
    """The new values that take some arithmetic, and, at last, the words of the mends that work; none beyond the limit."""
    number, room = _number(rule, settings), LONGEST_MENDS
    made: list[Variable] = []
    parts: list[str] = []
    for place, mend in enumerate(mends(rule, settings), 1):
        new, source = f"variables.mend_{number}_{place}", emit(mend.value, _names(settings))
        if isinstance(mend.value, Literal | Reference):
            new = source
        else:
            made.append(Variable(new.removeprefix("variables."), source))
        parts.append(_mend(mend, settings, new))
        room -= len(parts[-1])
        if room < 0:
            return []
    listed = ",\n  ".join(parts)
    return [*made, Variable(f"mends_{number}", f"[\n  {listed}\n].filter(mend, mend != '')")] if parts else []


def broken_name(rule: Rule, settings: Settings) -> str:
    """The row of a broken rule."""
    return f"variables.broken_{_number(rule, settings)}"


def _number(rule: Rule, settings: Settings) -> int:
    return next(place for place, other in enumerate(settings.rules, 1) if other is rule)


def _names(settings: Settings) -> dict[Path, str]:
    """The source of each setting's value; behind `TOLD`, of a text as a message has it."""
    names = {setting.path: value_name(setting.path) for setting in settings.settings}
    texts = (setting.path for setting in settings.settings if setting.type is Type.STRING)
    return names | {(TOLD, *path): shown_name(path) for path in texts}


def _mend(mend: Mend, settings: Settings, value: str) -> str:
    """The words of a mend that works, an empty text for one that does not."""
    old = _names(settings)
    new = {**old, mend.path: value, (TOLD, *mend.path): value}
    demands = [emit(moves(mend), {**old, new_value(mend).path: value}, _RELATION)]
    demands += [emit(demand, new, _RELATION) for demand in mend.demands]
    demands += [_keeps(kept, settings, new) for kept in mend.keeps]
    return f"{chain(demands, ' && ')} ? {emit(words(mend), new, _OR)} : ''"


def _keeps(kept: Rule, settings: Settings, new: Mapping[Path, str]) -> str:
    return f"(!variables.holds_{_number(kept, settings)} || {emit(kept.check, new, _OR)})"
