"""Where a mend stands in a file: the edit changes the value, and the comments, quotes and line ends around it stay."""

from __future__ import annotations

import json

import pytest

from chartgen.documents.layers import Layer
from chartgen.documents.parsing import parse
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.edits import apply_edits
from chartgen.mend import fix
from chartgen.settings.model import Settings
from chartgen.settings.schema import read_settings
from chartgen.source import Source
from chartgen.validate import Judge

SCHEMA = {
    "type": "object",
    "properties": {
        "waitMs": {"type": "integer", "default": 100, "minimum": 100, "maximum": 900, "x-env": "A", "x-unit": "ms"},
        "share": {"type": "number", "default": 0.5, "minimum": 0, "exclusiveMaximum": 1, "x-env": "B"},
        "shown": {"type": "boolean", "default": True, "x-env": "C"},
        "theme": {"type": "string", "default": "auto", "enum": ["auto", "dark", "no"], "x-env": "D"},
        "tries": {
            "type": "object",
            "properties": {
                "first": {"type": "integer", "default": 1, "minimum": 0, "maximum": 9, "x-env": "E", "x-mend": 2},
                "last": {"type": "integer", "default": 5, "minimum": 0, "maximum": 99, "x-env": "F", "x-mend": 1},
            },
            "x-kubernetes-validations": [{"rule": "self.first < self.last", "message": "first is not below last"}],
        },
    },
}


@pytest.fixture(scope="module")
def model() -> Settings:
    found, faults = read_settings(Source("settings.json", json.dumps(SCHEMA)))
    assert found is not None, faults
    return found


def mended(model: Settings, text: str, name: str = "values.yaml") -> str:
    """The text after `--fix`."""
    made = fix(lambda read: Judge(model, read=read).findings_of_file(name), lambda path: Source(path, text))
    return made.texts[name][1] if made.texts else text


IN_PLACE = [
    # what is wrong, what it becomes
    ("settings:\n  waitMs: 5\n", "settings:\n  waitMs: 100\n"),
    ("settings:\n  waitMs:\t5\t# why\n", "settings:\n  waitMs:\t100\t# why\n"),
    ("settings:\r\n  waitMs: 1000\r\n  # end", "settings:\r\n  waitMs: 900\r\n  # end"),
    ("settings: {waitMs: 5}", "settings: {waitMs: 100}"),
    ('{"settings":{"waitMs":5}}', '{"settings":{"waitMs":100}}'),
    ("settings:\n  waitMs: '500' # é日本\n", "settings:\n  waitMs: 500 # é日本\n"),
    ('settings:\n  waitMs: "5" # quoted, and too small\n', "settings:\n  waitMs: 100 # quoted, and too small\n"),
    ("settings:\n  waitMs: 1_0\n", "settings:\n  waitMs: 100\n"),
    ("settings:\n  waitMs: 250ms\n", "settings:\n  waitMs: 250\n"),
    ("settings:\n  waitMs: 0.5 s\n", "settings:\n  waitMs: 500\n"),
    ("settings:\n  waitMs: !!int 5 # tag\n", "settings:\n  waitMs: !!int 100 # tag\n"),
    ("settings:\n  waitMs: &w 5 # anchor\n", "settings:\n  waitMs: &w 100 # anchor\n"),
    ("settings:\n  waitMs:\n    5\n", "settings:\n  waitMs:\n    100\n"),
    ("settings:\n  waitMs: |\n    500\n  shown: true\n", "settings:\n  waitMs: 500\n  shown: true\n"),
    ("settings:\n  waitMs: 5\n  waitMs: 6\n", "settings:\n  waitMs: 5\n  waitMs: 100\n"),
    ("a: 1\n---\nsettings:\n  waitMs: 6\n", "a: 1\n---\nsettings:\n  waitMs: 100\n"),
    (
        "settings:\n  waitMs: 6\n---\nsettings:\n  shown: true\n",
        "settings:\n  waitMs: 100\n---\nsettings:\n  shown: true\n",
    ),
    ("settings:\n  share: 7\n", "settings:\n  share: 0.999999\n"),
    ("settings:\n  share: '0.25'\n", "settings:\n  share: 0.25\n"),
    ("settings:\n  share: 0.12345678\n", "settings:\n  share: 0.123457\n"),
    ("settings:\n  share: '2.5e-1'\n", "settings:\n  share: 0.25\n"),
    ("settings:\n  waitMs: '2e2'\n", "settings:\n  waitMs: 200\n"),
    ("settings:\n  shown: 'Yes'\n", "settings:\n  shown: true\n"),
    ("settings:\n  theme: Dark # d\n", "settings:\n  theme: dark # d\n"),
    ("settings:\n  theme: 'DARK'\n", "settings:\n  theme: 'dark'\n"),
    ('settings:\n  theme: "darc"\n', 'settings:\n  theme: "dark"\n'),
    ("settings:\n  theme: no\n", 'settings:\n  theme: "no"\n'),
    ("settings: {theme: no, shown: true}\n", 'settings: {theme: "no", shown: true}\n'),
    ('{"settings": {"theme": false}}\n', '{"settings": {"theme": false}}\n'),
]


