"""What chartgen says of its own files (settings schema, project file) where they do not fit their JSON Schema.

The help is the description that editors show for the same key, so that both say one thing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from chartgen.documents import nodes
from chartgen.documents.json_schema import Checker, Fault, fault_span
from chartgen.finding import Finding, Severity
from chartgen.names import did_you_mean, nearest

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
    "maximum": "at most {}",
    "minimum": "at least {}",
    "exclusiveMaximum": "less than {}",
    "exclusiveMinimum": "more than {}",
    "maxLength": "at most {} characters",
    "minLength": "at least {} characters",
    "minItems": "at least {} items",
    "minProperties": "at least {} keys",
    "multipleOf": "a multiple of {}",
    "const": "{}",
}
_SHOWN = 80


def form_findings(root: Node, checker: Checker, *, code: str, unknown_key_code: str) -> list[Finding]:
    """The findings for a tree that must fit a schema, in the order of the schema's faults; all are errors.

    `code` is the code for every fault but a key that is not known, which gets `unknown_key_code`.
    """
    faults = checker.faults(nodes.plain(root))
    return [_finding(root, checker.schema, fault, code, unknown_key_code) for fault in faults]


def _finding(root: Node, schema: Mapping[str, Plain], fault: Fault, code: str, unknown_key_code: str) -> Finding:
    span, path = fault_span(root, fault), dotted(fault.path)
    if fault.keyword in {"additionalProperties", "unevaluatedProperties"}:
        return _unknown_key(fault, unknown_key_code, Finding(unknown_key_code, Severity.ERROR, "", span, path=path))
    where = path or "the file"
    if fault.keyword in {"required", "dependentRequired"}:
        message, help_text = f'{where} lacks "{fault.limit}"', _described(schema, fault, str(fault.limit))
        return Finding(code, Severity.ERROR, message, span, path=path, expected=str(fault.limit), help=help_text)
    found, expected = _found(root, fault), _expected(fault)
    message = f"{where} is {found}, not {expected}" if expected else f"{where} is {found}, which is not allowed"
    help_text = _help(root, schema, fault)
    return Finding(code, Severity.ERROR, message, span, path=path, found=found, expected=expected, help=help_text)


def _unknown_key(fault: Fault, code: str, blank: Finding) -> Finding:
    key, known = str(fault.path[-1]), [str(name) for name in _items(fault.limit)]
    place = dotted(fault.path[:-1])
    message = f'"{key}" is not known in {place}' if place else f'"{key}" is not known here'
    return Finding(
        code, Severity.ERROR, message, blank.primary, path=blank.path, found=key, help=did_you_mean(key, known)
    )


def _found(root: Node, fault: Fault) -> str:
    if fault.keyword == "propertyNames":
        return json.dumps(fault.path[-1], ensure_ascii=False)
    node = nodes.find(root, fault.path)
    if isinstance(node, nodes.Mapping | nodes.Sequence):
        kind = "a mapping" if isinstance(node, nodes.Mapping) else "a list"
        return kind if fault.keyword == "type" else f"{kind} as it stands"
    return _shown(nodes.plain(node)) if node is not None else "missing"


def _expected(fault: Fault) -> str:
    if fault.keyword == "type":
        return " or ".join(_TYPES[str(name)] for name in _items(fault.limit))
    if fault.keyword == "enum":
        return "one of " + ", ".join(_shown(value) for value in _items(fault.limit))
    form = _LIMITS.get(fault.keyword)
    return form.format(_shown(fault.limit)) if form else ""


def _help(root: Node, schema: Mapping[str, Plain], fault: Fault) -> str:
    value = nodes.find(root, fault.path)
    if fault.keyword == "enum" and isinstance(value, nodes.Scalar):
        guess = nearest(str(value.value), [str(item) for item in _items(fault.limit)])
        if guess is not None:
            return f"did you mean {guess}?"
    if fault.keyword == "type" and fault.limit == ["string"] and isinstance(value, nodes.Scalar):
        text = value.span.text
        return f'put it in quotes: "{text}"' if value.value is not None and '"' not in text else "write a text"
    return _described(schema, fault)


def _described(schema: Mapping[str, Plain], fault: Fault, key: str = "") -> str:
    """The description that stands nearest above the keyword, or beside the key that is missing."""
    steps = fault.schema_path[:-1]
    if key:
        steps = (*steps, "properties", key)
    for length in (len(steps), len(steps) - 1, len(steps) - 2):
        here = _at(schema, steps[: max(length, 0)])
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
    """A path as people write it: `environments.dev.values[0]`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")
