"""What holds of any rule: one meaning in CEL and in Python, ranges that hold, mends that mend."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from chartgen.settings.evaluate import evaluate
from chartgen.settings.expression import Type, walk
from chartgen.settings.intervals import interval
from chartgen.settings.judge import broken_rules, violations
from tests.counts import examples
from tests.strategies import Case, cases, effective

GOOD = cases(bad=st.nothing())


@settings(max_examples=examples(3000))
@given(GOOD)
def test_python_evaluates_a_rule_as_cel_does(case: Case) -> None:
    values = effective(case)

    for rule in case.settings.rules:
        assert rule.holds(values) == evaluate(rule.check, values)


@settings(max_examples=examples(3000))
@given(GOOD)
def test_every_integer_of_a_rule_stays_in_the_range_that_was_proven(case: Case) -> None:
    values = effective(case)
    if any(list(violations(setting, values[setting.path])) for setting in case.settings.settings):
        return

    for rule in case.settings.rules:
        for node in walk(rule.check):
            if node.type is Type.INTEGER:
                found = interval(node, case.settings.by_path)
                assert found is not None
                assert found.contains(int(evaluate(node, values)))


@settings(max_examples=examples(3000))
@given(GOOD)
def test_a_mend_that_is_offered_mends_the_rule_and_breaks_nothing(case: Case) -> None:
    values = effective(case)
    if any(list(violations(setting, values[setting.path])) for setting in case.settings.settings):
        return
    before = {broken.rule for broken in broken_rules(case.settings, values)}

    for broken in broken_rules(case.settings, values):
        for mend in broken.mends:
            mended = {**values, mend.path: evaluate(mend.value, values)}
            assert list(violations(case.settings.setting(mend.path), mended[mend.path])) == []
            after = {other.rule for other in broken_rules(case.settings, mended)}
            assert broken.rule not in after
            assert after <= before
