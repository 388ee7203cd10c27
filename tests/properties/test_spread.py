"""What a rule can be over whole ranges of values: the search for mends stands on it."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chartgen.settings.evaluate import evaluate
from chartgen.settings.expression import Type
from chartgen.settings.spread import points, spread
from tests.counts import examples
from tests.strategies import Case, effective, read, schemas, values


@settings(max_examples=examples(500), suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.data())
def test_a_range_of_a_rule_holds_all_that_its_points_give(data: st.DataObject) -> None:
    """The search passes over a range as a whole where this says that a rule is false in it."""
    schema = data.draw(schemas().filter(lambda schema: "x-kubernetes-validations" in schema))
    model = read(schema)
    assert model is not None
    corners = [effective(Case(schema, model, data.draw(values(schema, st.nothing())))) for _ in range(2)]
    box: dict[tuple[str, ...], Any] = {}
    point: dict[tuple[str, ...], Any] = {}
    for setting in model.settings:
        low, high = sorted((corner[setting.path] for corner in corners), key=lambda value: value)
        if setting.type is Type.INTEGER:
            box[setting.path], point[setting.path] = (low, high), data.draw(st.integers(int(low), int(high)))
        elif setting.type is Type.STRING:
            box[setting.path], point[setting.path] = (low, low), low
        else:
            box[setting.path], point[setting.path] = (low, high), data.draw(st.sampled_from([low, high]))

    for rule in model.rules:
        least, greatest = spread(rule.check, box)
        try:
            found = evaluate(rule.check, point)
        except ZeroDivisionError:  # a choice between which zero lies
            continue
        assert least <= found <= greatest
        assert (found, found) == spread(rule.check, points(point))
