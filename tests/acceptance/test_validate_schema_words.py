"""The words and places of what a chart's JSON Schema says, where they are easy to get wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from chartgen.__main__ import main

CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
Told: TypeAlias = Callable[..., "list[dict[str, Any]]"]
ON = {"enum": ["on", "off"]}


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Told:
    """The findings of values (a text) and flags in a chart with a schema, a values.yaml and other files."""

    def run(schema: Any, defaults: str, values: str, *flags: str, **files: str) -> list[dict[str, Any]]:
        chart = {"Chart.yaml": CHART, "values.yaml": defaults, "values.schema.json": json.dumps(schema)}
        named = {name.replace("__", "/").replace("_", "."): text for name, text in files.items()}
        for name, text in {
            **{f"chart/{name}": text for name, text in chart.items()},
            "v.yaml": values,
            **named,
        }.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        main(["validate", "--format", "json", "--chart", "chart", "-f", "v.yaml", *flags])
        findings: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
        return findings

    return run


def place(found: dict[str, Any]) -> str:
    return f"{found['file']}:{found['line']}:{found['column']}"


def notes(found: dict[str, Any]) -> list[str]:
    """The notes, each with its place, but for the rule's."""
    return [
        f"{place(note)} {note['message']}" if note["file"] else note["message"]
        for note in found["notes"]
        if note["message"] != "rule"
    ]


NEEDS = {"required": ["replicas"], "properties": {"image": {"required": ["tag"], "minProperties": 2}}}
DEFAULTS = "replicas: 1\nimage:\n  repo: shop\n  tag: v1\n"


def test_a_key_that_a_null_deleted_is_told_at_the_null(told: Told) -> None:
    (found,) = told(NEEDS, DEFAULTS, "# none\nreplicas: null\n")

    assert found["message"] == "the values lack the key replicas"
    assert (place(found), found["layer"]) == ("v.yaml:2:11", "v.yaml")
    assert notes(found) == ["chart/values.yaml:1:1 null deletes this default"]
    assert found["help"] == "remove the null, so that the default stays, or set replicas to another value"


def test_a_null_in_a_flag_is_told_there(told: Told) -> None:
    (found,) = told(NEEDS, DEFAULTS, "replicas: 2\n", "--set", "replicas=null")

    assert (found["file"], found["layer"]) == ("--set replicas=null", "--set replicas=null")
    assert notes(found) == ["v.yaml:1:1 null deletes this default"]


def test_too_few_keys_are_told_with_the_nulls_that_took_some(told: Told) -> None:
    few, lacking = told(NEEDS, DEFAULTS, "image:\n  tag:\n")

    assert (few["message"], place(few)) == ("image has 1 key; expected at least 2", "v.yaml:2:3")
    assert notes(few) == ["v.yaml:2:3 null deletes the default of chart/values.yaml:4:3"]
    assert (lacking["message"], place(lacking)) == ("image lacks the key tag", "v.yaml:2:7")


def test_a_null_of_the_charts_own_is_told_as_no_value(told: Told) -> None:
    (found,) = told(NEEDS, "replicas:\n", "{}\n")

    assert place(found) == "chart/values.yaml:1:10"
    assert notes(found) == ["Helm drops a null of a chart's own values"]


def test_a_null_in_the_values_of_a_chart_below_is_told_at_the_null(told: Told) -> None:
    below = {
        "chart__charts__db__Chart_yaml": CHART.replace("shop", "db"),
        "chart__charts__db__values_yaml": DEFAULTS,
        "chart__charts__db__values_schema_json": json.dumps(NEEDS),
    }

    (found,) = told({}, "", "db:\n  replicas: null\n", **below)

    assert (found["message"], place(found)) == ("db lacks the key replicas", "v.yaml:2:13")
    assert notes(found) == ["chart/charts/db/values.yaml:1:1 null deletes this default"]


