"""What holds of any rule: one meaning in CEL and in Python, ranges that hold, mends that mend."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from chartgen.settings.evaluate import evaluate
from chartgen.settings.expression import Path, Type, Value, walk
from chartgen.settings.intervals import interval
from chartgen.settings.judge import broken_rules, violations
from tests.counts import examples
from tests.strategies import Case, cases

GOOD = cases(bad=st.nothing())


def whole(case: Case) -> dict[Path, Value]:
    """The value of every setting, the default where the case has none."""
    values: dict[Path, Value] = {}
    for setting in case.settings.settings:
        here = case.values
        for key in setting.path:
            here = here.get(key, {}) if isinstance(here, dict) else {}
        values[setting.path] = setting.default if isinstance(here, dict) else here
        if setting.type is Type.NUMBER:
            values[setting.path] = float(values[setting.path])
    return values


@settings(max_examples=examples(3000))
@given(GOOD)
def test_python_evaluates_a_rule_as_cel_does(case: Case) -> None:
    values = whole(case)

    for rule in case.settings.rules:
        assert rule.holds(values) == evaluate(rule.check, values)


@settings(max_examples=examples(3000))
@given(GOOD)
def test_every_integer_of_a_rule_stays_in_the_range_that_was_proven(case: Case) -> None:
    values = whole(case)
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
    values = whole(case)
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
