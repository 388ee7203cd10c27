"""Flags become layers: Helm's grammar and order, with a place for every value, and words for what Helm refuses."""

from __future__ import annotations

import pytest

from chartgen.documents.layers import Layer, Merged, merge
from chartgen.documents.nodes import Plain, plain
from chartgen.documents.set_flags import Flag, flag_layers
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.finding import Finding, Severity
from chartgen.source import Source


def layer(text: str, name: str = "values.yaml") -> Layer:
    node, findings = parse_yaml(Source(name, text))
    assert node is not None, findings
    return Layer(name, node)


def merged(defaults: str, file: str, *flags: tuple[str, str]) -> Merged:
    below = layer(file, "file.yaml")
    made, findings = flag_layers([below], [Flag(*flag) for flag in flags])
    assert findings == []
    return merge([layer(defaults), below, *made])


def refused(file: str, kind: str, text: str) -> Finding:
    made, findings = flag_layers([layer(file)], [Flag(kind, text)])
    assert (made, len(findings)) == ([], 1)
    return findings[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True), ("NULL", None), ("0", 0), ("-0", 0), ("+5", 5), ("007", "007"), ("1e3", "1e3"), ("1.5", "1.5"),
        ("1_000", "1_000"), (" 5", " 5"), ("", ""), ("9223372036854775807", 9223372036854775807),
        ("9223372036854775808", "9223372036854775808"), ("{}", [""]), ("{b,2}", ["b", 2]), ("b\\,c", "b,c"), ("b=c", "b=c"), ("yes", "yes"),
    ],
)  # fmt: skip
def test_set_types_words_and_plain_integers_only(text: str, value: Plain) -> None:
    assert merged("{}", "{}", ("set", f"a={text}")).values == ({"a": value})


@pytest.mark.parametrize(
    ("kind", "text", "values"),
    [
        ("set-string", "a=1,b=true", {"a": "1", "b": "true"}),
        ("set-json", 'a={"b":1.0},c=', {"a": {"b": 1}, "c": None}),
        ("set-json", '{"a": {"b": [1]}}', {"a": {"b": [1]}}),
        ("set-literal", "a.b=x,c=\\n", {"a": {"b": "x,c=\\n"}}),
        ("set", "a.b\\.c=1,d[1].e=2", {"a": {"b.c": 1}, "d": [None, {"e": 2}]}),
        ("set", "a\udcff=b\udce9\udce9", {"a\ufffd": "b\ufffd\ufffd"}),
        ("set-json", 'a="\udcff"', {"a": "\ufffd"}),
    ],
)
def test_each_kind_has_its_own_values(kind: str, text: str, values: Plain) -> None:
    assert values == merged("{}", "{}", (kind, text)).values


def test_set_file_takes_a_files_text() -> None:
    made, findings = flag_layers([], [Flag("set-file", "a=b.txt")], read=lambda path: Source(path, f"text of {path}\n"))

    assert findings == []
    assert plain(made[0].node) == {"a": "text of b.txt\n"}


def test_a_file_that_set_file_cannot_read_is_told() -> None:
    assert refused("{}", "set-file", "a=no/such").code == "CG101"


def test_the_kind_decides_the_order_not_the_command_line() -> None:
    flags = [("set-string", "a=1"), ("set", "a=2"), ("set-json", "a=3")]

    assert merged("{}", "{}", *flags).values == {"a": "1"}


def test_an_index_edits_a_list_of_a_file_and_replaces_one_of_the_defaults() -> None:
    assert merged("a: [1, 2]", "b: [1, 2]", ("set", "a[1]=9,b[1]=9")).values == {"a": [None, 9], "b": [1, 9]}


def test_a_json_mapping_replaces_what_files_say_and_not_the_defaults() -> None:
    assert merged("a: {b: 1, c: 1}", "a: {d: 1}", ("set-json", 'a={"c":2}')).values == {"a": {"b": 1, "c": 2}}


def test_null_deletes_a_default() -> None:
    assert merged("a: {b: 1, c: 2}", "{}", ("set", "a.b=null")).values == {"a": {"c": 2}}


def test_a_value_is_placed_in_its_flag_and_knows_what_it_beat() -> None:
    leaf = merged("a: {b: 1}", "a: {b: 2}", ("set", "x=1,a.b=30")).leaf(("a", "b"))

    assert leaf is not None
    assert leaf.key_span is not None
    assert (leaf.layer.name, leaf.node.span.place(), leaf.key_span.text) == (
        "--set x=1,a.b=30",
        "--set x=1,a.b=30:1:9",
        "b",
    )
    assert [(each.layer.name, plain(each.node)) for each in leaf.beaten] == [("file.yaml", 2), ("values.yaml", 1)]


