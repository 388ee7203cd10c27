"""Settings as strings, in and out, by one grammar."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chartgen.settings.expression import Type, Value
from chartgen.settings.model import NUMBER_BOUND, SAFE_INTEGER
from chartgen.settings.strings import parse_text, render_text


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Type.INTEGER, "0", 0), (Type.INTEGER, "-5000", -5000), (Type.INTEGER, "9007199254740991", 9007199254740991),
        (Type.NUMBER, "0.5", 0.5), (Type.NUMBER, "-12", -12.0), (Type.NUMBER, "1.500000", 1.5),
        (Type.BOOLEAN, "true", True), (Type.BOOLEAN, "false", False),
        (Type.STRING, "", ""), (Type.STRING, " true ", " true "),
    ],
)  # fmt: skip
def test_a_text_of_the_grammar_is_its_value(kind: Type, text: str, value: Value) -> None:
    found = parse_text(kind, text)

    assert (type(value), value) == (type(found), found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 5",
        "5 ",
        "5\n",
        "+5",
        "05",
        "-",
        "1e+06",
        "1e3",
        "5_000",
        "0x10",
        "\uff15",
        "\u0663",
        "1.0",
        "5.",
        "1,000",
        "true",
        "1" * 17,
    ],
)
def test_what_is_no_integer_in_the_grammar_is_refused(text: str) -> None:
    assert parse_text(Type.INTEGER, text) is None


@pytest.mark.parametrize("text", ["", ".5", "5.", "1e3", "+1", "00.5", "1.0000000", "NaN", "Infinity", "1\n", "1" * 16])
def test_what_is_no_number_in_the_grammar_is_refused(text: str) -> None:
    assert parse_text(Type.NUMBER, text) is None


@pytest.mark.parametrize("text", ["True", "1", "yes", "", "true "])
def test_what_is_no_boolean_in_the_grammar_is_refused(text: str) -> None:
    assert parse_text(Type.BOOLEAN, text) is None


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Type.INTEGER, 1000000, "1000000"), (Type.INTEGER, 1e6, "1000000"), (Type.INTEGER, -0.0, "0"),
        (Type.NUMBER, 0.1, "0.1"), (Type.NUMBER, 1e15, "1000000000000000"), (Type.NUMBER, 1e-6, "0.000001"),
        (Type.NUMBER, -0.0, "0"), (Type.NUMBER, -1e-9, "0"), (Type.NUMBER, 3, "3"), (Type.NUMBER, 100, "100"),
        (Type.BOOLEAN, True, "true"), (Type.BOOLEAN, False, "false"), (Type.STRING, "a b", "a b"),
    ],
)  # fmt: skip
def test_a_value_is_written_without_exponent_sign_of_zero_or_trailing_zeros(
    kind: Type, value: Value, text: str
) -> None:
    assert text == render_text(kind, value)


@given(st.integers(-SAFE_INTEGER, SAFE_INTEGER))
def test_an_integer_that_is_written_is_read_again(value: int) -> None:
    assert value == parse_text(Type.INTEGER, render_text(Type.INTEGER, value))


@given(
    st.decimals(-NUMBER_BOUND, NUMBER_BOUND, places=6)
    .map(float)
    .filter(lambda number: abs(number) < NUMBER_BOUND / 10**5)
)
def test_a_number_that_is_written_is_read_again(value: float) -> None:
    assert value == parse_text(Type.NUMBER, render_text(Type.NUMBER, value))