@pytest.mark.parametrize(("text", "expected"), IN_PLACE)
def test_a_value_changes_in_its_place(model: Settings, text: str, expected: str) -> None:
    assert mended(model, text) == expected


NOT_READ = [
    "settings:\n  waitMs: 0777x\n",
    "settings:\n  waitMs: many\n",
    "settings:\n  waitMs: '1e400'\n",
    "settings:\n  share: '1e-9'\n",
    "settings:\n  waitMs: 5 min 3 s\n",
    "settings:\n  waitMs: 5 h\n",
    "settings:\n  waitMs: 0.0001 s\n",
    "settings:\n  waitMs: true\n",
    "settings:\n  waitMs: '0777'\n",
    "settings:\n  waitMs: '\uff11\uff10\uff10'\n",
    "settings:\n  waitMs: 150.5\n",
    "settings:\n  waitMs: [100]\n",
    "settings:\n  shown: 1\n",
    "settings:\n  theme: 5\n",
    "settings:\n  theme: purple\n",
    "settings:\n  waitMs: 5\n bad: [\n",
]


@pytest.mark.parametrize("text", NOT_READ)
def test_what_could_mean_this_or_that_is_left_alone(model: Settings, text: str) -> None:
    assert mended(model, text) == text


SHARED = [
    # An alias becomes a literal, so that the others keep their value.
    ("x: &x 5\nsettings:\n  waitMs: *x\n", "x: &x 5\nsettings:\n  waitMs: 100\n"),
    ("settings:\n  waitMs: &x 5\ny: *x\n", "settings:\n  waitMs: &x 5\ny: *x\n"),
    ("settings: &s\n  waitMs: 5\ny: *s\n", "settings: &s\n  waitMs: 5\ny: *s\n"),
    ("b: &b {waitMs: 5}\nsettings: *b\n", "b: &b {waitMs: 5}\nsettings: *b\n"),
    ("b: &b {waitMs: 5}\nsettings:\n  <<: *b\n", "b: &b {waitMs: 5}\nsettings:\n  <<: *b\n  waitMs: 100\n"),
    (
        "b: &b {waitMs: 5}\nsettings: {shown: true, <<: *b}\n",
        "b: &b {waitMs: 5}\nsettings: {shown: true, <<: *b}\n",
    ),
    ("settings:\n  waitMs: &x 5\n  # not *y\n", "settings:\n  waitMs: &x 100\n  # not *y\n"),
]


@pytest.mark.parametrize(("text", "expected"), SHARED)
def test_a_value_that_others_share_is_not_changed_for_them(model: Settings, text: str, expected: str) -> None:
    assert mended(model, text) == expected


