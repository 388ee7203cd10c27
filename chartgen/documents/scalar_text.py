"""A scalar as the text that stands for it in a file, in the style of what stood there."""

from __future__ import annotations

import json
from decimal import Decimal

from chartgen.documents.nodes import plain
from chartgen.documents.scalars import Value
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.finding import is_error
from chartgen.source import Source

_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_BYTE, _PLANE = 0x100, 0x10000


def scalar_text(value: Value, old: str = "", tags: str = "", *, is_json: bool = False) -> str | None:
    """The text on one line that Helm reads as the value, where `old` stood behind `tags`; None where there is none.

    A text keeps the quotes of the old one, and is quoted where it would be read as something else.
    """
    if not isinstance(value, str) and not tags:
        return _bare(value)
    return next((text for text in _spellings(value, old, is_json=is_json) if _reads(text, value, tags)), None)


def quoted(text: str) -> str:
    """The text in double quotes, on one line, as every reader of YAML takes it."""
    return '"' + "".join(_ESCAPES.get(char) or _printable(char) for char in text) + '"'


def _printable(char: str) -> str:
    if char.isprintable():
        return char
    code = ord(char)
    if code < _BYTE:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < _PLANE else f"\\U{code:08x}"


def is_json_name(name: str) -> bool:
    """Whether a file of this name holds JSON, and has to stay JSON."""
    return name.lower().endswith(".json")


def _spellings(value: Value, old: str, *, is_json: bool) -> list[str]:
    if not isinstance(value, str):
        return [_bare(value)]
    double, single = quoted(value), "'" + value.replace("'", "''") + "'"
    if is_json:
        return [json.dumps(value, ensure_ascii=not value.isprintable())]
    if not value.isprintable():
        return [double]
    if old.startswith("'"):
        return [single, double]
    return [double] if old.startswith('"') or not old else [value, double]


def _bare(value: Value) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    return str(value) if isinstance(value, int) else format(Decimal(repr(value)), "f")


def _reads(text: str, value: Value, tags: str) -> bool:
    """Whether the text gives the value, in a line of its own and between brackets, a comment behind it."""
    written = f"{tags} {text}".strip()
    for around in ("k: {} # c\n", "{{k: {}}}\n"):
        root, findings = parse_yaml(Source("", around.format(written)))
        found = plain(root) if root is not None and not any(map(is_error, findings)) else None
        if not isinstance(found, dict) or found != {"k": value} or type(found["k"]) is not type(value):
            return False
    return True
