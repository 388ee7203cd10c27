"""What the guard of a generated chart refuses of values outside of `settings`, told at their places."""

from __future__ import annotations

from collections.abc import Iterator

from chartgen.documents.branches import Fault
from chartgen.documents.layers import View
from chartgen.enforce.chart_checks import Apart, Missing, TooLarge, Wanting, broken_checks
from chartgen.enforce.own_checks import own_faults
from chartgen.finding import Finding, Note, Severity
from chartgen.missing_keys import missing_key
from chartgen.records import replace
from chartgen.rule_findings import ROOT, overriding
from chartgen.schema_case import case_of, writer
from chartgen.settings.model import Settings


def check_findings(view: View, settings: Settings) -> Iterator[Finding]:
    """CG207 for each check that a generated chart's effective values break."""
    for own in own_faults(view.values, settings):
        case = case_of(Fault(own.path, "own", "", None, ()), view)
        found = "" if case.found is None or own.is_key or own.path[0] == ROOT else str(case.found)
        finding = case.finding(f"{case.name} {own.words}", found, help_=own.help)
        yield replace(finding, primary=case.key_span or finding.primary) if own.is_key else finding
    for broken in broken_checks(view.values):
        match broken:
            case Missing():
                yield _missing(broken, view)
            case TooLarge():
                yield _too_large(broken, view)
            case Wanting():
                yield _wanting(broken, view)
            case Apart():
                yield _apart(broken, view)


def _missing(broken: Missing, view: View) -> Finding:
    finding = missing_key(case_of(Fault(broken.path, "required", "", broken.key, ()), view))
    return replace(finding, help=f"{finding.help}: {broken.help}")


def _too_large(broken: TooLarge, view: View) -> Finding:
    """The finding at the number that the last layer has, with the other beside it."""
    low, high = broken.check.low, broken.check.high
    names = {number.path: ".".join((*view.prefix, *number.path)) for number in (low, high)}
    values = {low.path: broken.low, high.path: broken.high}
    leaves = {path: view.leaf(path) for path in values}
    told = _last(view, low.path, high.path)
    other = high.path if told == low.path else low.path
    leaf, beside = leaves[told], leaves[other]
    return Finding(
        "CG207",
        Severity.ERROR,
        f"{names[low.path]} {broken.low} {broken.check.words} {names[high.path]} {broken.high}",
        leaf.node.span if leaf is not None else None,
        label=overriding(leaf) if leaf is not None else "",
        notes=(Note(f"{names[other]}: {values[other]}", beside.node.span if beside is not None else None),),
        path=names[told],
        found=str(values[told]),
        expected=f"at most {broken.high}" if told == low.path else f"at least {broken.low}",
        help=f"lower {names[low.path]}, or raise {names[high.path]}",
        layer=writer(leaf, view).name if leaf is not None else "",
    )


def _wanting(broken: Wanting, view: View) -> Finding:
    """The finding at the choice: where the text is missing nothing stands."""
    leaf = view.leaf(broken.check.choice)
    choice, needed = (".".join((*view.prefix, name)) for name in broken.check.names)
    return Finding(
        "CG207",
        Severity.ERROR,
        f"{choice} {broken.word} needs {needed}",
        leaf.node.span if leaf is not None else None,
        label=overriding(leaf) if leaf is not None else "",
        path=choice,
        found=broken.word,
        help=f"set {needed}: {broken.check.help}",
        layer=writer(leaf, view).name if leaf is not None else "",
    )


def _apart(pair: Apart, view: View) -> Finding:
    """The finding at the choice that the last layer makes, with the other beside it."""
    one, other = pair.one, pair.other
    told = one if _last(view, other.path, one.path) == one.path else other
    rest = other if told is one else one
    leaf, beside = view.leaf(told.path), view.leaf(rest.path)
    names = {choice: ".".join((*view.prefix, *choice.path)) for choice in (one, other)}
    return Finding(
        "CG207",
        Severity.ERROR,
        f"{names[one]} {one.word} cannot go with {names[other]} {other.word}",
        leaf.node.span if leaf is not None else None,
        label=overriding(leaf) if leaf is not None else "",
        notes=(Note(f"{names[rest]}: {rest.word}", beside.node.span if beside is not None else None),),
        path=names[told],
        found=told.word,
        help=pair.help,
        layer=writer(leaf, view).name if leaf is not None else "",
    )


def _last(view: View, *paths: tuple[str, ...]) -> tuple[str, ...]:
    """The path among some whose value the last layer wrote; of two in one layer, the first."""
    order = {id(layer): place for place, layer in enumerate(view.layers)}
    return max(paths, key=lambda path: order.get(id(leaf.layer), -1) if (leaf := view.leaf(path)) is not None else -2)
