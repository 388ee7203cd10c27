"""Layers merge as Helm merges them, and each value can say where it came from and what it beat."""

from __future__ import annotations

import time

import pytest

from chartgen.documents.layers import Layer, Leaf, Merged, merge
from chartgen.documents.nodes import Plain, plain
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.source import Source


def stack(*texts: str) -> Merged:
    layers = []
    for number, text in enumerate(texts):
        node, findings = parse_yaml(Source(f"{number}.yaml", text))
        assert node is not None, findings
        layers.append(Layer(f"{number}.yaml", node))
    return merge(layers)


def told(leaf: Leaf | None) -> list[tuple[str, Plain]]:
    """The layers and values of a leaf and of those that it beat, nearest first."""
    assert leaf is not None
    return [(each.layer.name, plain(each.node)) for each in (leaf, *leaf.beaten)]


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["a: {b: 1, c: 2}", "a: {b: 3}"], {"a": {"b": 3, "c": 2}}),
        (["a: [1, 2]", "a: [3]"], {"a": [3]}),
        (["a: {b: 1}", "a: 2"], {"a": 2}),
        (["a: 1", "a: {b: 2}"], {"a": {"b": 2}}),
        (["a: 1", "a: ~"], {}),
        (["a: {b: 1, c: 2}", "a: {b: ~}"], {"a": {"c": 2}}),
        (["{}", "a: ~"], {"a": None}),
        (["a: ~", "a: ~"], {}),
        (["a: {b: ~}", "a: {b: ~}"], {"a": {"b": None}}),
        (["a: {b: ~, c: [~]}"], {"a": {"c": [None]}}),
        (["a: {b: 1}", "a: ~", "a: {c: 2}"], {"a": {"b": 1, "c": 2}}),
        (["a: {b: 1}", "a: {d: 3}", "a: ~", "a: {c: 2}"], {"a": {"b": 1, "c": 2}}),
    ],
)
def test_mappings_merge_the_rest_replaces_and_null_deletes_a_default(texts: list[str], values: Plain) -> None:
    assert values == stack(*texts).values


def test_helm_3_keeps_nulls_of_the_defaults() -> None:
    node, _ = parse_yaml(Source("values.yaml", "a: {b: ~}\nc: ~\n"))
    assert node is not None

    assert merge([Layer("values.yaml", node)], helm_version=3).values == {"a": {"b": None}, "c": None}


def test_no_layer_is_no_value() -> None:
    merged = merge([])

    assert (merged.values, merged.leaf(()), merged.nearest(("a",))) == ({}, None, None)


def test_a_value_names_its_layer_its_key_and_what_it_beat_nearest_first() -> None:
    leaf = stack("a: {b: 1}", "a: {b: 2}", "a: {c: 0}", "a:\n  b: 3").leaf(("a", "b"))

    assert told(leaf) == [("3.yaml", 3), ("1.yaml", 2), ("0.yaml", 1)]
    assert leaf is not None
    assert leaf.key_span is not None
    assert (leaf.key_span.place(), leaf.node.span.place()) == ("3.yaml:2:3", "3.yaml:2:6")


def test_a_value_of_the_defaults_under_an_overridden_mapping_is_found() -> None:
    assert told(stack("a: {b: 1}", "a: {c: 2}").leaf(("a", "b"))) == [("0.yaml", 1)]


def test_a_mapping_is_its_highest_layers() -> None:
    assert told(stack("a: {b: 1}", "a: {c: 2}").leaf(("a",))) == [("1.yaml", {"c": 2}), ("0.yaml", {"b": 1})]


def test_a_layer_below_a_replaced_mapping_is_forgotten_but_for_the_defaults() -> None:
    merged = stack("a: {b: 0}", "a: {b: 1}", "a: ~", "a: {b: 2}")

    assert told(merged.leaf(("a", "b"))) == [("3.yaml", 2), ("0.yaml", 0)]


def test_an_item_of_a_list_is_the_lists_layers() -> None:
    assert told(stack("a: [{b: 1}, 2]", "a: [{b: 3}]").leaf(("a", 0, "b"))) == [("1.yaml", 3)]


@pytest.mark.parametrize(
    "path", [("a", "b"), ("a", "x"), ("a", "c", "d"), ("a", "e", 1), ("a", "e", -1), ("a", "e", "0"), ("z",)]
)
def test_what_is_not_among_the_values_has_no_leaf(path: tuple[str | int, ...]) -> None:
    assert stack("a: {b: 1, c: 2, e: [1]}", "a: {b: ~}").leaf(path) is None


@pytest.mark.parametrize(
    ("path", "layer"), [(("a", "b", "x"), "1.yaml"), (("a", "y"), "1.yaml"), (("z",), "1.yaml"), (("c", 5), "0.yaml")]
)
def test_the_nearest_ancestor_stands_in_for_what_is_missing(path: tuple[str | int, ...], layer: str) -> None:
    assert told(stack("c: [1]", "a: {b: 1}").nearest(path))[0][0] == layer


def test_many_keys_and_layers_take_time_in_proportion() -> None:
    text = "".join(f"k{number}: {{a: 1}}\n" for number in range(5000))
    start = time.perf_counter()
    merged = stack(*[text] * 4)
    for number in range(5000):
        assert merged.leaf((f"k{number}", "a")) is not None

    assert time.perf_counter() - start < 20
