"""What compiles is a rule; what does not is a fault at CEL's own column."""

from __future__ import annotations

import pytest

from chartgen.settings.cel import CelFault, Compiled, Scope
from chartgen.settings.expression import Path, Type, Value

SCOPE = Scope((), {("n",): Type.INTEGER, ("ratio",): Type.NUMBER, ("on",): Type.BOOLEAN, ("group", "t"): Type.STRING})


def faults(text: str, result: Type = Type.BOOLEAN) -> list[CelFault]:
    compiled = SCOPE.compile(text, result)
    assert not isinstance(compiled, Compiled)
    return list(compiled)


@pytest.mark.parametrize(
    ("text", "offset", "words"),
    [
        ("self.n >", 8, "Syntax error"),
        ("self.nn > 1", 4, "undeclared reference to 'self.nn'"),
        ("'😀' == self.x", 11, "undeclared reference to 'self.x'"),
        ("self.n > 0 &&\n  self.n == 'a'", 23, "no matching overload"),
        ("self.n > 9223372036854775808", 9, "invalid int literal"),
        ("self.ratio > 1", 11, "no matching overload"),
    ],
)
def test_a_fault_has_the_offset_that_cel_gave_it(text: str, offset: int, words: str) -> None:
    (fault,) = faults(text)

    assert (offset, False) == (fault.offset, fault.outside_subset)
    assert words in fault.message


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("has(self.on)", 3),
        ("[self.n].all(x, x > 0)", 12),
        ("self.ratio + 1.0 > 2.0", 11),
        ("string(self.ratio) == '1'", 6),
        ("int(self.group.t) > 1", 3),
        ("self.on < true", 8),
        ("self.n in []", 7),
        ("[self.n] == [1]", 0),
        ("1u == 1u", 0),
        ("b'a' == b'a'", 0),
        ("{'a': self.n} == {'a': 1}", 0),
        ("type(self.n) == int", 4),
    ],
)
def test_what_not_every_enforcer_has_is_refused_at_its_place(text: str, offset: int) -> None:
    (fault,) = faults(text)

    assert (offset, True) == (fault.offset, fault.outside_subset)
    assert fault.remedy


def test_all_faults_of_a_rule_are_told_at_once() -> None:
    found = faults("self.a > 1 && self.b < 2")

    assert [fault.offset for fault in found] == [4, 18]


def test_a_rule_that_gives_no_verdict_is_refused() -> None:
    (fault,) = faults("self.n + 1")

    assert fault.message == "the expression gives int, not bool"


def test_an_error_of_evaluation_is_not_a_verdict() -> None:
    compiled = SCOPE.compile("1 / self.n == 1", Type.BOOLEAN)
    assert isinstance(compiled, Compiled)
    values: dict[Path, Value] = {("n",): 0, ("ratio",): 1.0, ("on",): True, ("group", "t"): ""}

    assert compiled.evaluate(values) is None
    assert compiled.evaluate({**values, ("n",): 1}) is True
