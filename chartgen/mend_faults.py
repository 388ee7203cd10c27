"""The value nearest to one that breaks a keyword of a JSON Schema, where it is clear which one that is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction

from chartgen.documents.json_schema import Fault
from chartgen.documents.nodes import Plain
from chartgen.documents.scalars import Value
from chartgen.names import MOST_KNOWN, likeliest
from chartgen.settings.readings import certain

_BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
_CHOICES = frozenset({"enum", "const"})
_BRANCHES = frozenset({"anyOf", "oneOf", "not", "if"})


def nearest_value(fault: Fault, value: Value, written: str, schema: Mapping[str, Plain]) -> Value:
    """What to write instead of a value, `written` so in its file; None where that would be a guess.

    Whether the schema then has nothing more to say of the value is not asked here.
    """
    keywords = _keywords(fault, schema)
    if fault.keyword == "type" and isinstance(value, str) and "string" in _items(fault.limit):
        return value  # moved by another keyword, `yes` to "yes"
    if fault.keyword == "type":
        read = certain(map(str, _items(fault.limit)), value, written)
        return read if read is None else _within(keywords, read)
    if fault.keyword in _BOUNDS:
        return _within(keywords, value)
    if fault.keyword in _CHOICES and _BRANCHES.isdisjoint(map(str, fault.schema_path)):
        return _choice([fault.limit] if fault.keyword == "const" else _items(fault.limit), value, written)
    return None


def _keywords(fault: Fault, schema: Mapping[str, Plain]) -> Mapping[str, Plain]:
    """The keywords beside the one that is broken; that one alone where the schema's path does not lead to it."""
    here: Plain = dict(schema)
    for step in fault.schema_path[:-1]:
        if isinstance(here, dict) and isinstance(step, str):
            here = here.get(step)
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            here = here[step]
        else:
            break
    if isinstance(here, dict) and fault.keyword in here:
        return here
    return {fault.keyword: fault.limit}


def _items(limit: Plain) -> list[Plain]:
    return limit if isinstance(limit, list) else [limit]


def _choice(choices: list[Plain], value: Value, written: str) -> Value:
    if len(choices) > MOST_KNOWN:
        return None
    scalars = [item for item in choices if isinstance(item, bool | int | float | str)]
    if len(choices) == len(scalars) == 1:
        return scalars[0]
    if not isinstance(value, str) and written in choices:  # `on` for "on"
        return written
    if isinstance(value, str):
        by_text = {item if isinstance(item, str) else str(item).lower(): item for item in scalars}
        meant = likeliest(value, by_text)
        return by_text[meant] if meant is not None else None
    own = _exact(value)
    numbers = [item for item in scalars if _exact(item) is not None]
    if own is None or not numbers:
        return None
    near = sorted(numbers, key=lambda item: abs((_exact(item) or 0) - own))
    distances = [abs((_exact(item) or 0) - own) for item in near[:2]]
    return near[0] if len(set(distances)) == len(distances) else None


def _within(keywords: Mapping[str, Plain], value: Value) -> Value:
    """The number nearest to another one that bounds and steps allow; what is no number as it is."""
    own = _exact(value)
    if own is None:
        return value
    is_whole = _items(keywords.get("type")) == ["integer"]
    step = _exact(keywords.get("multipleOf")) or (Fraction(1) if is_whole else None)
    low, high = _end(keywords, "minimum", "exclusiveMinimum", 1), _end(keywords, "maximum", "exclusiveMaximum", -1)
    if step is not None:
        return _stepped(own, step, low, high)
    end = low if low and own <= low[0] else high if high and own >= high[0] else None
    if end is None:
        return value
    # What comes next to an open end is no number that anybody would write.
    return None if end[1] else _number(end[0])


def _stepped(
    own: Fraction, step: Fraction, low: tuple[Fraction, bool] | None, high: tuple[Fraction, bool] | None
) -> Value:
    count = math.ceil(own / step - Fraction(1, 2))
    if low is not None:
        least = math.floor(low[0] / step) + 1 if low[1] else math.ceil(low[0] / step)
        count = max(count, least)
    if high is not None:
        greatest = math.ceil(high[0] / step) - 1 if high[1] else math.floor(high[0] / step)
        count = min(count, greatest)
    return _number(count * step)


def _end(keywords: Mapping[str, Plain], closed: str, opened: str, sign: int) -> tuple[Fraction, bool] | None:
    """The tighter one of two bounds of one side, and whether it is not allowed itself; draft 4's booleans, too."""
    bound, beyond = _exact(keywords.get(closed)), _exact(keywords.get(opened))
    if bound is not None and keywords.get(opened) is True:
        return bound, True
    found = [(end, is_open) for end, is_open in ((bound, False), (beyond, True)) if end is not None]
    return max(found, key=lambda end: (sign * end[0], end[1]), default=None)


def _exact(value: object) -> Fraction | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return Fraction(repr(value))


def _number(value: Fraction) -> int | float:
    return int(value) if value.denominator == 1 else float(value)
