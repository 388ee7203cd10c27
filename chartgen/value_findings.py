"""What is wrong with single values, told at their own line, in the layer that they came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from chartgen.branch_notes import branch_notes
from chartgen.documents.json_schema import Checker, Fault
from chartgen.documents.keyword_places import keyword_places
from chartgen.documents.layers import Leaf, View
from chartgen.documents.layers import Path as Steps
from chartgen.documents.limits import MAX_TOLD
from chartgen.documents.nodes import plain
from chartgen.finding import Finding, Note, Severity
from chartgen.records import replace
from chartgen.rule_findings import ROOT, RULE, SETTINGS, overriding
from chartgen.schema_findings import read_otherwise, schema_finding
from chartgen.settings.constraints import show
from chartgen.settings.expression import Path
from chartgen.settings.judge import violations
from chartgen.settings.model import Setting, Settings
from chartgen.source import Span
from chartgen.unknown_keys import setting_path


def wrong_settings(settings: Settings, view: View) -> Iterator[tuple[Finding, Path]]:
    """A finding for each limit that a setting's value breaks, with the setting's path."""
    for setting in settings.settings:
        leaf = view.leaf((ROOT, *setting.path))
        if leaf is None:
            continue
        found = show(plain(leaf.node))
        for violation in violations(setting, plain(leaf.node)):
            path = setting_path(setting, view)
            finding = _value_finding(violation.code, path, found, violation.expected, leaf)
            rule = rule_note(settings, setting, violation.keyword)
            yield replace(finding, notes=(*finding.notes, *rule)), setting.path


def rule_note(settings: Settings, setting: Setting, keyword: str) -> tuple[Note, ...]:
    """Where the settings schema has the keyword: in a file of its own, or in the values schema of a chart."""
    places = keyword_places(settings.source)
    below = tuple(step for key in setting.path for step in ("properties", key))
    for path in (below, (*SETTINGS, *below)):
        if setting.span is not None and places.span(path) == setting.span:
            span = places.span((*path, keyword))
            return (Note(RULE, span),) if span is not None else ()
    return ()


def _value_finding(code: str, path: str, found: str, expected: str, leaf: Leaf) -> Finding:
    return Finding(
        code,
        Severity.ERROR,
        f"{path} is {found}; expected {expected}",
        leaf.node.span,
        label=overriding(leaf),
        notes=read_otherwise(leaf),
        path=path,
        found=found,
        expected=expected,
        help=f"give a value that is {expected}",
        layer=leaf.layer.name,
    )


def schema_findings(
    settings: Settings, view: View, faults: Iterable[Fault], wrong: frozenset[Path]
) -> Iterator[tuple[Finding, Fault]]:
    """The faults of all values but those of `wrong`, of which more is known, and of keys and groups."""
    for fault in faults:
        below = tuple(map(str, fault.path[1:]))
        if fault.path[:1] != (ROOT,) or below not in wrong:
            yield schema_finding(fault, view, settings), fault


class HeldTo(Protocol):
    """A chart's schema, compiled, and the places in its text."""

    @property
    def checker(self) -> Checker:
        """The compiled schema."""

    def span(self, path: Steps) -> Span | None:
        """The place of a keyword."""


def placed(told: Iterable[tuple[Finding, Fault]], view: View, schema: HeldTo) -> Iterator[tuple[Finding, Fault]]:
    """What the schema says, with notes: what made its keyword count, and where that stands.

    What is no value of anybody's, but of Helm's making, is told there: that is what has to change.
    """
    for finding, fault in told:
        span = schema.span(fault.schema_path)
        notes = (*finding.notes, *branch_notes(fault, view, schema.checker.schema))
        if span is not None and view.is_made(fault.path):
            yield replace(finding, primary=span, notes=notes, layer=""), fault
        else:
            rule = (Note(RULE, span),) if span is not None else ()
            yield replace(finding, notes=(*notes, *rule)), fault


def too_many(last: Finding | None) -> Finding:
    """That there is more to tell: an error of its own, so that who accepts all that is told does not accept the rest."""
    message = f"these values have more faults than the {MAX_TOLD} that are told"
    help_ = "mend these; then the others are told"
    return Finding(
        "CG105", Severity.ERROR, message, last.primary if last else None, help=help_, layer=last.layer if last else ""
    )


def deprecated(settings: Settings, view: View) -> Iterator[Finding]:
    """A warning for each deprecated setting that a layer over the chart's own defaults sets."""
    for setting in settings.settings:
        leaf = view.leaf((ROOT, *setting.path)) if setting.deprecated else None
        if leaf is not None and leaf.layer is not view.defaults:
            path = setting_path(setting, view)
            yield Finding(
                "CG208",
                Severity.WARNING,
                f"{path} is deprecated",
                leaf.key_span or leaf.node.span,
                path=path,
                help=setting.description,
                layer=leaf.layer.name,
            )
