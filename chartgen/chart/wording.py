"""Settings in words, the same in the comments of `values.yaml` and in the README's tables."""

from __future__ import annotations

from chartgen.chart.yaml_text import number, one_line, setting_value
from chartgen.settings.model import Bounds, Setting

_UNITS = {"ms": "milliseconds", "s": "seconds", "min": "minutes", "percent": "percent", "bytes": "bytes", "count": ""}


def limits(setting: Setting) -> str:
    """What values the setting takes: `integer, milliseconds, 1000 to 60000`."""
    bounds = setting.bounds
    parts = [setting.type.value, _UNITS.get(setting.unit, setting.unit), _range(bounds), _length(bounds)]
    if bounds.multiple_of is not None:
        parts.append(f"a multiple of {bounds.multiple_of}")
    if bounds.enum is not None:
        parts.append(f"one of {', '.join(map(setting_value, bounds.enum))}")
    if bounds.const is not None:
        parts.append(f"always {setting_value(bounds.const)}")
    if bounds.pattern is not None:
        parts.append(f"matching {one_line(bounds.pattern)}")
    return ", ".join(part for part in parts if part)


def _range(bounds: Bounds) -> str:
    low = bounds.minimum if bounds.minimum is not None else bounds.exclusive_minimum
    high = bounds.maximum if bounds.maximum is not None else bounds.exclusive_maximum
    if low is not None and high is not None and bounds.minimum == low and bounds.maximum == high:
        return f"{number(low)} to {number(high)}"
    parts = [
        ("at least", bounds.minimum),
        ("more than", bounds.exclusive_minimum),
        ("at most", bounds.maximum),
        ("less than", bounds.exclusive_maximum),
    ]
    return ", ".join(f"{words} {number(bound)}" for words, bound in parts if bound is not None)


def _length(bounds: Bounds) -> str:
    low, high = bounds.min_length, bounds.max_length
    if low is not None and high is not None:
        return f"{low} to {_characters(high)}"
    if low is not None:
        return f"at least {_characters(low)}"
    return f"at most {_characters(high)}" if high is not None else ""


def _characters(number: int) -> str:
    return "1 character" if number == 1 else f"{number} characters"


def about(setting: Setting) -> str:
    """What the setting is for: its title and its description, or its name where it has neither."""
    title = one_line(setting.title).rstrip(".")
    return ". ".join(part for part in (title, setting.description.strip()) if part) or setting.name
