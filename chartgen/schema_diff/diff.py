"""The whole difference between two versions of a settings schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chartgen.documents.keyword_places import keyword_places
from chartgen.documents.nodes import Plain
from chartgen.schema_diff.changes import Change, InUse, Level, Versions, versions_of
from chartgen.schema_diff.of_rules import rule_changes, with_defaults_that_break
from chartgen.schema_diff.of_settings import setting_changes
from chartgen.settings.expression import Path
from chartgen.settings.model import Profile, Settings
from chartgen.source import Span

PROFILES = "x-profiles"


def schema_diff(old: Settings, new: Settings, in_use: Iterable[InUse] = ()) -> list[Change]:
    """The changes from the old to the new schema, the gravest first.

    Breaking is what makes a name mean something else, or may refuse values that the old schema took. Where none of the
    changes is breaking or a warning, the new schema takes every values file that the old one took. `in_use` are values
    that are known; those that a change breaks are told with it.
    """
    versions = versions_of(old, new, [*values_of_schema(old), *in_use])
    changes = [*setting_changes(versions), *rule_changes(versions), *_profile_changes(versions)]
    return sorted(with_defaults_that_break(changes, versions), key=lambda change: change.order)


def values_of_schema(settings: Settings) -> Iterator[InUse]:
    """The values that a schema itself brings into use: its defaults, as a chart's values.yaml has them, its profiles."""
    defaults: dict[Path, Plain] = dict(settings.defaults)
    yield InUse("the old defaults", defaults)
    for profile in settings.profiles:
        yield InUse(f"the old profile {profile.name}", dict(profile.values))


def _profile_changes(versions: Versions) -> Iterator[Change]:
    old, new = ({profile.name: profile for profile in each.profiles} for each in (versions.old, versions.new))
    for name, profile in old.items():
        if name not in new:
            message = f"the profile {name} is gone: a command that names its file fails"
            yield Change("profile-removed", Level.BREAKING, message, _span(versions.old, name), before=name)
        elif _values(profile, versions) != new[name].values:
            message = f"the profile {name} has other values"
            yield Change("profile-changed", Level.NOTE, message, _span(versions.new, name), after=name)
    for name in new.keys() - old.keys():
        message = f"the profile {name} is new"
        yield Change("profile-added", Level.NOTE, message, _span(versions.new, name), after=name)


def _values(profile: Profile, versions: Versions) -> dict[Path, object]:
    return {versions.moved.get(path, path): value for path, value in profile.values.items()}


def _span(settings: Settings, profile: str) -> Span | None:
    return keyword_places(settings.source).span((PROFILES, profile))
