"""A rule that cannot be proven, told with values that take it where it must not go and bounds that keep it away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from chartgen.finding import Finding, Note, Severity
from chartgen.settings.evaluate import evaluate
from chartgen.settings.expression import (
    Binary,
    BinaryOp,
    Call,
    Expression,
    Literal,
    Path,
    Reference,
    Type,
    Value,
    references,
    walk,
)
from chartgen.settings.intervals import Unproven, setting_range
from chartgen.settings.isolate import isolate
from chartgen.settings.missing_bounds import mending_bounds
from chartgen.settings.model import SAFE_INTEGER, Setting
from chartgen.settings.spelling import spell
from chartgen.source import Span


def range_finding(place: Span, fault: Unproven, settings: Mapping[Path, Setting]) -> Finding:
    """CG306 at the place of the node that leaves the range or divides by zero."""
    mending = mending_bounds(settings, fault)
    joint = " and " if mending.together else " or "
    help_ = joint.join(f'add "{bound.keyword}": {bound.value} to {".".join(bound.path)}' for bound in mending.bounds)
    spelled, witness = spell(fault.node), _counterexample(fault, settings)
    # The range may be wider than what values can reach; only what they do reach is said to be so.
    can = "can be" if witness is not None else "cannot be proven never to be"
    if isinstance(fault.node, Literal):
        message = "a rule must not divide by zero" if fault.divides_by_zero else f"{spelled} is outside ±{SAFE_INTEGER}"
    elif fault.divides_by_zero:
        message = f"{spelled} {can} zero, and a rule must not divide by zero"
    else:
        # JSON, JavaScript and Helm hold integers exactly only up to here.
        message = f"{spelled} {can} {fault.value}, outside ±{SAFE_INTEGER}"
    example = ", ".join(f"{'.'.join(path)} = {value}" for path, value in (witness or {}).items())
    notes = [Note(f"counterexample: {example}")] if example else []
    paths = dict.fromkeys(bound.path for bound in mending.bounds)
    notes += [Note(f"{'.'.join(path)} is declared here", settings[path].span) for path in paths]
    return Finding(
        "CG306",
        Severity.ERROR,
        message,
        place,
        notes=tuple(notes),
        help=help_ or "bound the settings in it more tightly, or write the rule another way",
    )


def _counterexample(fault: Unproven, settings: Mapping[Path, Setting]) -> Mapping[Path, Value] | None:
    """Values of the settings in the node that take it where it must not go; None where none was found."""
    paths = references(fault.node)
    if any(settings[path].type is Type.STRING for path in paths):
        # The length of a text reaches its bound by any text of that length.
        return fault.witness if isinstance(fault.node, Call) and not fault.divides_by_zero else None
    tried: list[Mapping[Path, Value]] = [fault.witness] if fault.witness.keys() >= set(paths) else []
    if fault.divides_by_zero:
        defaults = {path: settings[path].default for path in paths}
        tried += [{**defaults, path: value} for path in paths for value in _zeros(fault.node, path, defaults, settings)]
    return next((values for values in tried if evaluate(fault.node, values) == fault.value), None)


def _zeros(
    node: Expression, path: Path, defaults: Mapping[Path, Value], settings: Mapping[Path, Setting]
) -> Iterator[Value]:
    """The value of a setting that makes the node zero while the others have their defaults, if it is allowed."""
    setting = settings[path]
    zero = Binary(BinaryOp.EQUAL, node, Literal(0, Type.INTEGER), Type.BOOLEAN)
    stands = [part for part in walk(node) if isinstance(part, Reference) and part.path == path]
    bound = isolate(stands[0], zero, BinaryOp.EQUAL, settings) if len(stands) == 1 else None
    if setting.type is Type.INTEGER and bound is not None:
        value = evaluate(bound[1], defaults)
        if setting_range(setting).contains(int(value)):
            yield value
