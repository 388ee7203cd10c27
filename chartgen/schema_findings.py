"""What a chart's JSON Schema says of its values, in plain words, at the line to change.

One function a kind of keyword; a keyword that has none is told in the words of the engine.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from chartgen.documents.form import dotted, expectation
from chartgen.documents.json_schema import Fault
from chartgen.documents.layers import Leaf, View
from chartgen.documents.nodes import Plain, Scalar, plain
from chartgen.finding import Finding, Note, Severity
from chartgen.records import dataclass, replace
from chartgen.rule_findings import overriding
from chartgen.settings.constraints import show
from chartgen.settings.model import Settings
from chartgen.source import Span
from chartgen.unknown_keys import unknown_key

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
_ALL = "the values"
_FORMATS = {
    "date": "a date, such as 2026-01-31",
    "date-time": "a date and time, such as 2026-01-31T12:00:00Z",
    "email": "an e-mail address",
    "hostname": "the name of a host",
    "ipv4": "an IPv4 address",
    "ipv6": "an IPv6 address",
    "regex": "a regular expression",
    "uri": "a URI with its scheme",
    "uuid": "a UUID",
}


@dataclass(frozen=True)
class _Case:
    """A fault and the value that has it; `name` is the value's path for people, `found` the value."""

    fault: Fault
    view: View
    leaf: Leaf | None
    name: str
    found: Plain

    @property
    def verb(self) -> str:
        """The ending that makes a verb agree with the name: `image lacks`, `the values lack`."""
        return "s" if self.name != _ALL else ""

    @property
    def key_span(self) -> Span | None:
        """The place of the value's key."""
        return self.leaf.key_span if self.leaf is not None else None

    def finding(self, message: str, found: str = "", expected: str = "", help_: str = "") -> Finding:
        """The finding at the value's place."""
        near = self.leaf or self.view.nearest(self.fault.path)
        return Finding(
            _CODES.get(self.fault.keyword, "CG207"),
            Severity.ERROR,
            message,
            near.node.span if near is not None else None,
            path=dotted((*self.view.prefix, *self.fault.path)),
            found=found,
            expected=expected,
            help=help_,
            layer=near.layer.name if near is not None else "",
        )


def schema_finding(fault: Fault, view: View, settings: Settings, *, guesses: bool = True) -> Finding:
    """The finding that tells a fault of the effective values; `guesses` asks for the name that was meant."""
    leaf = view.leaf(fault.path)
    found = plain(leaf.node) if leaf is not None else None
    case = _Case(fault, view, leaf, dotted((*view.prefix, *fault.path)) or _ALL, found)
    if _CODES.get(fault.keyword) == "CG206":
        return unknown_key(fault, view, settings, guesses=guesses)
    return _TELLERS.get(fault.keyword, _value)(case)


def read_otherwise(leaf: Leaf) -> tuple[Note, ...]:
    """A note where Helm makes of a plain scalar what its author may not expect: 511 of `0777`, false of `no`."""
    node = leaf.node
    if not isinstance(node, Scalar) or node.value is None or isinstance(node.value, str):
        return ()
    written, shown = node.span.text, show(node.value)
    if written[:1] in ("'", '"', "*", "", "!") or written.lower() == shown or len(written) > len(shown) + 20:
        return ()
    return (Note(f"Helm reads {written} as {shown}"),)


def _value(case: _Case) -> Finding:
    """A value that is not what a keyword demands."""
    fault, leaf = case.fault, case.leaf
    said = _expected(fault)
    found = show(case.found) if leaf is not None else ""
    rest = fault.message.removeprefix("the value ")
    as_said = f"{case.name} {rest}" if rest != fault.message else f"{case.name}: {fault.message}"
    help_ = f"give a value that is {said}" if said else ""
    if leaf is not None and case.found is None:
        help_ = "remove the key: null deletes a default, and there is none" + (f"; or {help_}" if help_ else "")
    message = f"{case.name} is {found}; expected {said}" if said and found else as_said
    finding = case.finding(message, found, said, help_)
    return replace(finding, label=overriding(leaf), notes=read_otherwise(leaf)) if leaf is not None else finding


def _expected(fault: Fault) -> str:
    """What the keyword demands, to follow "expected"; empty where no few words say it."""
    match fault.keyword:
        case "format":
            return _FORMATS.get(str(fault.limit), f"a text of the format {fault.limit}")
        case "pattern":
            return f"a match of {fault.limit}"
        case _:
            return expectation(fault)


