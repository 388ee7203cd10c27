"""How chartgen tells that one of its own files does not fit its schema."""

from __future__ import annotations

from typing import Any

import pytest

from chartgen.documents.form import dotted, form_findings
from chartgen.documents.json_schema import compile_schema
from chartgen.documents.parsing import parse
from chartgen.finding import Finding
from chartgen.source import Source

SCHEMA: dict[str, Any] = {
    "description": "the file",
    "additionalProperties": False,
    "required": ["name"],
    "properties": {
        "name": {"description": "its name", "type": "string", "pattern": "^[a-z]+$"},
        "mode": {"enum": ["fast", "slow", 3]},
        "port": {"description": "its port", "type": "integer", "maximum": 9},
        "list": {"description": "its list", "type": "array", "minItems": 1, "items": {"type": ["string", "null"]}},
        "map": {"description": "its map", "propertyNames": {"pattern": "^[a-z]+$"}},
    },
}


def finding(text: str) -> Finding:
    """The one finding of a text."""
    root, _ = parse(Source("a.yaml", text))
    assert root is not None
    (found,) = form_findings(root, compile_schema(SCHEMA), "CG302", {"additionalProperties": "CG301"})
    return found


@pytest.mark.parametrize(
    ("text", "message", "help_text"),
    [
        ("nmae: x\nname: x\n", '"nmae" is not known here', 'did you mean "name"?'),
        ("{}\n", 'the file lacks "name"', "its name"),
        ("name: 1.10\n", "name is 1.1, not a text", 'put it in quotes: "1.10"'),
        ("name: yes\n", "name is true, not a text", 'put it in quotes: "yes"'),
        ("name: null\n", "name is null, not a text", "its name"),
        ("name: [a]\n", "name is a list, not a text", "its name"),
        ("name: A\n", 'name "A" does not have the form it needs', "its name"),
        ("name: a\nmode: fats\n", 'mode is "fats", not one of "fast", "slow", 3', "did you mean fast?"),
        ("name: a\nmode: xyz\n", 'mode is "xyz", not one of "fast", "slow", 3', "the file"),
        ("name: a\nport: {}\n", "port is a mapping, not an integer", "its port"),
        ("name: a\nport: 10\n", "port is 10, not at most 9", "its port"),
        ("name: a\nlist: []\n", "list: is empty", "its list"),
        ("name: a\nlist: [a, 5]\n", "list[1] is 5, not null or a text", "its list"),
        ("name: a\nmap: {A: 1}\n", '"A" cannot be a name in map', "its map"),
    ],
)
def test_a_fault_is_a_sentence_and_what_to_write(text: str, message: str, help_text: str) -> None:
    found = finding(text)

    assert (found.message, found.help) == (message, help_text)


def test_a_long_value_is_cut() -> None:
    found = finding(f"name: {'A' * 500}\n")

    assert len(found.message) < 150
    assert "…" in found.message


def test_the_codes_are_those_asked_for() -> None:
    assert finding("nmae: x\nname: x\n").code == "CG301"
    assert finding("{}\n").code == "CG302"


def test_a_path_is_written_as_people_write_it() -> None:
    assert dotted(("a", 0, "b")) == "a[0].b"
    assert dotted(()) == ""
