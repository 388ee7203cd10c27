"""Random settings with texts for them, as a page has them: any kind, and integers to the ends of what a double holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from chartgen.settings.model import SAFE_INTEGER, Settings
from tests.setting_texts import ODD, texts_of
from tests.strategies import read, schemas

BEYOND = st.sampled_from(
    ["9007199254740991", "-9007199254740991", "9007199254740992", "9007199254740993", "9999999999999999",
     "-9007199254740993", "😀", "\uffff😀"]
)  # fmt: skip
"""What JavaScript might read in another way: integers around those that doubles hold, characters of two units."""
ENDS = (-SAFE_INTEGER, 1 - SAFE_INTEGER, SAFE_INTEGER - 1, SAFE_INTEGER)


@dataclass(frozen=True)
class Texts:
    """A schema, and a text for some of its settings, by environment names."""

    schema: dict[str, Any]
    settings: Settings
    texts: dict[str, str]

    @property
    def is_astral(self) -> bool:
        """Whether a text has a character that UTF-16 writes in two units."""
        return any(char > "\uffff" for text in self.texts.values() for char in text)

    @property
    def is_at_an_end(self) -> bool:
        """Whether an integer is the least or the greatest that every double holds."""
        return any(text.removeprefix("-") == str(SAFE_INTEGER) for text in self.texts.values())

    @property
    def is_a_negative_quotient(self) -> bool:
        """Whether rules divide a negative integer, or take its remainder."""
        rules = str(self.schema.get("x-kubernetes-validations"))
        return ("/" in rules or "%" in rules) and self.texts.get("A", "").startswith("-")


@st.composite
def any_texts(draw: st.DrawFn) -> Texts:
    """Settings of any kind, and texts that are mostly of good values."""
    schema = draw(schemas())
    settings = read(schema)
    assert settings is not None
    return Texts(schema, settings, draw(texts_of(settings, schema, st.one_of(ODD, BEYOND))))


@st.composite
def quotients(draw: st.DrawFn) -> Texts:
    """Two integers of wide ranges, of which the first is often negative, and rules of their quotients and remainders."""
    a = draw(st.sampled_from([(-SAFE_INTEGER, SAFE_INTEGER), (-SAFE_INTEGER, -1), (-100, 100), (-SAFE_INTEGER, 0)]))
    b = draw(st.sampled_from([(1, SAFE_INTEGER), (-SAFE_INTEGER, -1), (1, 50), (-50, -1)]))
    properties = {
        name: {"type": "integer", "minimum": low, "maximum": high, "default": draw(within(low, high)), "x-env": name.upper()}
        for name, (low, high) in (("a", a), ("b", b))
    }  # fmt: skip
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    rules: list[dict[str, str]] = []
    for number in range(draw(st.integers(1, 3))):
        text = draw(quotient_rule())
        for rule in (text, f"!({text})"):  # the defaults must keep it
            more = [*rules, {"rule": rule, "message": f"rule {number} does not hold"}]
            if read(schema | {"x-kubernetes-validations": more}) is not None:
                rules = more
                break
    schema |= {"x-kubernetes-validations": rules} if rules else {}
    settings = read(schema)
    assert settings is not None
    return Texts(schema, settings, {"A": str(draw(within(*a))), "B": str(draw(within(*b)))})


def within(low: int, high: int) -> st.SearchStrategy[int]:
    """Integers of a range: its ends, small ones, and any."""
    near = st.sampled_from([value for value in (*ENDS, low, high, -7, -3, -1, 0, 1, 2, 5) if low <= value <= high])
    return st.one_of(near, st.integers(low, high))


@st.composite
def quotient_rule(draw: st.DrawFn) -> str:
    """A comparison of quotients and remainders, each proven to stay in its range: they are no larger than what is divided."""
    dividends, divisors = ["self.a", "-self.a"], ["self.b", "-self.b", "7", "-7", "3", "-2", str(SAFE_INTEGER)]
    terms = [
        f"{draw(st.sampled_from(dividends))} {draw(st.sampled_from('/%'))} {draw(st.sampled_from(divisors))}"
        for _ in range(2)
    ]
    if draw(st.booleans()):
        terms[0] = f"{terms[0]} {draw(st.sampled_from('/%'))} {draw(st.sampled_from(divisors))}"
    if draw(st.booleans()):
        terms[1] = str(draw(st.integers(-5, 5)))
    return f"{terms[0]} {draw(st.sampled_from(['<', '<=', '>', '>=', '==', '!=']))} {terms[1]}"


def page_texts() -> st.SearchStrategy[Texts]:
    """Both, as often."""
    return st.one_of(any_texts(), quotients())
