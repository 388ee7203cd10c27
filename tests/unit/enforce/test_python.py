"""The generated settings.py: the same for the same schema, readable, in the syntax of Python 3.9, honest about texts."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chartgen.enforce.python import settings_module
from chartgen.settings.schema import load_settings
from tests.entrypoint import EP, REFERENCE, STOREFRONT, table_of
from tests.strategies import read


@pytest.mark.parametrize("schema", [REFERENCE, STOREFRONT], ids=lambda path: path.parent.name)
def test_settings_py_is_golden(schema: Path, golden: Callable[[str, str], None]) -> None:
    name = "reference" if schema == REFERENCE else "storefront"

    golden(f"entrypoint/{name}/settings.py", settings_module(load_settings(str(schema)), name))


@pytest.mark.parametrize("schema", [REFERENCE, STOREFRONT], ids=lambda path: path.parent.name)
def test_settings_py_is_python_3_9(schema: Path) -> None:
    ast.parse(settings_module(load_settings(str(schema)), "x"), feature_version=(3, 9))


def schema_with(properties: dict[str, Any], *rules: dict[str, Any]) -> dict[str, Any]:
    made = {
        key: {"type": "string", "default": "", "x-env": key.upper(), **setting} for key, setting in properties.items()
    }
    return {"type": "object", "properties": made, "x-kubernetes-validations": list(rules)}


def judged(schema: dict[str, Any], **texts: str) -> tuple[list[str], list[str]]:
    """What the entrypoint logs as errors, and as warnings."""
    settings = read(schema)
    assert settings is not None
    _, errors, warnings = EP.judge(table_of(settings), {name: text.encode() for name, text in texts.items()})
    return [text for _, text in errors], warnings


@pytest.mark.parametrize(
    "name", ['"""', "'''", "\\", "\\N{DASH}", "a\nimport os", "é\u2028", '"', "end\\", '""', "{title}", "#"]
)
def test_no_name_of_an_app_is_more_than_a_name(name: str) -> None:
    text = settings_module(load_settings(str(REFERENCE)), name)

    assert "import os" not in [line.strip() for line in text.splitlines()]
    assert isinstance(ast.parse(text).body[0], ast.Expr)
    assert text.isascii()


def test_a_text_stays_out_of_what_is_logged() -> None:
    rule = {"rule": "self.a == self.b", "message": "a is not b"}

    errors, _ = judged(schema_with({"a": {}, "b": {}}, rule), A="hunter2", B="secret")

    assert errors == ['a is not b: "..." != "..."; set a to "...", or set b to "..."']


def test_a_text_that_the_schema_holds_may_be_proposed() -> None:
    rule = {"rule": "self.a in ['x', 'y']", "message": "a is none of them"}

    errors, _ = judged(schema_with({"a": {"default": "x"}}, rule), A="hunter2")

    assert errors == ['a is none of them: a = "..."; set a to "x", or set a to "y"']


def test_a_text_in_a_message_of_the_authors_own_stays_out_too_but_is_compared() -> None:
    message = "self.a + '!' == 'hunter2!' ? 'a is ' + self.a + ', of ' + string(size(self.a)) : 'b is ' + self.b"
    rule = {"rule": "self.a == ''", "messageExpression": message, "message": "m"}

    assert judged(schema_with({"a": {}, "b": {}}, rule), A="hunter2")[0] == ['a is ..., of 7; set a to ""']
    assert judged(schema_with({"a": {}, "b": {}}, rule), A="other", B="secret")[0] == ['b is ...; set a to ""']


def test_warnings_keep_nothing_from_starting() -> None:
    rule = {"rule": "self.a == ''", "message": "a is there", "x-severity": "warning"}

    assert judged(schema_with({"a": {}}, rule), A="x") == ([], ['a is there: "..." != ""; set a to ""'])


def test_a_broken_rule_is_said_on_one_line() -> None:
    rule = {"rule": "self.a == ''", "message": "one\ntwo"}

    assert judged(schema_with({"a": {}}, rule), A="x")[0] == ['one two: "..." != ""; set a to ""']


@pytest.mark.parametrize("size", [20, 50, 90, 200])
def test_what_can_be_a_rule_compiles(size: int) -> None:
    left = "(" * size + "self.a == 'x'" + " || self.a == 'y')" * size
    right = "(self.a == 'x' || " * size + "self.a == 'y'" + ")" * size
    mixed = "(self.a == 'x' && !(self.a == 'z' || " * size + "self.a == 'y'" + "))" * size
    choice = "(self.a == 'x' ? false : " * size + "self.a == 'y'" + ")" * size
    wide = " && ".join(f"self.a != 'x{number}'" for number in range(size))
    for text in (left, right, mixed, choice, wide):
        rule = {"rule": f"!({text}) || self.a == ''", "message": "m"}
        settings = read(schema_with({"a": {}}, rule))
        if settings is not None:
            table_of(settings)
