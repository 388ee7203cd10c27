"""What is emitted as CEL for the API server is, read by CEL again, the same tree: parentheses, precedence, literals."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chartgen.enforce.celexpression import chain, emit, quoted
from chartgen.records import replace
from chartgen.settings.cel import Compiled, Scope
from chartgen.settings.expression import (
    BinaryOp,
    Call,
    Expression,
    Function,
    Literal,
    Type,
    Unary,
    UnaryOp,
    walk,
)
from chartgen.settings.message import rule_message
from chartgen.settings.model import Settings
from chartgen.settings.solve import mends
from tests.counts import examples
from tests.strategies import CHARACTERS, Case, cases

ONLY_IN_MENDS = {BinaryOp.FLOOR_DIVIDE, BinaryOp.CEIL_DIVIDE}


def read_again(settings_: Settings, node: Expression) -> Expression:
    scope = Scope((), {setting.path: setting.type for setting in settings_.settings})
    names = {setting.path: ".".join(("self", *setting.path)) for setting in settings_.settings}
    found = scope.compile(emit(node, names), node.type)
    assert isinstance(found, Compiled), (emit(node, names), found)
    return found.tree


@settings(max_examples=examples(500))
@given(cases(bad=st.nothing()))
def test_a_rule_is_the_same_rule_again(case: Case) -> None:
    for rule in case.settings.rules:
        assert folded(read_again(case.settings, rule.check)) == folded(rule.check)


def folded(node: Expression) -> Expression:
    """The tree with the sign of each constant in the constant, as CEL reads it."""
    if isinstance(node, Unary) and node.op is UnaryOp.NEGATE:
        inner = folded(node.operand)
        return Literal(-inner.value, inner.type) if isinstance(inner, Literal) else replace(node, operand=inner)  # type: ignore[operator]
    parts = {name: part for name in FIELDS if (part := getattr(node, name, None)) is not None}
    return replace(node, **{name: _folded(part) for name, part in parts.items()})


def _folded(part: Any) -> Any:
    return tuple(map(folded, part)) if isinstance(part, tuple) else folded(part)


FIELDS = ("operand", "left", "right", "condition", "then", "otherwise", "needle", "items", "arguments")


def is_cel(node: Expression) -> bool:
    """Whether it is made of what CEL itself has: not of the API server's `format`, or of the divisions of mends."""
    return not any(
        (isinstance(part, Call) and part.function is Function.STRING and part.arguments[0].type is Type.NUMBER)
        or getattr(part, "op", None) in ONLY_IN_MENDS
        for part in walk(node)
    )


@settings(max_examples=examples(500))
@given(cases(bad=st.nothing()))
def test_messages_and_mends_compile(case: Case) -> None:
    texts = [rule_message(rule) for rule in case.settings.rules]
    values = [mend.value for rule in case.settings.rules for mend in mends(rule, case.settings)]
    nodes = [node for node in (*texts, *values) if is_cel(node)]
    assume(nodes)
    for node in nodes:
        read_again(case.settings, node)


@settings(max_examples=examples(2000))
@given(st.text(CHARACTERS))
def test_a_text_stays_what_it_is_on_one_line(text: str) -> None:
    found = Scope((), {}).compile(quoted(text), Type.STRING)

    assert isinstance(found, Compiled)
    assert found.tree == Literal(text, Type.STRING)
    assert yaml.safe_load(f"a: |-\n  {quoted(text)}\n") == {"a": quoted(text)}


def test_a_long_chain_is_no_deeper_than_cel_reads() -> None:
    found = Scope((), {}).compile(chain(["'a'"] * 1000, " + "), Type.STRING)

    assert isinstance(found, Compiled)
