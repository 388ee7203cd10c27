"""Which values a setting allowed and does not allow any more. What is not told here, the new bounds allow."""

from __future__ import annotations

from collections.abc import Iterator

from chartgen.records import dataclass
from chartgen.settings.constraints import constraints, show
from chartgen.settings.expression import Type, Value
from chartgen.settings.intervals import setting_range
from chartgen.settings.judge import violations
from chartgen.settings.model import Setting

LOW = ("minimum", "exclusiveMinimum")
HIGH = ("maximum", "exclusiveMaximum")
CHOICES = ("enum", "const")


@dataclass(frozen=True)
class Narrowing:
    """A keyword that allows less than before, in words what was and what is allowed, and the choices that are gone."""

    keyword: str
    before: str
    after: str
    lost: str = ""


def narrowings(old: Setting, new: Setting) -> Iterator[Narrowing]:
    """What the new setting allows less than the old one; both are of one type."""
    choices = _choices(old)
    if choices is not None:
        yield from _lost_choices(choices, old, new)
    elif _choices(new) is not None:
        yield _narrowing(CHOICES, old, new, "any value within the other bounds")
    elif new.type is Type.STRING:
        yield from _shorter(old, new)
    else:
        yield from _smaller(old, new)


def _choices(setting: Setting) -> list[Value] | None:
    """The values of a setting that has few; None for one that has many."""
    bounds = setting.bounds
    listed: tuple[Value, ...] | None = (False, True) if setting.type is Type.BOOLEAN else None
    listed = (bounds.const,) if bounds.const is not None else bounds.enum or listed
    return None if listed is None else [value for value in listed if not any(violations(setting, value))]


def _lost_choices(choices: list[Value], old: Setting, new: Setting) -> Iterator[Narrowing]:
    lost = {show(value): next(violations(new, value), None) for value in choices}
    broken = [violation.keyword for violation in lost.values() if violation is not None]
    if broken:
        gone = ", ".join(value for value, violation in lost.items() if violation is not None)
        after = _words(new, CHOICES) or "; ".join(_words(new, (keyword,)) for keyword in dict.fromkeys(broken))
        yield Narrowing(broken[0], _words(old, CHOICES) or "true or false", after, gone)


def _smaller(old: Setting, new: Setting) -> Iterator[Narrowing]:
    if new.type is Type.INTEGER:
        was, now = setting_range(old), setting_range(new)
        is_higher, is_lower = now.low.value > was.low.value, now.high.value < was.high.value
    else:
        is_higher, is_lower = _end(new, LOW, 1) > _end(old, LOW, 1), _end(new, HIGH, -1) > _end(old, HIGH, -1)
    if is_higher:
        yield _narrowing(LOW, old, new, "no minimum")
    if is_lower:
        yield _narrowing(HIGH, old, new, "no maximum")
    step = new.bounds.multiple_of
    if step is not None and (old.bounds.multiple_of or 1) % step:
        yield _narrowing(("multipleOf",), old, new, "any whole number")


def _end(setting: Setting, keywords: tuple[str, str], sign: int) -> tuple[float, bool]:
    """The lower end of a number, or with the other `sign` the upper one, so that the larger end allows less."""
    bounds = setting.bounds
    closed, opened = (
        (bounds.minimum, bounds.exclusive_minimum) if keywords is LOW else (bounds.maximum, bounds.exclusive_maximum)
    )
    ends = [(sign * end, is_open) for end, is_open in ((closed, False), (opened, True)) if end is not None]
    return max(ends, default=(float("-inf"), False))


def _shorter(old: Setting, new: Setting) -> Iterator[Narrowing]:
    was, now = setting_range(old), setting_range(new)
    if now.low.value > was.low.value:
        yield _narrowing(("minLength",), old, new, "of any length")
    if now.high.value < was.high.value:
        yield _narrowing(("maxLength",), old, new, "of any length")
    if new.bounds.pattern is not None and new.bounds.pattern != old.bounds.pattern:
        yield _narrowing(("pattern",), old, new, "any text")


def _narrowing(keywords: tuple[str, ...], old: Setting, new: Setting, unlimited: str) -> Narrowing:
    written = [limit.keyword for limit in constraints(new) if limit.keyword in keywords]
    return Narrowing(written[-1] if written else "type", _words(old, keywords) or unlimited, _words(new, keywords))


def _words(setting: Setting, keywords: tuple[str, ...]) -> str:
    """What the keywords demand, in words; empty where the setting has none of them."""
    return " and ".join(limit.expected for limit in constraints(setting) if limit.keyword in keywords)
