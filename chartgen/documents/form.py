"""What chartgen says of its own files (settings schema, project file) where they do not fit their JSON Schema.

The help is the description that editors show for the same key, so that both say one thing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from chartgen.documents import nodes
from chartgen.documents.json_schema import Checker, Fault, fault_span
from chartgen.finding import Finding, Severity
from chartgen.names import did_you_mean, listed, nearest

if TYPE_CHECKING:
    from chartgen.documents.nodes import Node, Plain

_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "a mapping",
    "string": "a text",
}
_LIMITS = {
    "const": "{}",
    "exclusiveMaximum": "less than {}",
    "exclusiveMinimum": "more than {}",
    "maxLength": "at most {} characters long",
    "maximum": "at most {}",
    "minLength": "at least {} characters long",
    "minimum": "at least {}",
    "multipleOf": "a multiple of {}",
}
_FLAWS = {
    "minItems": "is empty",
    "minProperties": "is empty",
    "not": "is a word that cannot be used",
    "pattern": "does not have the form it needs",
    "uniqueItems": "holds a value twice",
}
_UNKNOWN_KEY = frozenset({"additionalProperties", "unevaluatedProperties"})
_MISSING_KEY = frozenset({"required", "dependentRequired"})
_SHOWN = 80
_NOT_PLAIN = frozenset(" .[]\"'")


def form_findings(
    root: Node, checker: Checker, code: str, codes: Mapping[str, str] = MappingProxyType({})
) -> list[Finding]:
    """The findings for a tree that must fit a schema, in the order of the schema's faults; all are errors.

    `codes` names the codes for faults of some keywords of JSON Schema; all others get `code`.
    """
    faults = checker.faults(nodes.plain(root))
    return [_finding(root, checker.schema, fault, codes.get(fault.keyword, code)) for fault in faults]


def _finding(root: Node, schema: Mapping[str, Plain], fault: Fault, code: str) -> Finding:
    found, expected = _found(root, fault), expectation(fault)
    return Finding(
        code,
        Severity.ERROR,
        _message(fault, found, expected),
        fault_span(root, fault),
        path=dotted(fault.path),
        found=found,
        expected=expected,
        help=_help(root, schema, fault),
    )


def _message(fault: Fault, found: str, expected: str) -> str:
    where, key = dotted(fault.path), f'"{fault.path[-1]}"' if fault.path else ""
    parent = f"in {dotted(fault.path[:-1])}" if fault.path[:-1] else "here"
    if fault.keyword in _UNKNOWN_KEY:
        return f"{key} is not known {parent}"
    if fault.keyword == "propertyNames":
        return f"{key} cannot be a name {parent}"
    if fault.keyword in _MISSING_KEY:
        return f'{where or "the file"} lacks "{fault.limit}"'
    if expected:
        return f"{where or 'the file'} is {found}, not {expected}"
    flaw = _FLAWS.get(fault.keyword)
    return f"{where} {found} {flaw}" if flaw and found else f"{where}: {flaw or fault.message}"


def _found(root: Node, fault: Fault) -> str:
    """The value as JSON, the kind of a mapping or list where its type is wrong, else nothing."""
    node = nodes.find(root, fault.path)
    if fault.keyword in _UNKNOWN_KEY | _MISSING_KEY | {"propertyNames"} or node is None:
        return str(fault.path[-1]) if fault.path and fault.keyword not in _MISSING_KEY else ""
    if isinstance(node, nodes.Scalar):
        return _shown(node.value)
    if fault.keyword != "type":
        return ""
    return "a mapping" if isinstance(node, nodes.Mapping) else "a list"


def expectation(fault: Fault) -> str:
    """What the keyword demands, to follow "expected"; empty where no few words say it."""
    if fault.keyword in _MISSING_KEY:
        return str(fault.limit)
    if fault.keyword == "propertyNames":
        return ""
    if fault.keyword == "type":
        return " or ".join(_TYPES[str(name)] for name in _items(fault.limit))
    if fault.keyword == "enum":
        return "one of " + listed(_items(fault.limit), _shown)
    form = _LIMITS.get(fault.keyword)
    return form.format(_shown(fault.limit)) if form else ""


def _help(root: Node, schema: Mapping[str, Plain], fault: Fault) -> str:
    if fault.keyword in _UNKNOWN_KEY:
        return did_you_mean(str(fault.path[-1]), (str(name) for name in _items(fault.limit)))
    if fault.keyword in _MISSING_KEY:
        return _described(schema, fault, ("properties", str(fault.limit)))
    value = nodes.find(root, fault.path)
    if fault.keyword == "enum" and isinstance(value, nodes.Scalar):
        guess = nearest(str(value.value), (str(item) for item in _items(fault.limit)))
        if guess is not None:
            return f"did you mean {guess}?"
    if fault.keyword == "type" and fault.limit == ["string"] and isinstance(value, nodes.Scalar):
        text = value.span.text
        if value.value is not None and not {'"', "\\"} & set(text):
            return f'put it in quotes: "{text}"'
    return _described(schema, fault)


def _described(schema: Mapping[str, Plain], fault: Fault, below: tuple[str, ...] = ()) -> str:
    """The description that stands nearest above the keyword; `below` leads from there to the key that is missing."""
    for length in range(len(fault.schema_path), 0, -1):
        here = _at(schema, (*fault.schema_path[: length - 1], *below))
        if isinstance(here, dict) and isinstance(here.get("description"), str):
            return str(here["description"])
    return ""


def _at(schema: Plain | Mapping[str, Plain], steps: tuple[str | int, ...]) -> Plain | Mapping[str, Plain]:
    for step in steps:
        if isinstance(schema, Mapping) and isinstance(step, str):
            schema = schema.get(step)
        elif isinstance(schema, list) and isinstance(step, int) and step < len(schema):
            schema = schema[step]
        else:
            return None
    return schema


def _items(value: Plain) -> list[Plain]:
    return value if isinstance(value, list) else [value]


def _shown(value: Plain) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def dotted(path: tuple[str | int, ...]) -> str:
    """A path as people write it: `environments.dev.values[0]`; a key that would not read so is in quotes."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{_name(step)}" for step in path)
    return text.removeprefix(".")


def _name(key: str) -> str:
    plain = key and key.isprintable() and not set(key) & _NOT_PLAIN
    return key if plain else json.dumps(key, ensure_ascii=False)