@pytest.mark.parametrize(
    ("names", "said", "help_"),
    [
        ({"enum": ["alpha", "beta"]}, 'is not one of "alpha", "beta"', 'did you mean "alpha"?'),
        ({"enum": [None, "zeta"]}, 'is not one of null, "zeta"', "known here: zeta"),
        ({"minLength": 5}, "is shorter than 5 characters", "rename it"),
        ({"pattern": "^b"}, 'does not match "^b"', "rename it"),
    ],
)
def test_a_name_that_is_not_allowed_is_told_at_the_key(told: Told, names: Any, said: str, help_: str) -> None:
    (found,) = told({"properties": {"a": {"propertyNames": names}}}, "", "a:\n  alpa: 1\n")

    assert found["message"] == f'a has the key "alpa", which {said}'
    assert (place(found), found["help"]) == ("v.yaml:2:3", help_)


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"type": "array"}, 'the values are {"a":{"b":1,"c":2}}; expected a list'),
        ({"enum": [{}]}, 'the values are {"a":{"b":1,"c":2}}; expected one of {}'),
        ({"not": {"const": {"a": {"b": 1, "c": 2}}}}, 'the values are {"a":{"b":1,"c":2}}; expected anything but'),
        ({"minProperties": 2}, "the values have 1 key; expected at least 2"),
        ({"maxProperties": 0}, "the values have 1 key; expected at most 0"),
        ({"$ref": "#/$defs/a", "$defs": {"a": False}}, "the schema allows no values at all"),
        ({"oneOf": [{}, {}]}, "the values fit more than one of the schema's alternatives; expected exactly one"),
    ],
)
def test_the_values_as_a_whole_are_plural_and_whole(told: Told, schema: Any, message: str) -> None:
    (found,) = told(schema, "a:\n  b: 1\n", "a:\n  c: 2\n")

    assert found["message"].startswith(message)


def test_a_mapping_is_shown_as_all_layers_have_it(told: Told) -> None:
    (found,) = told({"properties": {"a": {"type": "string"}}}, "a:\n  b: 1\n", "a:\n  c: 2\n")

    assert found["found"] == '{"b":1,"c":2}'
    assert found["label"] == "(this layer adds to chart/values.yaml:2)"


def test_a_key_of_a_chart_below_is_no_unknown_key(told: Told) -> None:
    below = {"chart__charts__db__Chart_yaml": CHART.replace("shop", "db")}
    closed = {"additionalProperties": False, "properties": {"global": {}}}

    (found,) = told(closed, "", "db: {port: 1}\n", **below)

    assert found["message"] == "db holds the values of the chart db, and the schema of this chart does not allow it"
    assert found["help"].startswith('a schema that closes the values must have "db" among its properties')

    found = told({"properties": {"db": {**closed, "properties": {"global": {}, "ports": {}}}}}, "", "db: {port: 1}\n")[
        0
    ]

    assert found["message"] == "db.port is for the chart db, and the schema of this chart does not allow it"
    assert found["help"] == 'did you mean "ports"?'


SHORT = {"properties": {"l": {"items": {"type": "string", "maxLength": 2}}}}


def test_the_items_that_an_index_left_out_are_explained(told: Told) -> None:
    found = told(SHORT, "l: [a, b, c]\n", "{}\n", "--set", "l[1]=xxx")

    replaced = "--set l[1]=xxx replaces this default as a whole: an index sees no list of the chart's own"
    assert [one["message"] for one in found] == [
        "l[0] is null; expected a text",
        'l[1] is "xxx"; expected at most 2 characters long',
    ]
    assert [notes(one) for one in found] == [[f"chart/values.yaml:1:4 {replaced}"]] * 2
    assert found[0]["help"] == "set each item of the list, or give the whole list"


def test_an_item_that_a_flag_carried_along_belongs_to_its_file(told: Told) -> None:
    null, long = told(SHORT, "l: [a]\n", "l: [a, null, long]\n", "--set", "l[0]=x")

    assert [(place(one), one["layer"]) for one in (null, long)] == [("v.yaml:1:8", "v.yaml"), ("v.yaml:1:14", "v.yaml")]
    assert (notes(null), null["help"]) == ([], "remove the item, or give a value that is a text")


def test_words_that_are_booleans_are_to_be_quoted(told: Told) -> None:
    schema = {"additionalProperties": False, "properties": {"y": {}, "mode": ON}}

    key, word = told(schema, "", "y: 1\nmode: on\n")

    assert (key["message"], key["help"]) == ("true is not a value of this chart", 'put the key in quotes: "y"')
    assert (word["message"], word["help"]) == ('mode is true; expected one of "on", "off"', 'write "on"')


