"""What a chart's JSON Schema says of its values, in plain words, at the line to change.

One function a kind of keyword; a keyword that has none is told in the words of the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chartgen.documents.form import expectation
from chartgen.documents.json_schema import Fault
from chartgen.documents.layers import Leaf, View
from chartgen.documents.nodes import Plain, Scalar
from chartgen.finding import Finding, Note
from chartgen.list_findings import is_filled, not_unique, replaced_list
from chartgen.missing_keys import keys_too_many, missing_key, too_few_keys
from chartgen.names import nearest
from chartgen.records import replace
from chartgen.rule_findings import overriding
from chartgen.schema_case import CODES, Case, case_of
from chartgen.settings.constraints import show
from chartgen.settings.model import Settings
from chartgen.taken_names import taken_name
from chartgen.unknown_keys import bad_name, unknown_key

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


def schema_finding(fault: Fault, view: View, settings: Settings) -> Finding:
    """The finding that tells a fault of the effective values."""
    if CODES.get(fault.keyword) == "CG206":
        return unknown_key(fault, view, settings)
    taken = taken_name(fault, view, settings)
    if taken is not None:
        return taken
    finding = _TELLERS.get(fault.keyword, _value)(case_of(fault, view))
    return replace(finding, notes=(*finding.notes, *replaced_list(view, fault.path)))


def read_otherwise(leaf: Leaf) -> tuple[Note, ...]:
    """A note where Helm makes of a plain scalar what its author may not expect: 511 of `0777`, false of `no`."""
    node = leaf.node
    if not isinstance(node, Scalar) or node.value is None or isinstance(node.value, str):
        return ()
    written, shown = node.span.text, show(node.value)
    if written[:1] in ("'", '"', "*", "", "!") or written.lower() == shown or len(written) > len(shown) + 20:
        return ()
    return (Note(f"Helm reads {written} as {shown}"),)


def _value(case: Case) -> Finding:
    """A value that is not what a keyword demands."""
    fault, leaf = case.fault, case.leaf
    if fault.keyword == "minLength" and case.found == "" and fault.limit == 1:
        return case.finding(f"{case.name} {case.verb('is')} empty", '""', "a text", "give a text")
    said = _expected(fault)
    found = show(case.found) if leaf is not None or case.view.is_made(fault.path) else ""
    rest = fault.message.removeprefix("the value ")
    as_said = f"{case.name} {rest}" if rest != fault.message else f"{case.name}: {fault.message}"
    help_ = _guess(case) or (f"give a value that is {said}" if said else "")
    if leaf is not None and case.found is None:
        help_ = _help_for_null(case, help_)
    message = f"{case.name} {case.verb('is')} {found}; expected {said}" if said and found else as_said
    finding = case.finding(message, found, said, help_)
    return replace(finding, label=overriding(leaf), notes=read_otherwise(leaf)) if leaf is not None else finding


def _guess(case: Case) -> str:
    """The word that was probably meant, whether or not the list of words is shown as far as it."""
    words = case.fault.limit if case.fault.keyword == "enum" and isinstance(case.found, str) else None
    meant = (
        nearest(str(case.found), (word for word in words if isinstance(word, str))) if isinstance(words, list) else None
    )
    return f"did you mean {show(meant)}?" if meant is not None else ""


def _help_for_null(case: Case, help_: str) -> str:
    path = case.fault.path
    if is_filled(case.view, path):
        return "set each item of the list, or give the whole list"
    if path and isinstance(path[-1], int):
        return "remove the item" + (f", or {help_}" if help_ else "")
    return "remove the key: null deletes a default, and there is none" + (f"; or {help_}" if help_ else "")


def _expected(fault: Fault) -> str:
    """What the keyword demands, to follow "expected"; empty where no few words say it."""
    match fault.keyword:
        case "format":
            return _FORMATS.get(str(fault.limit), f"a text of the format {fault.limit}")
        case "pattern":
            return f"a match of {fault.limit}"
        case _:
            return expectation(fault)


def _unique(case: Case) -> Finding:
    return not_unique(case) or _value(case)


def _number_of(case: Case) -> Finding:
    """Too few or too many items or keys."""
    number = len(case.found) if isinstance(case.found, list | dict) else 0
    what = "item" if isinstance(case.found, list) else "key"
    bound = "at least" if case.fault.keyword.startswith("min") else "at most"
    found = f"{number} {what}{'' if number == 1 else 's'}"
    expected = f"{bound} {show(case.fault.limit)}"
    limit = int(case.fault.limit) if isinstance(case.fault.limit, int | float) else number
    help_ = f"add at least {limit - number} more" if bound == "at least" else f"remove at least {number - limit}"
    return case.finding(f"{case.name} {case.verb('has')} {found}; expected {expected}", found, expected, help_)


def _contains(case: Case) -> Finding:
    limit = case.fault.limit
    if case.fault.schema_path[-1:] == ("maxContains",):
        message = f"{case.name} {case.verb('has')} more items than {show(limit)} that the schema counts"
        return case.finding(message, show(case.found), f"at most {show(limit)} of them", "remove others of them")
    if case.fault.schema_path[-1:] == ("minContains",):
        message = f"{case.name} {case.verb('has')} fewer items than {show(limit)} that the schema asks for"
        return case.finding(message, show(case.found), f"at least {show(limit)} of them", "add others of them")
    what = (
        f"that is {show(limit['const'])}"
        if isinstance(limit, dict) and "const" in limit
        else f"that fits {show(limit)}"
    )
    expected = f"an item {what}" if isinstance(limit, dict) else "an item that the schema asks for"
    return case.finding(f"{case.name} {case.verb('lacks')} {expected}", show(case.found), expected, "add one")


def _forbidden(case: Case) -> Finding:
    limit, found = case.fault.limit, show(case.found)
    given = set(limit) if isinstance(limit, dict) else set()
    if isinstance(limit, dict) and given == {"required"}:
        return keys_too_many(case, [*map(str, _items(limit["required"]))])
    if isinstance(limit, dict) and len(given) == 1 and given <= {"const", "enum"}:
        (value,) = limit.values()
        expected = f"anything but {', '.join(map(show, _items(value)))}"
    else:
        expected = (
            f"nothing that fits {show(limit)}" if limit is not None else "a value that the schema does not forbid"
        )
    return case.finding(
        f"{case.name} {case.verb('is')} {found}; expected {expected}", found, expected, "give another value"
    )


def _never(case: Case) -> Finding:
    """A value where the schema is `false`."""
    if not case.fault.path and not case.view.prefix:
        return case.finding("the schema allows no values at all", show(case.found), "no values")
    finding = case.finding(f"{case.name} must not be set", show(case.found), "no value here", "remove it")
    return replace(finding, primary=case.key_span or finding.primary)


def _several(case: Case) -> Finding:
    """What fits more than one branch of `oneOf`, or none of `anyOf` that could be told."""
    if case.fault.message.startswith("the value lacks "):
        return missing_key(case)
    if case.fault.keyword == "oneOf" and "more than one" in case.fault.message:
        message = f"{case.name} {case.verb('fits')} more than one of the schema's alternatives; expected exactly one"
        return case.finding(
            message, show(case.found), "exactly one of the alternatives", "remove what belongs to another"
        )
    message = f"{case.name} {case.verb('fits')} none of the schema's alternatives"
    return case.finding(message, show(case.found), "one of the alternatives")


def _items(value: Plain) -> list[Plain]:
    return value if isinstance(value, list) else [value]


_TELLERS: Mapping[str, Callable[[Case], Finding]] = {
    "anyOf": _several,
    "contains": _contains,
    "dependentRequired": missing_key,
    "falseSchema": _never,
    "maxItems": _number_of,
    "maxProperties": _number_of,
    "minItems": _number_of,
    "minProperties": too_few_keys,
    "not": _forbidden,
    "oneOf": _several,
    "propertyNames": bad_name,
    "required": missing_key,
    "uniqueItems": _unique,
}
