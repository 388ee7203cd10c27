"""The changes of single settings."""

from __future__ import annotations

from collections.abc import Iterator

from chartgen.documents.keyword_places import keyword_places
from chartgen.records import replace
from chartgen.schema_diff.bounds import narrowings
from chartgen.schema_diff.changes import Broken, Change, InUse, Level, Versions
from chartgen.settings.constraints import show
from chartgen.settings.judge import violations
from chartgen.settings.model import Setting, Settings
from chartgen.source import Span


def setting_changes(versions: Versions) -> Iterator[Change]:
    """What became of each setting: those that are gone, those that both have, those that are new."""
    kept = {before.path for before, _ in versions.pairs}
    known = {after.path for _, after in versions.pairs}
    added = [setting for setting in versions.new.settings if setting.path not in known]
    for setting in versions.old.settings:
        if setting.path not in kept:
            yield _removed(setting, added, versions)
    for before, after in versions.pairs:
        if before.path != after.path:
            yield _renamed(before, after, versions)
        yield from _kept(before, after, versions)
    for setting in added:
        message = f"{setting.name} is new; its default is {show(setting.default)}"
        yield Change("setting-added", Level.NOTE, message, setting.span, setting.name, after=show(setting.default))
    yield from _reused_names(versions)


def _removed(setting: Setting, added: list[Setting], versions: Versions) -> Change:
    heir = next((new for new in added if new.env == setting.env), None)
    help_ = "keep it for a while, with deprecated: true and a description of what to use instead"
    if heir is not None:
        help_ = f'if it is {heir.name} now, say so there: "x-renamed-from": "{setting.name}"'
    return Change(
        "setting-removed",
        Level.BREAKING,
        f"{setting.name} is gone: values that set it are refused",
        setting.span,
        setting.name,
        before=setting.name,
        help=help_,
        breaks=tuple(_users(setting, versions)),
    )


def _renamed(before: Setting, after: Setting, versions: Versions) -> Change:
    return Change(
        "setting-renamed",
        Level.BREAKING,
        f"{before.name} is called {after.name} now: values under the old name are refused",
        after.span,
        after.name,
        before=before.name,
        after=after.name,
        help=f"write settings.{after.name} in values files; chartgen validate names each place",
        breaks=tuple(_users(before, versions)),
    )


def _users(setting: Setting, versions: Versions) -> Iterator[Broken]:
    """Who sets a setting in a place of their own; the old schema's defaults and profiles go with it."""
    told: set[Span] = set()
    for used in versions.in_use:
        place = used.places.get(setting.path)
        if place is not None and place not in told:  # an environment has it from the chart
            told.add(place)
            yield Broken(f"{used.name} sets {setting.name}", place)


def _kept(before: Setting, after: Setting, versions: Versions) -> Iterator[Change]:
    if before.type is not after.type:
        yield _type(before, after, versions)
    else:
        yield from _bounds(before, after, versions)
        if before.default != after.default:
            yield _default(before, after, versions)
    yield from _names(before, after, versions.new)


def _type(before: Setting, after: Setting, versions: Versions) -> Change:
    old, new = before.type.value, after.type.value
    message = f"{after.name} is of type {new}, and was of type {old}"
    breaks = tuple(_refused(before, after, versions, ("type",)))
    place = keyword_span(versions.new, after, "type")
    return Change("type-changed", Level.BREAKING, message, place, after.name, old, new, breaks=breaks)


def _bounds(before: Setting, after: Setting, versions: Versions) -> Iterator[Change]:
    tightened = list(narrowings(before, after))
    for less in tightened:
        lost = f"; no longer {less.lost}" if less.lost else ""
        yield Change(
            "bound-tightened",
            Level.BREAKING,
            f"{after.name} has a tighter bound: {less.after}; before: {less.before}{lost}",
            keyword_span(versions.new, after, less.keyword),
            after.name,
            less.before,
            less.after,
            breaks=tuple(_refused(before, after, versions, (less.keyword,))),
        )
    for more in narrowings(after, before):
        if more.keyword in {less.keyword for less in tightened}:
            continue  # it allows something else, and that is told
        message = f"{after.name} has a looser bound: {more.before}; before: {more.after}"
        place = keyword_span(versions.new, after, more.keyword)
        yield Change("bound-loosened", Level.NOTE, message, place, after.name, more.after, more.before)


