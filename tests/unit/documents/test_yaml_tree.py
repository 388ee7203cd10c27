"""YAML becomes a tree with places; what is wrong with it is said at its place, in plain words."""

from __future__ import annotations

import pytest

from chartgen.documents import yaml_events
from chartgen.documents.nodes import Entry, Mapping, Node, Plain, Scalar, Sequence, find, plain
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.finding import Finding, Severity
from chartgen.source import Source


def tree(text: str) -> Node:
    node, findings = parse_yaml(Source("values.yaml", text))
    assert node is not None, findings
    return node


def only_finding(text: str) -> Finding:
    node, findings = parse_yaml(Source("values.yaml", text))
    assert (node is None) == any(finding.severity is Severity.ERROR for finding in findings)
    assert len(findings) == 1
    return findings[0]


def place(finding: Finding) -> str:
    assert finding.primary is not None
    return finding.primary.place().removeprefix("values.yaml:")


def entry(text: str, *path: str) -> Entry:
    node = find(tree(text), path[:-1])
    assert isinstance(node, Mapping)
    found = node.get(path[-1])
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "value", "span"),
    [
        ("a: b\n", "b", "b"),
        ("a: b c  # d\n", "b c", "b c"),
        ("é: 'b' \n", "b", "'b'"),
        ('a:\r\n  "b"\r\n', "b", '"b"'),
        ("a: &x !!str 5\n", "5", "5"),
        ("a: !!str # why\n  5\n", "5", "5"),
        ("a: b\n  c\nd: e", "b c", "b\n  c"),
        ("a: |\n  b\n\n\nc: d\n", "b\n", "|\n  b"),
        ("a: &x >-\n  b\n  c\n", "b c", ">-\n  b\n  c"),
        ("x: &x 5\na: *x\n", 5, "*x"),
        ("a: \nb: 1\n", None, ""),
        ("a: &x\nb: 1\n", None, ""),
        ("a: [1, b]\n", ["1", "b"], "[1, b]"),
    ],
)
def test_a_span_holds_the_value_alone(text: str, value: Plain, span: str) -> None:
    node = next(entry.value for entry in tree(text).entries if entry.key in ("a", "é"))  # type: ignore[union-attr]

    assert span == node.span.text
    if isinstance(node, Scalar):
        assert value == node.value


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("a:\n  b: 1\n  c: 2 # d\n\n# e\nf: 1\n", "b: 1\n  c: 2"),
        ("a:\n- 1\n- {x: 2}\n\nb: 1\n", "- 1\n- {x: 2}"),
        ("a: &x\n  b:\n    c: |\n      d\n\n\nb: 1\n", "b:\n    c: |\n      d"),
        ("a: {b: 1}  \n", "{b: 1}"),
        ("x: &x {c: 1}\na:\n  <<: *x\nb: 1\n", "<<: *x"),
        ("x: &x {c: 1}\na:\n  b: *x\nb: 1\n", "b: *x"),
    ],
)
def test_a_block_ends_with_its_last_value(text: str, span: str) -> None:
    assert span == entry(text, "a").value.span.text


def test_a_key_has_its_own_place() -> None:
    found = entry("a:\n  'b': 1\n", "a", "b")

    assert (found.key_span.text, found.key_span.start) == ("'b'", 5)


def test_an_empty_value_stands_behind_its_colon() -> None:
    assert entry("a:\nb: 1\n", "a").value.span.start == 2


@pytest.mark.parametrize(
    "text", ["a: 1\n---\n\ufeffb: 2\n", "a: 1\n--- # c\n\ufeff\ufeffb: 2\n", "\ufeffa: 1\n---\nb: 2\n"]
)
def test_a_mark_at_the_start_of_a_document_is_skipped(text: str) -> None:
    node = tree(text)

    assert isinstance(node, Mapping)
    assert plain(node) == {"a": 1, "b": 2}
    assert [entry.key_span.text for entry in node.entries] == ["a", "b"]


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "~", "---\n", "---\n---\n"])
def test_a_file_without_values_is_an_empty_mapping(text: str) -> None:
    assert plain(tree(text)) == {}


def test_a_later_key_replaces_an_earlier_one_and_the_author_is_told() -> None:
    text = "a: {b: 1}\nc: 2\na: {d: 3}\n"

    finding = only_finding(text)

    assert plain(tree(text)) == {"c": 2, "a": {"d": 3}}
    assert (finding.code, finding.severity, place(finding)) == ("CG103", Severity.WARNING, "3:1")
    assert [note.span.place() for note in finding.notes if note.span] == ["values.yaml:1:1"]


