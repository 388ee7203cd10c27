"""Keys that nobody knows: what they were probably meant to be, and whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from chartgen.documents.form import dotted, expectation
from chartgen.documents.json_schema import Fault
from chartgen.documents.layers import Leaf, Path, View
from chartgen.finding import Finding, Note, Severity
from chartgen.names import listed, nearest, suggestion
from chartgen.records import replace
from chartgen.rule_findings import ROOT
from chartgen.schema_case import Case, case_of, writer
from chartgen.settings.constraints import show
from chartgen.settings.model import Setting, Settings


def unknown_key(fault: Fault, view: View, settings: Settings) -> Finding:
    """CG206 at a key that the schema does not know."""
    leaf, key = view.leaf(fault.path), str(fault.path[-1])
    known = cast("list[str]", fault.limit) if isinstance(fault.limit, list) else []  # sorted, and maybe very long
    path, expected = dotted((*view.prefix, *fault.path)), f"one of {listed(known)}" if known else "no such key"
    told = leaf or view.nearest(fault.path)
    message, help_ = f"{path} is not a value of {_chart(view)}", ""
    if leaf is None:
        message = f"{path} is not allowed by the schema, and Helm puts it there"
        help_ = _help_for_helms_key(key)
    elif below := view.subchart(fault.path):
        what = "holds the values of" if len(fault.path) == 1 else "is for"
        message = f"{path} {what} the chart {below}, and the schema of {_chart(view)} does not allow it"
        help_ = _help_for_chart_below(fault, known, below)
    else:
        help_ = _help_for_key(leaf, fault.path, known, view, settings)
    if leaf is not None and settings.settings and fault.path[0] == ROOT:
        message = f"{path} is not a setting; expected {expected}"
    return Finding(
        "CG206",
        Severity.ERROR,
        message,
        (told.key_span or told.node.span) if told is not None else None,
        notes=_read_otherwise(leaf, key) if leaf is not None else (),
        path=path,
        found=key,
        expected=expected,
        help=help_,
        layer=writer(told, view).name if told is not None else "",
    )


def bad_name(case: Case) -> Finding:
    """A key whose name the schema does not allow, told by the keyword that its name breaks."""
    fault, key = case.fault, str(case.fault.path[-1])
    above = case_of(replace(fault, path=fault.path[:-1]), case.view)
    keyword = str(fault.schema_path[-1]) if fault.schema_path else ""
    expected = f"a match of {fault.limit}" if keyword == "pattern" else expectation(replace(fault, keyword=keyword))
    is_not = f"is not {expected}" if keyword in ("enum", "const") else fault.message.removeprefix("the value ")
    message = f"{above.name} {above.verb('has')} the key {show(key)}, which {is_not}"
    finding = case.finding(message, key, expected or "another key", _help_for_name(case, keyword, key))
    notes = _read_otherwise(case.leaf, key) if case.leaf is not None else ()
    return replace(finding, primary=case.key_span or finding.primary, notes=notes)


def _chart(view: View) -> str:
    return f"the chart {view.prefix[-1]}" if view.prefix else "this chart"


def _written(leaf: Leaf, key: str) -> str:
    """The text of a key of which Helm makes another one, "n" for "false"; empty for all other keys."""
    written = leaf.key_span.text if leaf.key_span is not None else key
    same = written == key or written[:1] in ("'", '"', "*", "", "&", "!") or "\\" in written
    return "" if same else written


def _read_otherwise(leaf: Leaf, key: str) -> tuple[Note, ...]:
    written = _written(leaf, key)
    return (Note(f"Helm reads the key {written} as {key}"),) if written else ()


def _help_for_key(leaf: Leaf, path: Path, known: list[str], view: View, settings: Settings) -> str:
    renamed = ", ".join(_renamed(path, view, settings))
    if renamed:
        return renamed
    key = str(path[-1])
    elsewhere = [setting for setting in settings.settings if setting.path[-1] == key]
    if elsewhere:
        return f"write it as {setting_path(elsewhere[0], view)}"
    return _guess(leaf, key, known)


def _renamed(path: Path, view: View, settings: Settings) -> Iterator[str]:
    """What settings are called now that were at the path, or below it."""
    former = ".".join(map(str, path[1:])) if path[0] == ROOT else ""
    for setting in settings.settings if former else ():
        for name in setting.renamed_from:
            if name == former:
                yield f"it was renamed: write it as {setting_path(setting, view)}"
            elif name.startswith(f"{former}."):
                yield f"{name} was renamed: write it as {setting_path(setting, view)}"


def _guess(leaf: Leaf, key: str, known: list[str]) -> str:
    written = _written(leaf, key)
    if written and written in known:
        return f"put the key in quotes: {show(written)}"
    return suggestion(written or key, known)


def _help_for_name(case: Case, keyword: str, key: str) -> str:
    limit = case.fault.limit
    if keyword in ("enum", "const") and case.leaf is not None:
        names = limit if isinstance(limit, list) else [limit]
        return _guess(case.leaf, key, sorted(name for name in names if isinstance(name, str)))
    return "remove it" if keyword == "propertyNames" else "rename it"


def _help_for_helms_key(key: str) -> str:
    what = "the values of all charts" if key == "global" else f"the values of the subchart {key}"
    return f'a schema that closes the values must have "{key}" among its properties, for {what}'


def _help_for_chart_below(fault: Fault, known: list[str], below: str) -> str:
    if len(fault.path) == 1:
        return _help_for_helms_key(below)
    guess = nearest(str(fault.path[-1]), known)
    return f'did you mean "{guess}"?' if guess else f'a schema that closes "{below}" must have each of its values'


def setting_path(setting: Setting, view: View) -> str:
    """The path of a setting in the values of the chart that is judged."""
    return ".".join((*view.prefix, ROOT, setting.name))
