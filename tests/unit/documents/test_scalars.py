"""Plain scalars, keys and tags, by the table of what Helm makes of them (the table itself is held to Helm elsewhere)."""

from __future__ import annotations

import math

import pytest

from chartgen.documents.keys import key_text
from chartgen.documents.scalars import go_value, resolve_plain
from chartgen.documents.tags import LONG_TAG, BadScalarError, tagged_value

VALUES = {
    "yes": True, "No": False, "ON": True, "y": True, "N": False, "tRUE": "tRUE",
    "": None, "~": None, "Null": None, "nULL": "nULL",
    "0777": 511, "-0777": -511, "0o777": 511, "08": 8, "0X1F": 31, "0B101": 5, "0o8": "0o8",
    "1_000": 1000, "1__0": 10, "1_": 1, "0x_f": 15, "_1": "_1",
    "1e3": 1000, "12e03": 12000, "1.e3": 1000, "-.5": -0.5, ".5": 0.5, "1.0": 1, "-0": 0, "-0.0": 0,
    "1e400": "1e400", "1:30": "1:30", "2020-01-01": "2020-01-01", "=": "=", "<<": "<<", "½": "½", "٣": "٣",
    "9007199254740993": 9007199254740992, "18446744073709551616": 18446744073709552000,
    "-9223372036854775809": -9223372036854776000, "1" * 5000: "1" * 5000, "0b" + "1" * 5000: "0b" + "1" * 5000,
}  # fmt: skip


@pytest.mark.parametrize("text", VALUES)
def test_a_plain_scalar_is_what_helm_makes_of_it(text: str) -> None:
    value = resolve_plain(text)

    assert (type(VALUES[text]), VALUES[text]) == (type(value), value)


@pytest.mark.parametrize(("text", "value"), [(".inf", math.inf), ("-.INF", -math.inf)])
def test_infinities_are_left_for_the_place_where_they_stand(text: str, value: float) -> None:
    assert value == resolve_plain(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("y", "true"), ("off", "false"), ("0x10", "16"), ("1_0", "10"), ("9007199254740993", "9007199254740993"),
        ("1.0", "1"), ("-0.0", "-0"), ("1e3", "1000"), ("1e6", "1e+06"), ("0.00001", "1e-05"), ("0.1", "0.1"),
        ("123456789.0", "1.2345679e+08"), (".inf", ".inf"), ("-.inf", "-.inf"), (".nan", ".nan"), ("1e300", ".inf"), ("a", "a"),
    ],
)  # fmt: skip
def test_a_key_becomes_the_text_that_helm_prints(text: str, key: str) -> None:
    assert key == key_text(go_value(text))


@pytest.mark.parametrize("text", ["~", "", "null", "9223372036854775808"])
def test_helm_has_no_text_for_some_keys(text: str) -> None:
    assert key_text(go_value(text)) is None


@pytest.mark.parametrize(
    ("tag", "text", "value"),
    [
        ("int", "5", 5), ("float", "5", 5.0), ("str", "5", "5"), ("bool", "on", True), ("null", "", None), ("set", "5", "5"),
        ("binary", "aGVs\nbG8=", "hello"), ("binary", "4oI=", "\ufffd\ufffd"), ("timestamp", "2020-01-01", "2020-01-01"),
        ("timestamp", "2020-1-1T1:2:3.5Z", "2020-1-1T1:2:3.5Z"), ("timestamp", "2020-01-01 1:2:3", "2020-01-01 1:2:3"),
    ],
)  # fmt: skip
def test_a_tag_is_obeyed_or_ignored_as_helm_does(tag: str, text: str, value: object) -> None:
    found = tagged_value(LONG_TAG + tag, text)

    assert (type(value), value) == (type(found), found)


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("int", "5.5"), ("int", "x"), ("float", "9223372036854775808"), ("float", "x"), ("bool", "1"), ("null", "x"), ("binary", "?"),
        ("timestamp", "x"), ("timestamp", "2020-02-30"), ("timestamp", "2020-01-01T00:00:00"), ("timestamp", "5"),
    ],
)  # fmt: skip
def test_a_value_that_its_tag_does_not_allow_is_refused(tag: str, text: str) -> None:
    with pytest.raises(BadScalarError, match="as its tag says"):
        tagged_value(LONG_TAG + tag, text)