def test_keys_that_are_one_key_to_helm_are_written_twice() -> None:
    assert only_finding("on: 1\nyes: 2\n").message == "on and yes are one key, true: the last one counts"


def test_keys_that_only_print_alike_collide_by_chance() -> None:
    assert only_finding("1: a\n'1': b\n").message == "1 and '1' are one key, 1: Helm takes either, by chance"


def test_a_merge_key_takes_effect_where_it_stands() -> None:
    text = "x: &x {k: 1, j: 2}\na: {<<: *x, k: 9}\nb: {<<: [{k: 3}, *x]}\n"

    assert plain(tree(text)) == {"x": {"k": 1, "j": 2}, "a": {"k": 9, "j": 2}, "b": {"k": 3, "j": 2}}


def test_a_merge_key_that_replaces_is_told() -> None:
    text = "x: &x {k: 1}\na: {k: 9, <<: *x}\n"

    finding = only_finding(text)

    assert find(tree(text), ("a", "k")) == find(tree(text), ("x", "k"))
    assert (finding.code, place(finding), finding.help) == ("CG103", "2:11", "write `<<` first")


def test_a_key_taken_over_may_be_replaced_in_peace() -> None:
    assert parse_yaml(Source("values.yaml", "x: &x {k: 1}\na: {<<: *x, <<: *x, k: 9}\n"))[1] == []


def test_an_anchor_may_be_defined_again() -> None:
    assert plain(tree("a: &x 1\nb: *x\nc: &x 2\nd: *x\n")) == {"a": 1, "b": 1, "c": 2, "d": 2}


@pytest.mark.parametrize(
    ("text", "version", "values"),
    [
        ("a: {x: 1, z: 2}\n---\na: {x: 3}\nb: 1\n", 4, {"a": {"x": 3, "z": 2}, "b": 1}),
        ("a: {x: 1, z: 2}\n---\na: {x: 3}\nb: 1\n", 3, {"a": {"x": 1, "z": 2}}),
        ("a: {x: 1}\n---\na: ~\n---\na: {z: 1}\n", 4, {"a": {"z": 1}}),
    ],
)
def test_helm_4_merges_all_documents_and_helm_3_reads_the_first(text: str, version: int, values: Plain) -> None:
    node, findings = parse_yaml(Source("values.yaml", text), version)

    assert node is not None, findings
    assert values == plain(node)


def test_places_in_a_later_document_are_the_files() -> None:
    assert entry("a: é\n--- # b\nc: d\n", "c").value.span.place() == "values.yaml:3:4"


ERRORS = [
    ("a: 1\nfoo\nb: 2\n", "CG102", "2:1", "expected `key: value` here"),
    ("a: b: c", "CG102", "1:5", "a text that holds `: ` needs quotes"),
    ("a:\n\tb: 1\n", "CG102", "2:1", "found a tab where indentation has to be spaces"),
    ("a: @x", "CG102", "1:4", "a value cannot begin with `@`"),
    ("a: - b", "CG102", "1:4", "a list item cannot begin here"),
    ("a:\n  b: 1\n c: 2\n", "CG102", "3:2", "no line above is indented like this one"),
    ("a:\n  - x\n  y: 1\n", "CG102", "3:3", "expected a list item, `- `, here"),
    ("a: {b: 1", "CG102", "1:4", "this brace is never closed"),
    ("a: [1, 2}", "CG102", "1:9", "expected `,` or `]` here"),
    ("a: 1\nb: 'c\nd: 2\n", "CG102", "2:4", "the text in quotes that begins here never ends"),
    ('a: "\\q"', "CG102", "1:5", "this escape is unknown"),
    ('a: "b\\/c"', "CG102", "1:6", "Helm does not know the escape `\\/`"),
    ("a: *.js", "CG102", "1:4", "a name has to follow `&` or `*`"),
    ("a: *b", "CG102", "1:4", "no anchor `&b` stands before this alias"),
    ("a: &b [*b]", "CG102", "1:8", "the anchor `&b` contains itself"),
    ("é: \x07", "CG102", "1:4", "YAML does not allow the character U+0007"),
    ("a: 1\n\ufeffb: 2\n", "CG102", "2:1", "a byte order mark stands inside the file"),
    ("a: 1\n--- b\n", "CG102", "2:5", "Helm refuses a line that begins with `---` and goes on"),
    ("%YAML 1.2\n---\na: 1", "CG102", "1:1", "Helm cannot read a line that begins with `%`"),
    ("a: 1\n---\nb: [1", "CG102", "3:4", "this bracket is never closed"),
    ("a: {b:}", "CG102", "1:6", "a colon between brackets needs a blank behind it"),
    ("a: [b?c]", "CG102", "1:5", "Helm cannot read a `?` between brackets without quotes"),
    ("a: [!b, c]", "CG102", "1:5", "Helm reads this tag on"),
    ("a: {<<: 1}", "CG102", "1:9", "`<<` needs a mapping or a list of mappings"),
    ("a: !!int x", "CG102", "1:10", "`x` is not an integer, as its tag says"),
    ("a: [.inf]", "CG104", "1:5", ".inf is not a number that JSON holds"),
    ("a: {~: 1}", "CG104", "1:5", "~ cannot be a key: Helm has no string for it"),
    ("a: {[b]: 1}", "CG104", "1:5", "a list or a mapping cannot be a key"),
    ("- 1", "CG106", "1:1", "the file holds a list, not a mapping"),
    ("a: 1\n---\n5", "CG106", "3:1", "the file holds a single value, not a mapping"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "where", "message"), ERRORS)