STORE = {
    "oneOf": [
        {"properties": {"kind": {"const": "a"}, "size": {"type": "integer"}}},
        {"$ref": "#/$defs/b"},
    ]
}
STORES = {
    "$defs": {"b": {"properties": {"kind": {"enum": ["b"]}, "size": {"type": "string"}}}},
    "properties": {"stores": {"items": STORE}},
}


@pytest.mark.parametrize(("kind", "size"), [("a", "big"), ("b", 1)])
def test_the_word_that_chose_an_alternative_is_told(told: Told, kind: str, size: object) -> None:
    (found,) = told(STORES, "", f"stores:\n- kind: {kind}\n  size: {size}\n")

    assert found["path"] == "stores[0].size"
    assert notes(found) == [f'v.yaml:2:9 stores[0].kind: "{kind}", which chooses this alternative of the schema']


KIND = {"properties": {"kind": {"const": "a"}}}
SIZE = {"properties": {"l": {"items": {"properties": {"size": {"maximum": 5}}}}}}


@pytest.mark.parametrize(
    ("schema", "values", "note"),
    [
        (
            {"if": KIND, "then": {"required": ["size"]}},
            "s:\n  kind: a\n",
            '2:9 s.kind: "a", which the schema\'s "then" is for',
        ),
        (
            {"allOf": [{"if": KIND, "else": SIZE}]},
            "s:\n  kind: b\n  l: [{size: 9}]\n",
            '2:9 s.kind: "b", which the schema\'s "else" is for',
        ),
        (
            {"if": KIND, "then": {"properties": {"x": {}}, "additionalProperties": False}},
            "s:\n  y: 1\n  kind: a\n",
            '3:9 s.kind: "a", which the schema\'s "then" is for',
        ),
        (
            {"if": {"required": ["tls"]}, "then": SIZE},
            "s:\n  tls: 1\n  l: [{size: 9}]\n",
            '2:3 s.tls is set, which the schema\'s "then" is for',
        ),
    ],
)
def test_what_an_if_asks_for_is_told(told: Told, schema: Any, values: str, note: str) -> None:
    found = told({"properties": {"s": schema}}, "", values)

    assert notes(found[-1])[-1:] == [f"v.yaml:{note}"]


def test_a_key_that_is_not_there_passes_an_if_and_that_is_told(told: Told) -> None:
    (found,) = told({"properties": {"s": {"if": KIND, "then": {"required": ["size"]}}}}, "", "s: {}\n")

    assert notes(found) == ['s.kind is not set, which the schema\'s "if" lets pass']


def test_the_word_that_was_meant_is_told_of_very_many(told: Told) -> None:
    words = [f"word-{number:03}" for number in range(200)] + ["zebra"]
    schema = {"properties": {"a": {"oneOf": [{"enum": words}, {"type": "integer"}]}}}

    (found,) = told(schema, "", "a: zebraa\n")

    assert found["message"].endswith("and 141 more")
    assert found["help"] == 'did you mean "zebra"?'


@pytest.mark.parametrize(("kind", "meant"), [("int", "integer"), (["null", "strng"], "string")])
def test_the_type_that_a_schema_means_is_told(told: Told, kind: object, meant: str) -> None:
    (found,) = told({"type": kind}, "", "a: 1\n")

    assert found["help"] == f'did you mean "{meant}"? Helm refuses this schema, too'


SEVERAL = {"oneOf": [{"required": ["user"]}, {"$ref": "#/$defs/secret"}]}


