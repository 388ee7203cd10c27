"""What is wrong with single values, told at their own line, in the layer that they came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chartgen.documents.form import dotted, expectation
from chartgen.documents.json_schema import Fault
from chartgen.documents.layers import Leaf, View
from chartgen.documents.nodes import plain
from chartgen.finding import Finding, Severity
from chartgen.names import did_you_mean
from chartgen.rule_findings import ROOT, overriding
from chartgen.settings.constraints import show
from chartgen.settings.expression import Path
from chartgen.settings.judge import violations
from chartgen.settings.model import Setting, Settings

_CODES = {
    "type": "CG201",
    "minimum": "CG202",
    "maximum": "CG202",
    "exclusiveMinimum": "CG202",
    "exclusiveMaximum": "CG202",
    "multipleOf": "CG202",
    "minLength": "CG202",
    "maxLength": "CG202",
    "enum": "CG204",
    "const": "CG204",
    "pattern": "CG205",
    "additionalProperties": "CG206",
    "unevaluatedProperties": "CG206",
}
_MISSING_KEY = frozenset({"required", "dependentRequired"})
_EXPECTED = {
    "anyOf": "a value that one of the schema's alternatives takes",
    "oneOf": "a value that exactly one of the schema's alternatives takes",
    "not": "a value that the schema does not rule out",
    "falseSchema": "no value here",
    "propertyNames": "another key",
    "uniqueItems": "items that all differ",
    "contains": "an item as the schema asks for",
}
_EXPECTED_LIMIT = {
    "pattern": 'a text that matches "{}"',
    "format": "a text of the format {}",
    "minItems": "{} or more items",
    "maxItems": "at most {} items",
    "minProperties": "{} or more keys",
    "maxProperties": "at most {} keys",
}


def wrong_settings(settings: Settings, view: View) -> Iterator[tuple[Finding, Path]]:
    """A finding for each limit that a setting's value breaks, with the setting's path."""
    for setting in settings.settings:
        leaf = view.leaf((ROOT, *setting.path))
        if leaf is None:
            continue
        found = show(plain(leaf.node))
        for violation in violations(setting, plain(leaf.node)):
            path = _setting_path(setting, view)
            yield _value_finding(violation.code, path, found, violation.expected, leaf), setting.path


def _setting_path(setting: Setting, view: View) -> str:
    return ".".join((*view.prefix, ROOT, setting.name))


def _value_finding(code: str, path: str, found: str, expected: str, leaf: Leaf) -> Finding:
    return Finding(
        code,
        Severity.ERROR,
        f"{path} is {found}; expected {expected}",
        leaf.node.span,
        label=overriding(leaf),
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
            yield _schema_finding(fault, view, settings), fault


def _schema_finding(fault: Fault, view: View, settings: Settings) -> Finding:
    code = _CODES.get(fault.keyword, "CG207")
    if code == "CG206":
        return _unknown_key(fault, view, settings)
    if fault.keyword in _MISSING_KEY:
        return _missing_key(fault, view)
    leaf, nearest = view.leaf(fault.path), view.nearest(fault.path)
    path = dotted((*view.prefix, *fault.path))
    found = show(plain(leaf.node)) if leaf is not None else ""
    said, expected = expectation(fault), _expected(fault)
    help_ = f"give a value that is {said}" if said else ""
    if leaf is not None and found == "null":
        help_ = "remove the key: null deletes a default, and there is none" + (f"; or {help_}" if help_ else "")
    return Finding(
        code,
        Severity.ERROR,
        f"{path} is {found}; expected {expected}" if said and found else _as_said(fault, path or "the values"),
        nearest.node.span if nearest is not None else None,
        label=overriding(leaf) if leaf else "",
        path=path,
        found=found,
        expected=expected,
        help=help_,
        layer=nearest.layer.name if nearest is not None else "",
    )


def _expected(fault: Fault) -> str:
    """What the keyword demands, to follow "expected"."""
    form = _EXPECTED_LIMIT.get(fault.keyword)
    return form.format(fault.limit) if form else expectation(fault) or _EXPECTED.get(fault.keyword, "")


def _as_said(fault: Fault, path: str) -> str:
    """The engine's own words, about the path instead of "the value"."""
    rest = fault.message.removeprefix("the value ")
    return f"{path} {rest}" if rest != fault.message else f"{path}: {fault.message}"


def _missing_key(fault: Fault, view: View) -> Finding:
    nearest = view.nearest(fault.path)
    path, key = dotted((*view.prefix, *fault.path)), str(fault.limit)
    return Finding(
        "CG207",
        Severity.ERROR,
        f'{path or "the values"} lack{"s" if path else ""} "{key}", which the schema requires',
        nearest.node.span if nearest is not None else None,
        path=path,
        expected=key,
        help=f"set {dotted((*view.prefix, *fault.path, key))}",
        layer=nearest.layer.name if nearest is not None else "",
    )


def _unknown_key(fault: Fault, view: View, settings: Settings) -> Finding:
    key = str(fault.path[-1])
    path = dotted((*view.prefix, *fault.path))
    known = [str(name) for name in fault.limit] if isinstance(fault.limit, list) else []
    leaf = view.leaf(fault.path)
    told = leaf or view.nearest(fault.path)
    of_settings = bool(settings.settings) and fault.path[0] == ROOT
    expected = f"one of {', '.join(known)}" if known else "no such key"
    message = f"{path} is not a value of {'the chart ' + view.prefix[-1] if view.prefix else 'this chart'}"
    if of_settings:
        message = f"{path} is not a setting; expected {expected}"
    return Finding(
        "CG206",
        Severity.ERROR,
        message if leaf is not None else f"{path} is not allowed by the schema, and Helm puts it there",
        (told.key_span or told.node.span) if told is not None else None,
        path=path,
        found=key,
        expected=expected,
        help=_help_for_key(key, known, view, settings) if leaf is not None else _help_for_helms_key(key),
        layer=told.layer.name if told is not None else "",
    )


def _help_for_key(key: str, known: list[str], view: View, settings: Settings) -> str:
    elsewhere = [setting for setting in settings.settings if setting.path[-1] == key]
    return f"write it as {_setting_path(elsewhere[0], view)}" if elsewhere else did_you_mean(key, known)


def _help_for_helms_key(key: str) -> str:
    what = "the values of all charts" if key == "global" else f"the values of the subchart {key}"
    return f'a schema that closes the values must have "{key}" among its properties, for {what}'


def deprecated(settings: Settings, view: View) -> Iterator[Finding]:
    """A warning for each deprecated setting that a layer over the chart's own defaults sets."""
    for setting in settings.settings:
        leaf = view.leaf((ROOT, *setting.path)) if setting.deprecated else None
        if leaf is not None and leaf.layer is not view.defaults:
            path = _setting_path(setting, view)
            yield Finding(
                "CG208",
                Severity.WARNING,
                f"{path} is deprecated",
                leaf.key_span or leaf.node.span,
                path=path,
                help=setting.description,
                layer=leaf.layer.name,
            )