def test_what_is_wrong_is_said_where_it_is(text: str, code: str, where: str, message: str) -> None:
    finding = only_finding(text)

    assert (code, where, message) == (finding.code, place(finding), finding.message)


def test_helm_3_refuses_yaml_1_2() -> None:
    node, findings = parse_yaml(Source("values.yaml", "%YAML 1.2\n---\na: 1"), 3)

    assert (node, [finding.message for finding in findings]) == (None, ["Helm reads YAML 1.1 only"])


def test_a_template_in_a_values_file_is_recognised() -> None:
    assert only_finding("a: {{ .Values.b }}\n").message == "values files are no templates: `{{` opens two mappings here"


def test_the_beginning_of_what_is_not_closed_is_noted() -> None:
    finding = only_finding("a: [b {c}]\n")

    assert [(note.message, note.span and note.span.column) for note in finding.notes] == [("its list begins here", 4)]


def test_what_json_cannot_hold_is_no_fault_once_it_is_replaced() -> None:
    node, findings = parse_yaml(Source("values.yaml", "a: {~: .inf}\na: 1\n"))

    assert node is not None
    assert (plain(node), [finding.code for finding in findings]) == ({"a": 1}, ["CG103"])


def test_the_path_of_what_json_cannot_hold_is_told() -> None:
    assert only_finding("a: [{b: .nan}]").path == "a[0].b"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, "the file is nested deeper than 100 levels"),
        ("a: " + "{a: " * 100 + "1" + "}" * 100, "the file is nested deeper than 100 levels"),
        ("a:\n" + "- 1\n" * 500_000, "the file holds more than 500000 values"),
        ("a: 1\n---\n" * 1001, "the file holds more than 1000 documents"),
        (
            "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
            + "".join(f"{x}: &{x} [{', '.join([f'*{y}'] * 9)}]\n" for x, y in zip("bcdefghi", "abcdefgh", strict=True)),
            "the aliases of this file stand for more than Helm reads",
        ),
    ],
    ids=["brackets", "levels", "values", "documents", "aliases"],
)
def test_what_is_too_much_is_refused_soon(text: str, message: str) -> None:
    finding = only_finding(text)

    assert ("CG105", message) == (finding.code, finding.message)


def test_99_levels_are_read() -> None:
    assert isinstance(tree("a: " + "[" * 99 + "]" * 99), Mapping)


def test_pyyaml_without_libyaml_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: &x {b: 'c', d: [1, yes, \"é😀\"]}\ne: {<<: *x, f: |\n}\n".replace("|\n", "1")
    fast = tree(text)
    monkeypatch.setattr(yaml_events, "CParser", None)

    assert fast == tree(text)
    assert only_finding("a: b: c").code == "CG102"
    assert only_finding("a: \x07").message == "YAML does not allow the character U+0007"


def test_a_sequence_keeps_its_order() -> None:
    node = entry("a: [3, 1, 2]\n", "a").value

    assert isinstance(node, Sequence)
    assert plain(node) == [3, 1, 2]


def test_of_many_documents_with_too_many_values_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("yaml_tree", "yaml_builder"):
        monkeypatch.setattr(f"chartgen.documents.{module}.MAX_NODES", 50)

    assert [finding.code for finding in parse_yaml(Source("values.yaml", "a: [1, 2, 3]\n---\n" * 20))[1]] == ["CG105"]
