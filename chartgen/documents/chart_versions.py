"""Versions of charts, and the ranges in which a dependency's version may lie, as Helm's semver library reads them.

It takes `v1`, `1.2` and leading zeros for versions, and the ranges `^1.2`, `~1.2`, `1.x`, `>=1 <2, !=1.5`, `1 - 2`,
`a || b`; an empty range fits nothing. A version with a suffix (`1.0.0-rc.1`) fits only where the range has one, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import TypeAlias

from chartgen.records import dataclass

_MAX_VERSION = 256
_MAX_RANGE = 512
_MAX_ALTERNATIVES = 32
_MAX_PART = 2**64

_SUFFIX = r"(-(?:[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*))?(\+(?:[0-9A-Za-z\-]+(?:\.[0-9A-Za-z\-]+)*))?"
_PLACE = r"[0-9|xX*]+"
_LOOSE = rf"v?({_PLACE})(\.{_PLACE})?(\.{_PLACE})?{_SUFFIX}"
_VERSION = re.compile(rf"v?([0-9]+)(?:\.([0-9]+))?(?:\.([0-9]+))?{_SUFFIX}", re.ASCII)
_ONE = rf"\s*(=>|=<|>=|<=|!=|~>|[=><~^]?)\s*({_LOOSE})"
_GAP = r"\s*,\s*|\s+"
_FROM_TO = rf"\s*({_LOOSE})\s+-\s+({_LOOSE})\s*"
_ANY = frozenset("xX*")


@dataclass(frozen=True)
class _Version:
    major: int
    minor: int
    patch: int
    pre: str

    @property
    def order(self) -> tuple[int, int, int, bool, list[tuple[int, int, str]]]:
        """The sort key: numbers, then a suffix below none, its parts as semver compares them."""
        parts = [(1, int(part), "") if _is_number(part) else (2, 0, part) for part in self.pre.split(".")]
        return self.major, self.minor, self.patch, not self.pre, parts if self.pre else []


@dataclass(frozen=True)
class _Bound:
    """One comparison: `given` is the number of parts (0 to 3) that are no wildcard."""

    operator: str
    version: _Version
    given: int


_Test: TypeAlias = Callable[[_Version, _Bound], bool]


def is_version(text: str) -> bool:
    """Whether Helm takes the text for a chart's version."""
    return _version(text) is not None


def is_range(text: str) -> bool:
    """Whether a text is a range of versions at all."""
    return _range(text) is not None


def fits(wanted: str, text: str) -> bool:
    """Whether a version lies in a range; False where one of them cannot be read."""
    version = _version(text)
    alternatives = _range(wanted)
    if version is None or alternatives is None:
        return False
    return any(_all_hold(version, bounds) for bounds in alternatives)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """Compiled when a range is first asked for: most charts have none."""
    return re.compile(text, re.ASCII)


def _is_number(part: str) -> bool:
    return part.isascii() and part.isdigit() and int(part) < _MAX_PART


def _version(text: str) -> _Version | None:
    match = _VERSION.fullmatch(text) if len(text) <= _MAX_VERSION else None
    if match is None:
        return None
    numbers = [int(part or 0) for part in match.groups()[:3]]
    pre = (match[4] or "")[1:]
    if max(numbers) >= _MAX_PART or any(
        part[0] == "0" and len(part) > 1 and part.isdigit() for part in pre.split(".") if part
    ):
        return None
    return _Version(numbers[0], numbers[1], numbers[2], pre)


def _range(text: str) -> list[list[_Bound]] | None:
    if len(text.encode()) > _MAX_RANGE:
        return None
    alternatives = _pattern(_FROM_TO).sub(lambda match: f">= {match[1]}, <= {match[7]} ", text).split("||")
    if len(alternatives) > _MAX_ALTERNATIVES:
        return None
    bounds = [list(_bounds(part)) for part in alternatives]
    if any(bound is None for part in bounds for bound in part):
        return None
    return [[bound for bound in part if bound is not None] for part in bounds]


def _bounds(text: str) -> Iterator[_Bound | None]:
    """The comparisons of one alternative; None among them where it cannot be read."""
    at = 0
    while True:
        match = _pattern(_ONE).match(text, at)
        if match is None:
            yield None
            return
        yield _bound(match)
        rest = text[match.end() :]
        if not rest.strip(" \t\n\f\r"):
            return
        gap = _pattern(_GAP).match(rest)
        if gap is None:
            yield None
            return
        at = match.end() + gap.end()


def _bound(match: re.Match[str]) -> _Bound | None:
    parts = [(match[group] or "").removeprefix(".") for group in (3, 4, 5)]
    given = next((place for place, part in enumerate(parts) if part in _ANY or not part), 3)
    numbers = parts[:given] + ["0"] * (3 - given)
    version = _version(".".join(numbers) + (match[6] or ""))
    return None if version is None else _Bound(match[1], version, given)


def _all_hold(version: _Version, bounds: list[_Bound]) -> bool:
    if version.pre and not any(bound.version.pre for bound in bounds):
        return False
    return all(_TESTS[bound.operator](version, bound) for bound in bounds)


def _equal(version: _Version, bound: _Bound) -> bool:
    return _tilde(version, bound) if bound.given < 3 else version.order == bound.version.order


def _not_equal(version: _Version, bound: _Bound) -> bool:
    other = bound.version
    if bound.given == 3:
        return version.order != other.order
    if version.major != other.major:
        return True
    if bound.given == 2:
        return version.minor != other.minor or version.pre != other.pre
    # `!=*` compares with 0.0.0: as Helm has it.
    return bound.given == 0 and version.order != other.order


def _greater(version: _Version, bound: _Bound) -> bool:
    other = bound.version
    if version.major != other.major and bound.given < 3:
        return version.major > other.major
    if bound.given in {1, 2}:
        return bound.given == 2 and version.minor > other.minor
    return version.order > other.order


def _at_most(version: _Version, bound: _Bound) -> bool:
    other = bound.version
    if bound.given == 3:
        return version.order <= other.order
    if version.major != other.major:
        return version.major < other.major
    return bound.given == 1 or version.minor <= other.minor


def _tilde(version: _Version, bound: _Bound) -> bool:
    other = bound.version
    if version.order < other.order:
        return False
    if (other.major, other.minor, other.patch) == (0, 0, 0) and bound.given in {0, 3}:
        return True
    return version.major == other.major and (version.minor == other.minor or bound.given == 1)


def _caret(version: _Version, bound: _Bound) -> bool:
    other = bound.version
    if version.order < other.order:
        return False
    if other.major > 0 or bound.given == 1:
        return version.major == other.major
    if version.major > 0:
        return False
    if other.minor > 0 or bound.given == 2:
        return version.minor == other.minor
    return version.minor == 0 and version.patch == other.patch


_TESTS: dict[str, _Test] = {
    "": _equal,
    "=": _equal,
    "!=": _not_equal,
    ">": _greater,
    "<": lambda version, bound: version.order < bound.version.order,
    ">=": lambda version, bound: version.order >= bound.version.order,
    "=>": lambda version, bound: version.order >= bound.version.order,
    "<=": _at_most,
    "=<": _at_most,
    "~": _tilde,
    "~>": _tilde,
    "^": _caret,
}
