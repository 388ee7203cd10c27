"""One change between two versions of a settings schema, as data; and the values that are in use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from chartgen.documents.nodes import Plain
from chartgen.records import dataclass, field
from chartgen.settings.expression import Path, Value
from chartgen.settings.model import Setting, Settings
from chartgen.source import Span


class Level(Enum):
    """How grave a change is, the gravest first."""

    BREAKING = "breaking"
    WARNING = "warning"
    NOTE = "note"


KINDS = {
    "setting-removed": "a setting is gone",
    "setting-renamed": "a setting has another path (`x-renamed-from`)",
    "setting-added": "a setting is new",
    "type-changed": "a setting has another type",
    "unit-changed": "a setting has another unit",
    "env-changed": "a setting has another environment name, and so another name in the page",
    "env-reused": "an environment name stands for another setting than before",
    "role-changed": "a setting has another role",
    "bound-tightened": "a value that was allowed is not any more",
    "bound-loosened": "a value is allowed that was not",
    "default-changed": "a setting has another default",
    "deprecated": "a setting is deprecated, or not any more",
    "rule-added": "a rule is new",
    "rule-changed": "a rule has another condition",
    "rule-severity": "a rule became an error or a warning",
    "rule-removed": "a rule is gone",
    "profile-removed": "a profile is gone",
    "profile-added": "a profile is new",
    "profile-changed": "a profile has other values",
}
"""The kinds of changes; closed, as the codes of findings are."""


@dataclass(frozen=True)
class InUse:
    """Values that are in use: what they are for people, the settings that they set, and where."""

    name: str
    values: Mapping[Path, Plain] = field(hash=False)
    places: Mapping[Path, Span] = field(default_factory=dict, hash=False, compare=False)


@dataclass(frozen=True)
class Broken:
    """Values in use that a change breaks: a sentence with the values' name, and the place of the one to change."""

    message: str
    span: Span | None = None


@dataclass(frozen=True)
class Change:
    """One change. `span` is its place in the new schema, in the old one for what is gone.

    `path` is the setting's dotted path, as the new schema has it, or empty; `before` and `after` are what was and what is.
    """

    kind: str
    level: Level
    message: str
    span: Span | None = None
    path: str = ""
    before: str = ""
    after: str = ""
    help: str = ""
    breaks: tuple[Broken, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            message = f"unknown kind of change {self.kind}"
            raise ValueError(message)

    @property
    def order(self) -> tuple[int, str, int, str, str]:
        """The sort key of a report: how grave, then the place."""
        name, start = (self.span.source.name, self.span.start) if self.span else ("", -1)
        return list(Level).index(self.level), name, start, self.kind, self.message


@dataclass(frozen=True)
class Versions:
    """The two versions and the values in use. `pairs` are the settings of both, old and new, a renamed one, too."""

    old: Settings
    new: Settings
    in_use: tuple[InUse, ...]
    pairs: tuple[tuple[Setting, Setting], ...]

    @property
    def moved(self) -> Mapping[Path, Path]:
        """The new path of each setting that both have, by the old one."""
        return {before.path: after.path for before, after in self.pairs}


def versions_of(old: Settings, new: Settings, in_use: Iterable[InUse] = ()) -> Versions:
    """The two versions, with each new setting beside the old one that it is, by its path or by `x-renamed-from`."""
    left = {path: setting for path, setting in old.by_path.items() if path not in new.by_path}
    pairs: list[tuple[Setting, Setting]] = []
    for setting in new.settings:
        former = old.by_path.get(setting.path)
        if former is None:
            names = (tuple(name.split(".")) for name in setting.renamed_from)
            former = next((left.pop(name) for name in names if name in left), None)
        if former is not None:
            pairs.append((former, setting))
    return Versions(old, new, tuple(in_use), tuple(pairs))


def effective(settings: Settings, values: Mapping[Path, Value]) -> dict[Path, Value]:
    """The value of every setting, the default where the values have none."""
    return {**settings.defaults, **values}


def next_version(changes: Iterable[Change], *, is_same: bool) -> str:
    """The part of the chart's version to raise: `major`, `minor`, `patch`, or `none` where the schemas are the same.

    A rule that nothing known breaks is `major`, too: nobody knows all values.
    """
    levels = {change.level for change in changes}
    if levels & {Level.BREAKING, Level.WARNING}:
        return "major"
    return "minor" if levels else "none" if is_same else "patch"
