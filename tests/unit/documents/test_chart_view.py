"""Values of a chart with others in it: what is on, what comes out, and where each value came from."""

from __future__ import annotations

from typing import Any

import pytest

from chartgen.documents.chart_view import effective_values
from chartgen.documents.layers import Leaf
from chartgen.documents.nodes import plain
from tests.unit.documents.charts import CHART, DB, LISTED, effective, layers_of, loaded


def told(leaf: Leaf | None) -> list[str]:
    """The places of a leaf and of those that it beat, nearest first."""
    assert leaf is not None
    return [each.node.span.place() for each in (leaf, *leaf.beaten)]


def chart(listed: str = LISTED, own: str = "{}", below: str = "{}", **more: str) -> dict[str, str | bytes]:
    return {
        "Chart.yaml": listed,
        "values.yaml": own,
        "charts/db/Chart.yaml": DB,
        "charts/db/values.yaml": below,
        **{name.replace("__", "/"): text for name, text in more.items()},
    }


@pytest.mark.parametrize(
    ("listed", "own", "values"),
    [
        (LISTED, "{}", {"db": {"global": {}, "x": 1}}),
        (f"{LISTED}  condition: db.on\n", "db: {'on': false}", {"db": {"on": False}}),
        (f"{LISTED}  condition: none,a,b\n", "{a: 1, b: false}", {"a": 1, "b": False}),
        (f"{LISTED}  tags: [t]\n", "tags: {t: false}", {"tags": {"t": False}}),
        (f"{LISTED}  tags: [t]\n  condition: a\n", "{a: true, tags: {t: false}}", {"a": True, "tags": {"t": False}, "db": {"global": {}, "x": 1}}),
        (f"{LISTED}  alias: one\n", "{}", {"one": {"global": {}, "x": 1}}),
        (f"{LISTED}  alias: one\n- name: db\n  version: '*'\n", "one: {x: 2}", {"one": {"global": {}, "x": 2}, "db": {"global": {}, "x": 1}}),
        (LISTED.replace("^1", "^2"), "{}", {"db": {"global": {}, "x": 1}}),
        (f"{LISTED.replace('^1', '^2')}  alias: one\n", "{}", {"db": {"global": {}, "x": 1}}),
        (CHART, "{}", {"db": {"global": {}, "x": 1}}),
        (f"{LISTED}  import-values: [{{child: e, parent: f}}]\n", "f: {a: 3}", {"db": {"global": {}, "x": 1}, "f": {"a": 3}}),
    ],
)  # fmt: skip
def test_dependencies_are_switched_and_named_as_helm_does_it(listed: str, own: str, values: dict[str, Any]) -> None:
    root, *_ = effective(chart(listed, own, "x: 1"))

    assert root.values == values


def test_globals_reach_every_chart_and_those_above_win() -> None:
    root, db = effective(chart(own="global: {a: 1, b: {c: 2}}", below="global: {a: 9, d: 3}"))

    assert db.values == {"global": {"a": 1, "b": {"c": 2}, "d": 3}}
    assert root.values["global"] == {"a": 1, "b": {"c": 2}}


def test_values_of_a_subchart_are_imported_below_the_charts_own() -> None:
    listed = f"{LISTED}  import-values: [all, {{child: e, parent: f.g}}]\n"
    root, *_ = effective(chart(listed, "k: own", "exports: {all: {k: 1, l: 2}}\ne: {m: 3}"))

    assert (root.values["k"], root.values["l"], root.values["f"]) == ("own", 2, {"g": {"m": 3}})
    assert told(root.leaf(("f", "g", "m"))) == ["shop/charts/db/values.yaml:2:8"]


@pytest.mark.parametrize(("version", "values"), [(4, {"a": 1}), (3, {"a": 1})])
def test_a_null_of_the_chart_above_deletes_no_default_of_a_subchart_in_helm_4(
    version: int, values: dict[str, Any]
) -> None:
    root, *_ = effective(chart(own="db: {a: ~}", below="a: 1"), helm_version=version)

    assert root.values["db"] == {"global": {}} | (values if version == 4 else {})


