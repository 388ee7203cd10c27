"""A first declaration of a setting from its name and default."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chartgen.documents.json_schema import compile_schema
from chartgen.finding import UsageStop
from chartgen.resources import load_schema
from chartgen.settings.expression import Type
from chartgen.settings.strings import render_text
from chartgen.start.draft import Draft, declaration, draft_of_text, drafted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pollInterval:ms=5000", Draft("pollInterval", "POLL_INTERVAL", Type.INTEGER, 5000, "ms")),
        ("pollIntervalMs=5000", Draft("pollIntervalMs", "POLL_INTERVAL_MS", Type.INTEGER, 5000, "ms")),
        ("a:number=2", Draft("a", "A", Type.NUMBER, 2.0)),
        ("a:percent:number=2", Draft("a", "A", Type.NUMBER, 2.0, "percent")),
        ("a=2.5", Draft("a", "A", Type.NUMBER, 2.5)),
        ("a=true", Draft("a", "A", Type.BOOLEAN, default=True)),
        ("a:string=true", Draft("a", "A", Type.STRING, "true")),
        ("a=", Draft("a", "A", Type.STRING, "")),
        ("a=b=c:d", Draft("a", "A", Type.STRING, "b=c:d")),
        ("a=1e3", Draft("a", "A", Type.STRING, "1e3")),
        ("a=9007199254740993", Draft("a", "A", Type.STRING, "9007199254740993")),
        ("nameMs=x", Draft("nameMs", "NAME_MS", Type.STRING, "x")),
    ],
)
def test_a_setting_is_named_in_one_word(text: str, expected: Draft) -> None:
    assert draft_of_text(text) == expected


@pytest.mark.parametrize("text", ["a", "=5", "a:int=5", "a:ms:s=5", "a:integer:number=5", "a:=5", ":ms=5"])
def test_another_form_is_refused_with_the_form(text: str) -> None:
    with pytest.raises(UsageStop, match=r"NAME\[:TYPE\]\[:UNIT\]=DEFAULT"):
        draft_of_text(text)


def test_a_default_of_another_type_is_refused() -> None:
    with pytest.raises(UsageStop, match='the default "x" of a is not of type integer'):
        draft_of_text("a:integer=x")


@pytest.mark.parametrize(
    ("draft", "bounds"),
    [
        (Draft("a", "A", Type.INTEGER, 5000, "ms"), {"minimum": 1, "maximum": 86_400_000}),
        (Draft("a", "A", Type.INTEGER, 0, "ms"), {"minimum": 0, "maximum": 86_400_000}),
        (Draft("a", "A", Type.INTEGER, 100_000, "s"), {"minimum": 1, "maximum": 100_000_000}),
        (Draft("a", "A", Type.INTEGER, 120, "count"), {"minimum": 0, "maximum": 100_000}),
        (Draft("a", "A", Type.INTEGER, 3), {"minimum": 0, "maximum": 1000}),
        (Draft("a", "A", Type.INTEGER, -3), {"minimum": -1000, "maximum": 1000}),
        (Draft("a", "A", Type.INTEGER, 50, "percent"), {"minimum": 0, "maximum": 100}),
        (Draft("a", "A", Type.INTEGER, 150, "percent"), {"minimum": 0, "maximum": 100_000}),
        (Draft("a", "A", Type.INTEGER, 2**53 - 1), {"minimum": 0, "maximum": 2**53 - 1}),
        (Draft("a", "A", Type.NUMBER, 0.25), {"minimum": 0, "maximum": 1000}),
        (Draft("a", "A", Type.BOOLEAN, default=True), {}),
        (Draft("a", "A", Type.STRING, "x"), {"maxLength": 256}),
        (Draft("a", "A", Type.STRING, "x" * 100), {"maxLength": 1000}),
    ],
)
def test_the_bounds_are_generous(draft: Draft, bounds: dict[str, int]) -> None:
    known = {"minimum", "maximum", "maxLength"}

    assert {key: value for key, value in declaration(draft).items() if key in known} == bounds


VALUES: st.SearchStrategy[tuple[Type, Any]] = st.one_of(
    st.tuples(st.just(Type.INTEGER), st.integers(-(2**53) + 1, 2**53 - 1)),
    st.tuples(st.just(Type.NUMBER), st.integers(-(10**12), 10**12).map(lambda millionths: millionths / 10**6)),
    st.tuples(st.just(Type.BOOLEAN), st.booleans()),
    st.tuples(st.just(Type.STRING), st.text(st.characters(codec="utf-8", exclude_characters="\0"))),
)


@given(VALUES, st.sampled_from(["", "ms", "s", "min", "percent", "bytes", "count"]))
def test_every_declaration_fits_the_schema_of_settings_schemas(value: tuple[Type, Any], unit: str) -> None:
    kind, default = value
    counts = kind in {Type.INTEGER, Type.NUMBER}
    draft = drafted("a", "A", render_text(kind, default), kind=kind, unit=unit if counts else "", description="d")
    declared = declaration(draft)
    checker = compile_schema(load_schema("settings-schema.json"))

    assert checker.faults({"type": "object", "properties": {"a": declared}}) == []
    assert compile_schema(declared).is_valid(declared["default"])