def _refused(before: Setting, after: Setting, versions: Versions, keywords: tuple[str, ...]) -> Iterator[Broken]:
    """The values in use that the old setting allowed and the new one refuses for one of the keywords."""
    told: set[Span] = set()
    for used in versions.in_use:
        for path in dict.fromkeys((before.path, after.path)):
            if path not in used.values or any(violations(before, used.values[path])):
                continue
            place = used.places.get(path)
            if place is not None and place in told:
                continue  # an environment has it from the chart
            told.update((place,) if place is not None else ())
            if any(broken.keyword in keywords for broken in violations(after, used.values[path])):
                yield _says(used, path, ".".join(path))


def _says(used: InUse, path: tuple[str, ...], name: str) -> Broken:
    return Broken(f"{used.name}: {name} is {show(used.values[path])}", used.places.get(path))


def _default(before: Setting, after: Setting, versions: Versions) -> Change:
    old, new = show(before.default), show(after.default)
    message = f"the default of {after.name} is {new}, and was {old}{_load(before, after)}"
    place = keyword_span(versions.new, after, "default")
    return Change("default-changed", Level.NOTE, message, place, after.name, old, new)


def _load(before: Setting, after: Setting) -> str:
    """What a new default of a polling setting means for the backend."""
    was, now = before.default, after.default
    if isinstance(was, str) or isinstance(now, str) or was <= 0 or now <= 0:
        return ""
    if after.role == "poll-interval":
        return f": each page polls {was / now:.3g} times as often" + (", more load" if now < was else ", less load")
    if after.role == "poll-attempts":
        return f": a job is asked for at most {now} times" + (", more load" if now > was else ", less load")
    if after.role == "poll-timeout":
        return ": a job may take longer" if now > was else ": a job may take less long"
    return ""


def _names(before: Setting, after: Setting, new: Settings) -> Iterator[Change]:
    name = after.name
    if before.env != after.env:
        message = (
            f"{name} is read from {after.env}, and was read from {before.env}: what sets or reads that name breaks"
        )
        place = keyword_span(new, after, "x-env")
        yield Change("env-changed", Level.BREAKING, message, place, name, before.env, after.env)
    if before.unit != after.unit:
        grave = Level.BREAKING if before.unit and after.unit else Level.NOTE
        message = f"the unit of {name} is {after.unit or 'not told'}, and was {before.unit or 'not told'}"
        place = keyword_span(new, after, "x-unit")
        yield Change("unit-changed", grave, message, place, name, before.unit, after.unit)
    if before.role != after.role:
        message = f"the role of {name} is {after.role or 'none'}, and was {before.role or 'none'}"
        place = keyword_span(new, after, "x-role")
        yield Change("role-changed", Level.NOTE, message, place, name, before.role, after.role)
    if before.deprecated != after.deprecated:
        message = (
            f"{name} is deprecated: whoever sets it gets a warning"
            if after.deprecated
            else f"{name} is not deprecated any more"
        )
        place = keyword_span(new, after, "deprecated")
        flags = show(before.deprecated), show(after.deprecated)
        yield Change("deprecated", Level.NOTE, message, place, name, *flags, help=after.description)


def _reused_names(versions: Versions) -> Iterator[Change]:
    """A ConfigMap that is still there holds the value of one setting under the name of another."""
    former = {setting.env: setting for setting in versions.old.settings}
    same = {after.path: before for before, after in versions.pairs}
    for setting in versions.new.settings:
        owner = former.get(setting.env)
        if owner is not None and same.get(setting.path) is not owner:
            message = f"{setting.env} stands for {setting.name}, and stood for {owner.name}"
            place = keyword_span(versions.new, setting, "x-env")
            help_ = "give it another x-env, so that no old value is read as a new one"
            change = Change("env-reused", Level.BREAKING, message, place, setting.name, owner.name, setting.name)
            yield replace(change, help=help_)


def keyword_span(settings: Settings, setting: Setting, keyword: str) -> Span | None:
    """The place of a setting's keyword in its schema; of the setting where it has none."""
    below = tuple(step for key in setting.path for step in ("properties", key))
    return keyword_places(settings.source).span((*below, keyword)) or setting.span