ENTERED = [
    # `tries.last` is the first to change; where it is not written, it enters beside its sibling.
    ("settings:\n  tries:\n    first: 7\n", "settings:\n  tries:\n    first: 7\n    last: 8\n"),
    ("settings:\n  tries:\n    first: 7", "settings:\n  tries:\n    first: 7\n    last: 8"),
    ("settings:\r\n  tries:\r\n    first: 7", "settings:\r\n  tries:\r\n    first: 7\r\n    last: 8"),
    (
        "settings:\n  tries:\n      first: 7 # c\n      # d\n  shown: true\n",
        "settings:\n  tries:\n      first: 7 # c\n      last: 8\n      # d\n  shown: true\n",
    ),
    ("settings: {tries: {first: 7}}\n", "settings: {tries: {first: 7, last: 8}}\n"),
    ("settings: {tries: {first: 7,}}\n", "settings: {tries: {first: 7, last: 8,}}\n"),
    (
        "settings:\n  tries: {\n    first: 7 # c\n  }\n",
        "settings:\n  tries: {\n    first: 7,\n    last: 8 # c\n  }\n",
    ),
    (
        '{\r\n  "settings": {\r\n    "tries": {\r\n      "first": 7\r\n    }\r\n  }\r\n}\r\n',
        '{\r\n  "settings": {\r\n    "tries": {\r\n      "first": 7,\r\n      "last": 8\r\n    }\r\n  }\r\n}\r\n',
    ),
    ("settings:\n  tries:\n    first: 7\n    last:\n", "settings:\n  tries:\n    first: 7\n    last: 8\n"),
    (
        "settings:\n  tries:\n    first: 7\n    last:   # none\n",
        "settings:\n  tries:\n    first: 7\n    last: 8   # none\n",
    ),
    ("settings:\n  tries:\n    first: 7\n    last: ~\n", "settings:\n  tries:\n    first: 7\n    last: 8\n"),
    (
        "settings:\n  tries:\n    first: 7\n...\n# end\n",
        "settings:\n  tries:\n    first: 7\n    last: 8\n...\n# end\n",
    ),
    (
        "settings:\n  tries:\n    first: 7\n---\nsettings:\n  shown: true\n",
        "settings:\n  tries:\n    first: 7\n    last: 8\n---\nsettings:\n  shown: true\n",
    ),
]


@pytest.mark.parametrize(("text", "expected"), ENTERED)
def test_a_setting_that_is_not_written_enters_beside_its_sibling(model: Settings, text: str, expected: str) -> None:
    assert mended(model, text) == expected


def test_a_json_file_stays_json(model: Settings) -> None:
    text = '{"settings": {"theme": "Dark", "tries": {"first": 7}}}'

    new = mended(model, text, "values.json")

    assert json.loads(new) == {"settings": {"theme": "dark", "tries": {"first": 7, "last": 8}}}
    assert new == '{"settings": {"theme": "dark", "tries": {"first": 7, "last": 8}}}'


def test_every_edit_is_a_span_of_the_text_that_was_read(model: Settings) -> None:
    text = "settings:\n  waitMs: 5\n  theme: Dark\n"
    source = Source("values.yaml", text)
    judge = Judge(model, read=lambda _: source)

    found = judge.findings_of_file("values.yaml")

    assert [(edit.span.text, edit.text) for each in found for edit in each.edits] == [("5", "100"), ("Dark", "dark")]
    assert apply_edits(text, [edit for each in found for edit in each.edits]) == mended(model, text)


def test_the_charts_own_values_change_only_where_they_are_what_is_judged(model: Settings) -> None:
    own = Source("chart/values.yaml", "settings:\n  waitMs: 5\n")
    root, _ = parse_yaml(own)
    other, _ = parse(Source("other.yaml", "settings:\n  shown: true\n"))
    assert root is not None
    assert other is not None
    judge = Judge(model, defaults=Layer(own.name, root))

    (alone,), (below,) = judge.findings([]), judge.findings([Layer("other.yaml", other)])

    assert [(edit.span.source.name, edit.text) for edit in alone.edits] == [("chart/values.yaml", "100")]
    assert [(edit.span.source.name, edit.text) for edit in below.edits] == [("other.yaml", "  waitMs: 100\n")]
