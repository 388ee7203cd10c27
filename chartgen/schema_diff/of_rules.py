"""The changes of rules, and the rules that old values break by new defaults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from chartgen.finding import Severity
from chartgen.records import replace
from chartgen.schema_diff.changes import Broken, Change, InUse, Level, Versions, effective
from chartgen.settings.expression import (
    Binary,
    Call,
    Conditional,
    Expression,
    Literal,
    Path,
    Reference,
    Type,
    Unary,
    Value,
    Within,
)
from chartgen.settings.judge import violations
from chartgen.settings.model import Rule, Settings


def rule_changes(versions: Versions) -> Iterator[Change]:
    """The rules that are new, other, graver or gone."""
    old = [replace(rule, check=moved(rule.check, versions.moved)) for rule in versions.old.rules]
    same = {rule.check: rule for rule in old}
    left = [rule for rule in old if rule.check not in {new.check for new in versions.new.rules}]
    for rule in versions.new.rules:
        before = same.get(rule.check)
        if before is not None:
            if before.severity is not rule.severity:
                yield _severity(before, rule, versions)
            continue
        former = next((one for one in left if _is_former(one, rule)), None)
        if former is not None:
            left.remove(former)
        yield _other(former, rule, versions)
    for rule in left:
        message = f"a rule is gone: {rule.message}"
        yield Change("rule-removed", Level.NOTE, message, rule.span, before=rule.expression.strip())


def _is_former(old: Rule, new: Rule) -> bool:
    """Whether a rule was probably made of another one: its words stayed, or it is about the same settings."""
    return old.message == new.message or (set(old.operands) == set(new.operands) and old.field_path == new.field_path)


def _severity(before: Rule, rule: Rule, versions: Versions) -> Change:
    message = f"a rule is {_an(rule.severity)} now, and was {_an(before.severity)}: {rule.message}"
    level, breaks = _graveness(rule, versions)
    return Change(
        "rule-severity",
        level,
        message,
        rule.span,
        _path(rule),
        before.severity.value,
        rule.severity.value,
        breaks=breaks,
    )


def _an(severity: Severity) -> str:
    return "an error" if severity is Severity.ERROR else "a warning"


def _other(former: Rule | None, rule: Rule, versions: Versions) -> Change:
    level, breaks = _graveness(rule, versions)
    what = "a rule is new" if former is None else "a rule has another condition"
    kind = "rule-added" if former is None else "rule-changed"
    unknown = ": it may break values that nobody here knows" if level is Level.WARNING else ""
    only = " (a warning)" if rule.severity is Severity.WARNING else ""
    before = former.expression.strip() if former is not None else ""
    message = f"{what}{only}: {rule.message}{unknown}"
    return Change(kind, level, message, rule.span, _path(rule), before, rule.expression.strip(), breaks=breaks)


def _path(rule: Rule) -> str:
    return ".".join(rule.field_path or ())


def _graveness(rule: Rule, versions: Versions) -> tuple[Level, tuple[Broken, ...]]:
    """How grave it is that a rule is in force; values that a warning meets are not refused."""
    known = {after.path for _, after in versions.pairs}
    if rule.severity is Severity.WARNING or known.isdisjoint(rule.operands):
        return Level.NOTE, ()
    breaks = tuple(_broken(used, rule, versions) for used in versions.in_use if _breaks(used, rule, versions))
    return (Level.BREAKING if breaks else Level.WARNING), breaks


def _broken(used: InUse, rule: Rule, versions: Versions) -> Broken:
    back = {after: before for before, after in versions.moved.items()}
    paths = [path for operand in rule.operands for path in (operand, back.get(operand, operand)) if path in used.places]
    values = values_of(used, versions.new, versions.moved)
    said = ", ".join(f"{'.'.join(operand)} = {values[operand]}" for operand in rule.operands)
    return Broken(f"{used.name}: {said}", used.places[paths[0]] if paths else None)


def _breaks(used: InUse, rule: Rule, versions: Versions) -> bool:
    """Whether values that the old schema took break the rule; not by a value that is refused for its own bounds."""
    wrong = _wrong(used, versions.new, versions.moved)
    return (
        _was_fine(used, versions)
        and wrong.isdisjoint(rule.operands)
        and not rule.holds(values_of(used, versions.new, versions.moved))
    )


def _was_fine(used: InUse, versions: Versions) -> bool:
    """Whether the old schema took the values; what they have under new names is taken for what it was."""
    back = {after: before for before, after in versions.moved.items()}
    values = values_of(used, versions.old, back)
    errors = (rule for rule in versions.old.rules if rule.severity is Severity.ERROR)
    return not _wrong(used, versions.old, back) and all(rule.holds(values) for rule in errors)


def _wrong(used: InUse, settings: Settings, names: Mapping[Path, Path]) -> set[Path]:
    found = _found(used, settings, names)
    return {path for path, value in found.items() if any(violations(settings.setting(path), value))}


def _found(used: InUse, settings: Settings, names: Mapping[Path, Path]) -> dict[Path, object]:
    renamed = {names.get(path, path): value for path, value in used.values.items()}
    return {path: value for path, value in (renamed | dict(used.values)).items() if path in settings.by_path}


def values_of(used: InUse, settings: Settings, names: Mapping[Path, Path]) -> dict[Path, Value]:
    """The value of every setting of one version; the default where none or a wrong one is in use.

    `names` has the path in this version by the path in the other one.
    """
    wrong = _wrong(used, settings, names)
    values: dict[Path, Value] = {}
    for path, value in _found(used, settings, names).items():
        if path not in wrong and isinstance(value, bool | int | float | str):
            values[path] = float(value) if settings.setting(path).type is Type.NUMBER else value
    return effective(settings, values)


def with_defaults_that_break(changes: Sequence[Change], versions: Versions) -> Iterator[Change]:
    """The changes; a default that a rule reads beside other settings may break values that leave it unset."""
    old = {moved(rule.check, versions.moved) for rule in versions.old.rules if rule.severity is Severity.ERROR}
    kept = [rule for rule in versions.new.rules if rule.severity is Severity.ERROR and rule.check in old]
    for change in changes:
        read = [rule for rule in kept if change.kind == "default-changed" and _reads(rule, change.path)]
        if not read:
            yield change
            continue
        breaks = tuple(
            _broken(used, rule, versions) for rule in read for used in versions.in_use if _breaks(used, rule, versions)
        )
        message = f"{change.message}; with the values of others it may break a rule: {read[0].message}"
        level = Level.BREAKING if breaks else Level.WARNING
        yield replace(change, level=level, message=message, breaks=breaks)


def _reads(rule: Rule, name: str) -> bool:
    """Whether a rule reads a setting and another one, too."""
    return len(rule.operands) > 1 and any(".".join(path) == name for path in rule.operands)


def moved(node: Expression, paths: Mapping[Path, Path]) -> Expression:
    """The expression with the settings by their new paths."""
    match node:
        case Literal():
            return node
        case Reference():
            return replace(node, path=paths.get(node.path, node.path))
        case Unary():
            return replace(node, operand=moved(node.operand, paths))
        case Binary():
            return replace(node, left=moved(node.left, paths), right=moved(node.right, paths))
        case Conditional():
            parts = [moved(part, paths) for part in (node.condition, node.then, node.otherwise)]
            return replace(node, condition=parts[0], then=parts[1], otherwise=parts[2])
        case Within():
            return replace(
                node, needle=moved(node.needle, paths), items=tuple(moved(item, paths) for item in node.items)
            )
        case Call():
            return replace(node, arguments=tuple(moved(part, paths) for part in node.arguments))
        case _:
            assert_never(node)