def _missing_key(case: _Case) -> Finding:
    if case.fault.limit is None:  # one key of several would do
        names = case.fault.message.removeprefix("the value lacks ")
        finding = case.finding(f"{case.name} lack{case.verb} {names}", expected=names, help_="add what is meant")
        return replace(finding, primary=case.key_span or finding.primary)
    key, steps = str(case.fault.limit), case.fault.schema_path
    needing = [
        steps[place + 1] for place, step in enumerate(steps[:-1]) if step in ("dependentRequired", "dependencies")
    ]
    because = f", which {needing[-1]} needs" if needing else ""
    path = dotted((*case.view.prefix, *case.fault.path, key))
    finding = case.finding(f"{case.name} lack{case.verb} the key {key}{because}", "", f"the key {key}", f"set {path}")
    return replace(finding, primary=case.key_span or finding.primary)


def _unique(case: _Case) -> Finding:
    items = case.found if isinstance(case.found, list) else []
    first: dict[str, int] = {}
    second = next((place for place, item in enumerate(items) if first.setdefault(_exact(item), place) != place), None)
    if second is None:
        return _value(case)
    leaf, twice = case.view.leaf((*case.fault.path, second)), show(items[second])
    finding = case.finding(f"{case.name} holds {twice} twice; expected no item twice", twice, "no item twice")
    finding = replace(finding, help="remove one of them")
    return replace(finding, primary=leaf.node.span) if leaf is not None else finding


def _exact(item: Plain) -> str:
    return json.dumps(item, sort_keys=True)


def _number_of(case: _Case) -> Finding:
    """Too few or too many items or keys."""
    number = len(case.found) if isinstance(case.found, list | dict) else 0
    what = "item" if isinstance(case.found, list) else "key"
    bound = "at least" if case.fault.keyword.startswith("min") else "at most"
    found = f"{number} {what}{'' if number == 1 else 's'}"
    expected = f"{bound} {show(case.fault.limit)}"
    return case.finding(f"{case.name} ha{case.verb or 've'} {found}; expected {expected}", found, expected)


def _contains(case: _Case) -> Finding:
    limit = case.fault.limit
    what = (
        f"that is {show(limit['const'])}"
        if isinstance(limit, dict) and "const" in limit
        else f"that fits {show(limit)}"
    )
    expected = f"an item {what}" if isinstance(limit, dict) else "an item that the schema asks for"
    return case.finding(f"{case.name} lack{case.verb} {expected}", show(case.found), expected)


def _forbidden(case: _Case) -> Finding:
    limit, found = case.fault.limit, show(case.found)
    given = set(limit) if isinstance(limit, dict) else set()
    if isinstance(limit, dict) and given == {"required"}:
        keys = " and ".join(map(str, _items(limit["required"])))
        return case.finding(f"{case.name} must not have {keys}", found, f"no {keys}", f"remove {keys}")
    if isinstance(limit, dict) and len(given) == 1 and given <= {"const", "enum"}:
        (value,) = limit.values()
        expected = f"anything but {', '.join(map(show, _items(value)))}"
    else:
        expected = (
            f"nothing that fits {show(limit)}" if limit is not None else "a value that the schema does not forbid"
        )
    return case.finding(f"{case.name} is {found}; expected {expected}", found, expected)


def _never(case: _Case) -> Finding:
    """A value where the schema is `false`."""
    finding = case.finding(f"{case.name} must not be set", show(case.found), "no value here", "remove it")
    return replace(finding, primary=case.key_span or finding.primary)


def _bad_name(case: _Case) -> Finding:
    key, above = str(case.fault.path[-1]), dotted((*case.view.prefix, *case.fault.path[:-1])) or _ALL
    has = "have" if above == _ALL else "has"
    message = f'{above} {has} the key "{key}", which {case.fault.message.removeprefix("the value ")}'
    finding = case.finding(message, key, "another key", "rename it")
    return replace(finding, primary=case.key_span or finding.primary)


def _several(case: _Case) -> Finding:
    """What fits more than one branch of `oneOf`, or none of `anyOf` that could be told."""
    if case.fault.message.startswith("the value lacks "):
        return _missing_key(case)
    if case.fault.keyword == "oneOf" and "more than one" in case.fault.message:
        message = f"{case.name} fit{case.verb} more than one of the schema's alternatives; expected exactly one"
        return case.finding(
            message, show(case.found), "exactly one of the alternatives", "remove what belongs to another"
        )
    message = f"{case.name} fit{case.verb} none of the schema's alternatives"
    return case.finding(message, show(case.found), "one of the alternatives")


def _items(value: Plain) -> list[Plain]:
    return value if isinstance(value, list) else [value]


_TELLERS: Mapping[str, Callable[[_Case], Finding]] = {
    "anyOf": _several,
    "contains": _contains,
    "dependentRequired": _missing_key,
    "falseSchema": _never,
    "maxItems": _number_of,
    "maxProperties": _number_of,
    "minItems": _number_of,
    "minProperties": _number_of,
    "not": _forbidden,
    "oneOf": _several,
    "propertyNames": _bad_name,
    "required": _missing_key,
    "uniqueItems": _unique,
}
