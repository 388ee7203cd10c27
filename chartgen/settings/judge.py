"""The verdict on values that have been read: limits of single settings, then rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from chartgen.records import dataclass
from chartgen.settings.constraints import TYPE_NAMES, constraints
from chartgen.settings.evaluate import evaluate
from chartgen.settings.expression import Expression, Path, Type, Value
from chartgen.settings.model import NUMBER_DECIMALS, Rule, Setting, Settings

if TYPE_CHECKING:
    from chartgen.settings.solve import Mend


@dataclass(frozen=True)
class Violation:
    """One limit that a value breaks: the code of the finding, the keyword, and what was expected."""

    code: str
    keyword: str
    expected: str


@dataclass(frozen=True)
class BrokenRule:
    """A rule that the values break.

    `message` is the sentence that every enforcer says, `heading` the author's part of it, `explanation` the arithmetic;
    `mends` are those that work here.
    """

    rule: Rule
    message: str
    heading: str
    explanation: str
    mends: tuple[Mend, ...]
    mend_words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole line, as the other enforcers print it."""
        return f"{self.message}; {self.help}" if self.mend_words else self.message

    @property
    def help(self) -> str:
        """The mends in one sentence."""
        return ", or ".join(self.mend_words)


def has_type(type_: Type, value: object) -> bool:
    """Whether a value, as documents give it, is of a setting's type."""
    if type_ is Type.BOOLEAN:
        return isinstance(value, bool)
    if type_ is Type.STRING:
        return isinstance(value, str)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return isinstance(value, int) if type_ is Type.INTEGER else float(f"{value:.{NUMBER_DECIMALS}f}") == value


def violations(setting: Setting, value: object) -> Iterator[Violation]:
    """What a single value breaks: its type alone, or else every limit."""
    if not has_type(setting.type, value):
        yield Violation("CG201", "type", TYPE_NAMES[setting.type])
        return
    values = {setting.path: value}
    for limit in constraints(setting):
        if not evaluate(limit.holds, values):  # type: ignore[arg-type]
            yield Violation(limit.code, limit.keyword, limit.expected)


def broken_rules(
    settings: Settings, values: Mapping[Path, Value], wrong: frozenset[Path] = frozenset()
) -> Iterator[BrokenRule]:
    """The rules that the values break, in order of writing.

    `values` has every setting; those in `wrong` broke a limit of their own and stand with their defaults, and no rule
    that reads one of them is judged.
    """
    for rule in settings.rules:
        if wrong.isdisjoint(rule.operands) and not rule.holds(values):
            yield _broken(rule, settings, values)


def _broken(rule: Rule, settings: Settings, values: Mapping[Path, Value]) -> BrokenRule:
    # Most values break no rule.
    from chartgen.settings.message import explanation, rule_message  # noqa: PLC0415
    from chartgen.settings.solve import mends, said, works  # noqa: PLC0415

    working = tuple(mend for mend in mends(rule, settings) if works(mend, values))
    return BrokenRule(
        rule=rule,
        message=_one_line(rule_message(rule), values),
        heading=_one_line(rule.message_expression, values) if rule.message_expression else rule.message,
        explanation=_one_line(explanation(rule.check), values),
        mends=working,
        mend_words=tuple(said(mend, values).replace("\n", " ") for mend in working),
    )


def _one_line(text: Expression, values: Mapping[Path, Value]) -> str:
    return str(evaluate(text, values)).replace("\n", " ")
