"""Keys that nobody knows: what they were probably meant to be, and whose they are."""

from __future__ import annotations

from chartgen.documents.form import dotted
from chartgen.documents.json_schema import Fault
from chartgen.documents.layers import Leaf, View
from chartgen.finding import Finding, Note, Severity
from chartgen.names import did_you_mean, listed
from chartgen.rule_findings import ROOT
from chartgen.settings.model import Setting, Settings


def unknown_key(fault: Fault, view: View, settings: Settings, *, guesses: bool) -> Finding:
    """CG206 at a key that the schema does not know; `guesses` asks for the one that was meant."""
    leaf, key = view.leaf(fault.path), str(fault.path[-1])
    known = [str(name) for name in fault.limit] if isinstance(fault.limit, list) else []
    path, expected = dotted((*view.prefix, *fault.path)), f"one of {listed(known)}" if known else "no such key"
    told = leaf or view.nearest(fault.path)
    message = f"{path} is not a value of {'the chart ' + view.prefix[-1] if view.prefix else 'this chart'}"
    if leaf is None:
        message = f"{path} is not allowed by the schema, and Helm puts it there"
        help_ = _help_for_helms_key(key)
    else:
        help_ = _help_for_key(key, known, view, settings) if guesses else ""
        if settings.settings and fault.path[0] == ROOT:
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
        layer=told.layer.name if told is not None else "",
    )


def _read_otherwise(leaf: Leaf, key: str) -> tuple[Note, ...]:
    """A note where Helm makes another key of a plain scalar: "false" of `n`."""
    written = leaf.key_span.text if leaf.key_span is not None else key
    same = written == key or written[:1] in ("'", '"', "*", "", "&", "!") or "\\" in written
    return () if same else (Note(f"Helm reads the key {written} as {key}"),)


def _help_for_key(key: str, known: list[str], view: View, settings: Settings) -> str:
    elsewhere = [setting for setting in settings.settings if setting.path[-1] == key]
    return f"write it as {setting_path(elsewhere[0], view)}" if elsewhere else did_you_mean(key, known)


def _help_for_helms_key(key: str) -> str:
    what = "the values of all charts" if key == "global" else f"the values of the subchart {key}"
    return f'a schema that closes the values must have "{key}" among its properties, for {what}'


def setting_path(setting: Setting, view: View) -> str:
    """The path of a setting in the values of the chart that is judged."""
    return ".".join((*view.prefix, ROOT, setting.name))
