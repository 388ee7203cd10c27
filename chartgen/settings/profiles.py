"""Profiles of a settings schema, and the defaults with its rules: both must be values that every enforcer accepts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chartgen.documents.nodes import Mapping, Scalar, find, plain
from chartgen.finding import Finding, Note, Severity
from chartgen.names import did_you_mean
from chartgen.settings.constraints import show
from chartgen.settings.expression import Path, Type, Value
from chartgen.settings.judge import BrokenRule, broken_rules, violations
from chartgen.settings.model import Profile, Settings

if TYPE_CHECKING:
    from chartgen.documents.nodes import Entry
    from chartgen.source import Span

KEYWORD = "x-profiles"


def read_profiles(root: Mapping, settings: Settings) -> tuple[list[Profile], list[Finding]]:
    """The profiles, and the findings of profiles and of defaults that break a rule."""
    findings = [_default_finding(root, settings, broken) for broken in broken_rules(settings, settings.defaults)]
    profiles: list[Profile] = []
    entry = root.get(KEYWORD)
    if entry is not None and isinstance(entry.value, Mapping):
        for written in entry.value.entries:
            profile, more = _profile(written, settings)
            profiles.append(profile)
            findings += more
    return profiles, findings


def _default_finding(root: Mapping, settings: Settings, broken: BrokenRule) -> Finding:
    path = broken.rule.field_path or broken.rule.operands[0]
    node = find(root, (*(step for key in path for step in ("properties", key)), "default"))
    return Finding(
        "CG303",
        broken.rule.severity,
        f"the defaults break a rule: {broken.message}",
        node.span if node is not None else settings.setting(path).span,
        notes=(Note("rule", broken.rule.span),),
        path=".".join(path),
        help=broken.help,
    )


def _profile(written: Entry, settings: Settings) -> tuple[Profile, list[Finding]]:
    values: dict[Path, Value] = {}
    places: dict[Path, Span] = {}
    findings: list[Finding] = []
    for path, scalar in _leaves(find(written.value, ("values",)), ()):
        setting = settings.by_path.get(path)
        name = ".".join(path)
        if setting is None:
            known = [known.name for known in settings.settings]
            message = f'profile {written.key}: "{name}" is not a setting'
            help_ = did_you_mean(name, known)
            findings.append(Finding("CG304", Severity.ERROR, message, scalar.span, path=name, help=help_))
            continue
        found = plain(scalar)
        broken = list(violations(setting, found))
        findings += [
            Finding(
                "CG304",
                Severity.ERROR,
                f"profile {written.key}: {name} is {show(found)}; expected {violation.expected}",
                scalar.span,
                path=name,
                found=show(found),
                expected=violation.expected,
                help=f"give a value that is {violation.expected}",
            )
            for violation in broken
        ]
        if not broken:
            values[path] = float(found) if setting.type is Type.NUMBER else found  # type: ignore[arg-type, assignment]
            places[path] = scalar.span
    if not findings:
        findings += _rule_findings(written, settings, values, places)
    node = find(written.value, ("description",))
    description = str(node.value) if isinstance(node, Scalar) else ""
    return Profile(written.key, description, values), findings


def _rule_findings(
    written: Entry, settings: Settings, values: dict[Path, Value], places: dict[Path, Span]
) -> Iterator[Finding]:
    for broken in broken_rules(settings, {**settings.defaults, **values}):
        mentioned = [path for path in broken.rule.operands if path in places]
        at_field = broken.rule.field_path if broken.rule.field_path in places else None
        path = at_field or (mentioned[0] if mentioned else None)
        yield Finding(
            "CG304",
            broken.rule.severity,
            f"profile {written.key} breaks a rule: {broken.message}",
            places[path] if path is not None else written.key_span,
            notes=(Note("rule", broken.rule.span),),
            path=".".join(path or ()),
            help=broken.help,
        )


def _leaves(node: object, path: Path) -> Iterator[tuple[Path, Scalar]]:
    if isinstance(node, Mapping):
        for entry in node.entries:
            yield from _leaves(entry.value, (*path, entry.key))
    elif isinstance(node, Scalar):
        yield path, node