def test_a_replaced_mapping_shows_no_layer_of_ours() -> None:
    leaf = merged("a: {b: 1}", "a: {b: 2}", ("set-json", 'a={"b":3}')).leaf(("a",))

    assert leaf is not None
    assert [each.layer.name for each in leaf.beaten] == ["file.yaml", "values.yaml"]


ERRORS = [
    ("set", "a", 1, "the key a has no value"),
    ("set", "a=1,b", 5, "the key b has no value"),
    ("set", "a,b=1", 1, "the key a has no value"),
    ("set", "a={1,2", 3, "a list has no `}`"),
    ("set", "a[x]=1", 3, "`x` is not an index"),
    ("set", "a[-1]=1", 3, "the index -1 is not between 0 and 65536"),
    ("set", "a[65537]=1", 3, "the index 65537 is not between 0 and 65536"),
    ("set", "a[0", 2, "an index has no `]`"),
    ("set", "a[0]b=1", 5, "`b` cannot stand behind an index"),
    ("set", "s.b=1", 1, "s is 1 before this flag, not a mapping"),
    ("set", " s .b=1", 1, '" s " is 2 before this flag, not a mapping'),
    ("set", "m[0]=1", 1, "m is a mapping before this flag, not a list"),
    ("set", ".".join("a" * 32) + "=1", 61, "a key has at most 30 levels below the first"),
    ("set", "a" + "[0]" * 5000 + "=1", 302, "a key has more than 100 indexes"),
    ("set", "a" + "[0].b" * 5000 + "=1", 502, "a key has more than 100 indexes"),
    (
        "set",
        "a[" + "1" * 5000 + "]=1",
        3,
        "the index 111111111111111111111111111111111111111… is not between 0 and 65536",
    ),
    ("set-json", "a={b:1}", 4, "expected a key in double quotes"),
    ("set-json", '{"a": 1,}', 8, "expected another value, not a comma before `}`"),
    ("set-literal", "a", 1, "the key a has no value"),
]


@pytest.mark.parametrize(("kind", "text", "column", "message"), ERRORS)
def test_what_helm_refuses_is_told_at_its_column(kind: str, text: str, column: int, message: str) -> None:
    finding = refused('s: 1\nm: {b: 1}\n" s ": 2\n', kind, text)

    assert finding.primary is not None
    assert (finding.code, finding.severity, finding.message) == ("CG107", Severity.ERROR, message)
    assert (finding.primary.source.name, finding.primary.column) == (f"--{kind} {text}", column)


def test_helm_3_has_no_whole_object_in_set_json() -> None:
    made, findings = flag_layers([], [Flag("set-json", '{"a": 1}')], helm_version=3)

    assert (made, len(findings)) == ([], 1)


def padding(lists: int, first: int = 0) -> str:
    """A short text that asks for lists of 60,001 items, nearly all of them nulls."""
    return ",".join(f"k{number}[60000]=1" for number in range(first, first + lists))


def test_a_short_flag_cannot_ask_for_millions_of_nulls() -> None:
    finding = refused("a: 1", "set", padding(9))

    assert finding.code == "CG107"
    assert finding.message == "the flags fill lists with more than 500000 nulls"
    assert finding.help == "set the whole list, by --set-json or in a values file"
    assert (finding.primary.text if finding.primary else "") == "60000"


def test_nulls_of_nested_lists_count_too() -> None:
    text = ",".join(f"k[{number}][60000]=1" for number in range(9))

    assert refused("a: 1", "set", text).message == "the flags fill lists with more than 500000 nulls"


def test_the_nulls_of_several_flags_are_counted_together() -> None:
    flags = [Flag("set", padding(5)), Flag("set-string", padding(5, first=5))]
    made, findings = flag_layers([layer("a: 1")], flags)

    assert ([each.name for each in made], [each.code for each in findings]) == ([f"--set {padding(5)}"], ["CG107"])


def test_lists_that_are_long_without_nulls_are_taken() -> None:
    items = ",".join(["1"] * 60_000)
    flags = [("set", f"k{number}={{{items}}}") for number in range(9)]

    assert merged("{}", "{}", *flags).values == {f"k{number}": [1] * 60_000 for number in range(9)}


def test_the_largest_index_is_taken() -> None:
    assert merged("{}", "{}", ("set", "a[65536]=1")).values == {"a": [None] * 65_536 + [1]}


def test_a_flag_that_asks_for_too_much_does_not_spoil_the_next() -> None:
    made, findings = flag_layers([layer("a: 1")], [Flag("set", padding(9)), Flag("set-string", "l[0]=x")])

    assert ([each.name for each in made], len(findings)) == (["--set-string l[0]=x"], 1)