@pytest.mark.parametrize(
    ("schema", "values", "message", "expected"),
    [
        (
            {"dependencies": {"tls": ["secret"]}, "$schema": "http://json-schema.org/draft-07/schema#"},
            "x: 1\ntls: 1\n",
            "the values lack the key secret",
            ["v.yaml:2:1 tls is set, which needs it"],
        ),
        (
            {"dependentSchemas": {"tls": {"properties": {"port": {"maximum": 9}}}}},
            "port: 10\ntls: 1\n",
            "port is 10; expected at most 9",
            ["v.yaml:2:1 tls is set, which this part of the schema is for"],
        ),
        (
            {"not": {"required": ["tag", "digest"]}},
            "tag: 1\ndigest: 2\n",
            "the values must not have tag and digest",
            ["v.yaml:1:1 tag is set here"],
        ),
        (
            {**SEVERAL, "$defs": {"secret": {"required": ["secret"]}}},
            "user: 1\nsecret: 2\n",
            "the values fit more than one of the schema's alternatives; expected exactly one",
            [
                "v.yaml:1:1 user is set, which alternative 1 asks for",
                "v.yaml:2:1 secret is set, which alternative 2 asks for",
            ],
        ),
        (
            {"properties": {"l": {"uniqueItems": True}}},
            "l: [1, 2, 1]\n",
            "l holds 1 twice; expected no item twice",
            ["v.yaml:1:5 the same item"],
        ),
        (
            {"properties": {"l": {"contains": {"const": 1}, "maxContains": 1}}},
            "l: [1, 1]\n",
            "l has more items than 1 that the schema counts",
            [],
        ),
        (
            {"properties": {"l": {"contains": {"const": 1}, "minContains": 2}}},
            "l: [1]\n",
            "l has fewer items than 2 that the schema asks for",
            [],
        ),
    ],
)
def test_what_belongs_to_a_fault_is_told_beside_it(
    told: Told, schema: Any, values: str, message: str, expected: list[str]
) -> None:
    (found,) = told(schema, "", values)

    assert found["message"] == message
    assert notes(found) == expected


def test_a_key_of_digits_is_a_key(told: Told) -> None:
    schema = {"properties": {"tcp": {"additionalProperties": {"type": "string"}}}}

    (found,) = told(schema, 'tcp:\n  "9000": a\n', "tcp:\n  8080: 1\n")

    assert (found["message"], place(found)) == ("tcp.8080 is 1; expected a text", "v.yaml:2:9")
    assert found["help"] == 'write "1"'


def test_a_word_that_is_to_be_quoted_is_so_by_type_and_choice(told: Told) -> None:
    found = told({"properties": {"a": {"type": "string", "enum": ["yes", "no"]}}}, "", "a: yes\n")

    assert [one["help"] for one in found] == ['write "yes"', 'write "yes"']


X = {"properties": {"settings": {"properties": {"x": {"type": "integer", "maximum": 5}}}}}


@pytest.mark.parametrize("values", ["settings: {a: 2}\n", "settings: {}\n", "settings:\n  a: 2\n"])
def test_what_is_to_be_added_is_told_with_its_group_and_file(told: Told, values: str) -> None:
    (found,) = told(X, "settings: {x: 9}\n", values)

    assert place(found) == "chart/values.yaml:1:15"
    assert found["help"] == "add x: 5 to settings in v.yaml, or another value that is at most 5"


LIMIT = {"properties": {"a": {"additionalProperties": {"type": "integer", "maximum": 100}}}}


def test_keys_of_digits_and_the_empty_key_are_told_as_they_are_written(told: Told) -> None:
    values = """a: {'1': 5, '01': 700, '': 800, '+1': 900, '012345678901': 901, 'x~/"]y': 902}\n"""

    found = told(LIMIT, "", values)

    assert [one["message"].partition(" is ")[0] for one in found] == [
        "a.01", 'a.""', "a.+1", "a.012345678901", """a."x~/\\"]y\"""",
    ]  # fmt: skip
    assert [one["found"] for one in found] == ["700", "800", "900", "901", "902"]
    assert [values[one["column"] - 1 : one["endColumn"] - 1] for one in found] == ["700", "800", "900", "901", "902"]


def test_a_key_of_one_alternative_alone_chooses_it(told: Told) -> None:
    branches = [
        {"properties": {key: {"const": True}}, "required": [key], "additionalProperties": False}
        for key in ("tls", "plain")
    ]

    found = told({"properties": {"a": {"oneOf": branches}}}, "", "a: {plain: false}\n")

    assert [(one["code"], one["message"]) for one in found] == [("CG204", "a.plain is false; expected true")]


def test_items_that_contains_found_are_not_evaluated_in_2019_09(told: Told) -> None:
    schema = {
        "$schema": "https://json-schema.org/draft/2019-09/schema",
        "properties": {"a": {"contains": {"const": 2}, "unevaluatedItems": False}},
    }

    assert [one["code"] for one in told(schema, "", "a: [2, 2]\n")] == ["CG207"]
    assert [one["message"] for one in told(schema, "", "a: [1]\n")][:1] == ["a lacks an item that is 2"]
