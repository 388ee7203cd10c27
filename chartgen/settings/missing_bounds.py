"""The bounds that an author has to add, so that a rule can be proven."""

from __future__ import annotations

from collections.abc import Mapping

from chartgen.records import dataclass, replace
from chartgen.settings.expression import Expression, Path, Type, references
from chartgen.settings.intervals import Unproven, interval, setting_range, unproven
from chartgen.settings.model import SAFE_INTEGER, Setting


@dataclass(frozen=True)
class MissingBound:
    """A bound that, written into the schema, makes a proof go through."""

    path: Path
    keyword: str
    value: int


@dataclass(frozen=True)
class Mending:
    """Bounds that prove a node: each of them alone, or, with `together`, only all at once."""

    bounds: tuple[MissingBound, ...]
    together: bool = False


def mending_bounds(settings: Mapping[Path, Setting], fault: Unproven) -> Mending:
    """The loosest bounds that prove the faulty node: those that are missing before those that could be tightened."""
    paths = references(fault.node)
    candidates = [(path, keyword) for path in paths for keyword in _keywords(settings[path])]
    if fault.divides_by_zero:
        return Mending(_beside_zero(candidates, fault.node, settings))
    missing = [(path, keyword) for path, keyword in candidates if _written(settings[path], keyword) is None]
    if len(missing) > 1 and (joint := _loosest(missing, fault.node, settings)):
        return Mending(joint, together=True)
    for tried in (missing, candidates):
        single = [_loosest([candidate], fault.node, settings) for candidate in tried]
        found = tuple(bounds[0] for bounds in single if bounds)
        if found:
            return Mending(found)
    return Mending(_loosest(candidates, fault.node, settings), together=True)


def _keywords(setting: Setting) -> tuple[str, ...]:
    return ("maxLength",) if setting.type is Type.STRING else ("maximum", "minimum")


def _written(setting: Setting, keyword: str) -> float | None:
    bounds = setting.bounds
    return {"maximum": bounds.maximum, "minimum": bounds.minimum, "maxLength": bounds.max_length}[keyword]


def _loosest(
    candidates: list[tuple[Path, str]], node: Expression, settings: Mapping[Path, Setting]
) -> tuple[MissingBound, ...]:
    """The largest magnitude that, as the bound of every candidate at once, proves the node; () if none does."""

    def proves(size: int) -> bool:
        tried = dict(settings)
        for path, keyword in candidates:
            tried[path] = _narrowed(tried[path], keyword, size)
        return all(_sound(tried[path]) for path, _ in candidates) and unproven(node, tried) is None

    sizes = range(SAFE_INTEGER.bit_length() + 1)
    fitting = [power for power in sizes if proves(2**power - 1)]
    if not fitting:
        return ()
    low, high = 2 ** fitting[-1] - 1, 2 ** (fitting[-1] + 1) - 1
    while low + 1 < high:
        middle = (low + high) // 2
        low, high = (middle, high) if proves(middle) else (low, middle)
    return tuple(MissingBound(path, keyword, -low if keyword == "minimum" else low) for path, keyword in candidates)


def _beside_zero(
    candidates: list[tuple[Path, str]], divisor: Expression, settings: Mapping[Path, Setting]
) -> tuple[MissingBound, ...]:
    """The bounds of which each alone keeps a divisor away from zero, on the side where its default is."""
    sides = {"minimum": 1, "maxLength": 0, "maximum": -1}
    found = []
    for path, keyword in candidates:
        tried = _with_bound(settings[path], keyword, sides[keyword])
        range_ = interval(divisor, {**settings, path: tried}) if _sound(tried) else None
        if range_ is not None and not range_.contains(0):
            found.append(MissingBound(path, keyword, sides[keyword]))
    return tuple(found)


def _narrowed(setting: Setting, keyword: str, size: int) -> Setting:
    return _with_bound(setting, keyword, -size if keyword == "minimum" else size)


def _with_bound(setting: Setting, keyword: str, value: int) -> Setting:
    field_name = {"maximum": "maximum", "minimum": "minimum", "maxLength": "max_length"}[keyword]
    return replace(setting, bounds=replace(setting.bounds, **{field_name: value}))  # type: ignore[arg-type]


def _sound(setting: Setting) -> bool:
    found = setting_range(setting)
    inside = found.low.value <= found.high.value
    if isinstance(setting.default, int) and not isinstance(setting.default, bool):
        return inside and found.contains(setting.default)
    return inside