def test_a_null_of_the_user_deletes_a_default_of_a_subchart() -> None:
    root, *_ = effective(chart(below="a: 1"), "db: {a: ~}")

    assert root.values["db"] == {"global": {}}


def test_a_value_is_told_at_the_layer_that_it_came_from_with_what_it_beat() -> None:
    root, db = effective(chart(own="db: {a: {b: 2}}", below="a: {b: 1, c: 1}"), "db:\n  a:\n    b: 3\n", "{}")

    assert told(db.leaf(("a", "b"))) == ["0.yaml:3:8", "shop/values.yaml:1:13", "shop/charts/db/values.yaml:1:8"]
    assert told(root.leaf(("db", "a", "b"))) == told(db.leaf(("a", "b")))
    assert told(db.leaf(("a", "c"))) == ["shop/charts/db/values.yaml:1:14"]
    assert db.prefix == ("db",)


def test_a_value_in_a_list_of_a_subchart_is_found() -> None:
    _, db = effective(chart(below="a: [{b: 1}, 2]"))

    assert told(db.leaf(("a", 0, "b"))) == ["shop/charts/db/values.yaml:1:9"]
    assert db.leaf(("a", 2)) is None
    assert plain(db.nearest(("a", 2)).node) == [{"b": 1}, 2]


def test_what_helm_adds_is_nobodys_value() -> None:
    root, db = effective(chart())

    assert (root.leaf(("db",)), db.leaf(("global",))) == (None, None)
    assert (root.is_made(("db",)), root.is_made(("db", "global")), root.is_made(("no",))) == (True, True, False)


def test_a_global_of_a_subchart_is_told_where_the_chart_above_has_it() -> None:
    _, db = effective(chart(own="global: {a: 1}"), "global: {a: 2}")

    assert told(db.leaf(("global", "a"))) == ["0.yaml:1:13", "shop/values.yaml:1:13"]


@pytest.mark.parametrize(
    ("text", "found", "place"), [("db: x", '"x"', "0.yaml:1:5"), ("db: [1]", "a list", "0.yaml:1:5"), ("db: ~", "null", "0.yaml:1:5")]
)  # fmt: skip
def test_values_of_a_subchart_that_are_no_mapping_are_refused(text: str, found: str, place: str) -> None:
    views, (finding, *more) = effective_values(loaded(chart()), layers_of(text), 4)

    assert (views, more) == ([], [])
    assert finding.primary is not None
    assert (finding.code, finding.path, finding.found, finding.primary.place()) == ("CG201", "db", found, place)


@pytest.mark.parametrize(
    "imports",
    [
        "[{child: a, parent: p}, {child: a.b, parent: p.b.c}]",  # Helm itself ends with a stack overflow
        "[" + ", ".join(["{child: a, parent: p}, {child: a.b, parent: p.b.c}"] * 30) + "]",
    ],
)
def test_charts_that_import_values_into_themselves_come_to_an_end(imports: str) -> None:
    source = loaded(chart(f"{LISTED}  import-values: {imports}\n", below="a: {b: {c: {d: 1}}}"))

    views, (finding,) = effective_values(source, [], 4)

    assert (views, finding.code, finding.message) == (
        [],
        "CG105",
        "the charts import values into themselves, over and over",
    )


def test_a_chart_used_twice_has_its_own_values_twice() -> None:
    listed = f"{LISTED}  alias: one\n- name: db\n  version: '*'\n  alias: two\n"
    root, one, two = effective(chart(listed, "one: {a: 2}", "a: 1"))

    assert (one.prefix, one.values["a"], two.prefix, two.values["a"]) == (("one",), 2, ("two",), 1)
    assert one.chart is two.chart
    assert set(root.values) == {"one", "two"}
