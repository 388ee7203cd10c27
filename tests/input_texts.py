"""Texts of every kind that Helm reads as values: scalars, documents, whole files and flags, good and bad."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from chartgen.documents.set_flags import Flag

SCALARS = """
    yes No ON off y n Y N tRUE TRUE true False null Null nULL NULL ~ = << - + . .. ...
    0 00 -0 -0.0 1.0 0777 -0777 0o777 0O17 0o8 08 09 -08 0X1F 0x 0xg -0x10 +0x10 0B101 0b 0b2 0b1_1 0b+1 0b-1 -0b1 -0b-1
    1_000 1__0 1_ 0_ _0 +_1 0x_f 1e3 1E3 1.5e3 12e03 0e0 1_000e3 1.e3 -.5 +.5 .5 5. .5_0 .5__0 .5e1_0 ._5 .5e_1 .e
    1:30 190:20:30 10s 1.2.3 1,000 1-1 ++1 2020-01-01 2020-01-01T00:00:00Z 2020-13-01
    .inf -.INF +.inf .nan .NaN +.nan 1e400 1.5e-400 1e308 1e-7 1e21 0.1 123456789.123
    9007199254740993 9223372036854775807 9223372036854775808 18446744073709551615 18446744073709551616
    -9223372036854775808 -9223372036854775809 99999999999999999999999999 a é 😀 http://a.b/c?d=e#f a:b
""".split()

TAGS = ["!!int", "!!float", "!!str", "!!bool", "!!null", "!!binary", "!!timestamp", "!!merge", "!!set", "!custom", "!"]

DOCUMENTS = [
    "", "\n", "# nothing\n", "~", "null", "--- \n", "- a", "5", "'x'", "{}", "\ufeffa: 1", "a: 1\r\nb: 2\r\n", "a: 1\rb: 2",
    "a: !!binary aGVsbG8=", "a: !!binary /w==", "a: !!binary 4oI=", "a: !!binary aGVsbG8", "a: !!binary |\n  aGVs\n  bG8=\n",
    "a: !!set {x}", "a: !!omap [b: 1]", "a: !\nb: 1", "a: ! \nb: ! 5", "a: !!str\nb: 1", 'a: ! "5"', "a: !!int\n",
    "~: 1", "null: 1", "'': 1", "[a]: 1", "{a: 1}: 2", "? [a]\n: 1", "? a\n: b", "? a", "18446744073709551615: 1",
    "a: .inf\na: 1", "a: {~: 1}\na: 2", "a: [.nan]", "a: .inf\n<<: {a: 1}",
    "a: 1\na: {b: 2}\na: {c: 3}", "on: 1\ntrue: 2\nyes: 3\n", "a: {x: 1, y: 2}\na: {z: 3}",
    "a: &x 1\nb: &x 2\nc: *x", "a: &x [1]\nb: *x\nc: *x", "a: *x", "a: &x [*x]", "a: &x {b: *x}", "a: &x\nb: *x",
    "a: &x {k: 1}\nb: {k: 9, <<: *x}", "a: &x {k: 1}\nb: {<<: *x, k: 9}",
    "a: &x {k: 1}\nc: &y {k: 2, j: 3}\nb: {<<: [*x, *y]}", "a: {'<<': {b: 1}}", "a: {<<: {b: 1}}", "a: {<<: 1}",
    "a: {<<: ~}", "a: {!!merge '<<': {b: 1}}", "a: {! '<<': {b: 1}}", "a: {<<: [{b: 1}, [2]]}", "a: &x {<<: *x}",
    "a: &x [1]\nb: {<<: *x}", "a: {<<: []}", "&a a: 1\nb: *a\n*a : 3", "&a 1.50: x\nc: {*a : 1}",
    "&a 9007199254740993: x\nc: {*a : 1}", "&a !!float 5: x\nc: {*a : 1}", "&a on: x\nc: {*a : 1}",
    "%YAML 1.1\n---\na: 1", "%YAML 1.2\n---\na: 1", "%TAG ! tag:yaml.org,2002:\n---\na: !int '5'",
    "a: 1\n...\nb: [", "a: 1\n---\nb: [", "a: 1\n... x", "a: 'b\n\n  c'\n", 'a: "b\\\n  c"', 'a: "\\x41\\u00e9\\U0001f600\\/"',
    'a: "\\ud83d\\ude00"', "a: |\n  b\n   c\n\n  d\n", "a: >-\n  b\n  c\n\n  d\n", "a: |2\n    b\n", "a: |+\n  b\n\n", "a: |1x\n",
    "a: b\n c: d", "a:\n\tb: 1", "\ta: 1", "a:\t1", "a: @b", "a: `b", "a: %b", "a: b: c", "a: - b", "a: {b: 1", "a: [1, 2}",
    "a: 'b", "a: \x07", "a: \x7f", "a: \u2028b", "a: b\x85c", "a: {b:1}", "a: [b:c, d: e]", "a: {b: c?d}", "a: [?b]",
    '{"a": 1, "b": [true, null, "c"], "d": {}}', '{"a":1}', '{\n\t"a": 1\n}', "a: {{ b }}", "a: '{{ b }}'", "a: #b", "a: b#c",
    "a: &a1 &a2 b", "a: !!str !!int 5", "a: *", "a: &", "- a\nb: 1", "a: 1\n b: 2", "? a\n? b\n", "a: -", "a: [-]", "a: ?", "a: ? b",
]  # fmt: skip

WHOLE_FILES = [
    "a: 1\n---\nb: 2\n", "a: {x: 1, y: 2}\n---\na: {x: 3}\n", "a: {x: 1}\n---\na: ~\n", "a: {x: 1}\n---\na: ~\n---\na: {y: 1}\n",
    "---\na: 1", "---\n---\na: 1", "a: 1\n---\n", "a: 1\n---\n---\n---\nb: 2", "a: 1\n--- # b\nb: 2", "a: 1\n--- \t\r\nb: 2\r\n",
    "a: 1\n--- {b: 2}", "--- {a: 1}", "a: 1\n----\nb: 2", "a: 1\n---b\n", "a: 1\n---\n- b", "a: 1\n---\n5", "a: 1\n---\n~", "# a\n---\na: 1",
    "%YAML 1.1\n---\na: 1", "a: 'x\n---\ny'", "a: |\n  b\n---\nc: 1", "a: &x 1\n---\nb: *x", "a: 1\n...\nb: [", "a: 1\n...\n---\nb: 2",
    "a: 1\n---\nb: [", "a: .inf\n---\na: 1", "\ufeffa: 1\n---\nb: 2", "a: 1\n---\n\ufeffb: 2", "", "---", "~\n---\n~",
    "a: 1\n---\n\ufeff\ufeffb: 2\n", "a: 1\n---\n\ufeff\ufeff\ufeffb: 2\n", "\ufeff---\na: 1\n", "---\n\ufeffa: 1\n", "a: 1\n---\n\ufeff\n---\nb: 2\n",
    "a: 1\n--- # b\n\ufeff# c\n", "a: 1\n---\n\ufeffb:\n  c: 1\n  d: 2\n", "\ufeff\ufeffa: 1\nb: 2\n", "\ufeff\ufeffa: 1\n---\nb: 2\n", "a: 1\n---\n\ufeff- b\n",
]  # fmt: skip

PIECES = [
    "a", "b: ", "c:", ": ", "- ", "-", "\n", "\n  ", "\n    ", "\n ", " ", "\t", "[", "]", "{", "}", ",", ", ", "?", "? ", ":", "'x'", '"y"',
    "'", '"', "#", " # c", "&a ", "*a", "!!str ", "!t ", "|\n", "> ", "|-\n", "|2\n", ">+\n", "<<: ", "1", "yes", "~", "---\n", "...\n", "%",
    "@", "\\", "\\n", "\r\n", "x y", "http://a.b/c?d=e", "a:b", "é", "😀", "\u2028", "\x85", "''", '""', "=", "key: value\n", "list:\n",
    "  - i\n", "- k: v\n", "-1", "\\x41", "\\ud83d", "\\\n", "0x1F", "1e3", ".5", "null",
]  # fmt: skip

BASES = [
    "a: 1\nb:\n  c: [1, 2, {d: e}]\n  f: 'it''s'\n  g: \"x\\ty\"\n",
    "list:\n- a\n- b: 1\n  c: 2\n-\n  - x\n  - y\n",
    "t: |\n  one\n   two\n\n  three\nu: >-\n  x\n  y\n\n  z\n",
    "&x a: &y {b: 1}\nc: *y\nd: {<<: *y, e: 2}\n",
    "url: http://a.b:80/c?d=e#f\nq: {u: http://x, v: [x:y, 'a': 1, \"b\":2]}\n",
    "a: b\n  c\n  d\ne: 'f\n  g'\nh: \"i\n\n  j\\\n  k\"\n",
    "a:\n  # c\n  b: 1 # d\n#x\n  c: 2\n",
]

trees = st.recursive(
    st.sampled_from([None, 1, "x", True, [1, None], [{"a": None}]]),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)
roots = st.dictionaries(st.sampled_from("abc"), trees, max_size=3)

KEYS = ["a", "b", "l", "a.b", "a.b.c", "l[0]", "l[1]", "l[2].b", "l[1][0]", "a[0].b[1]", "", "a.", "é"]
WORDS = [
    "1",
    "0",
    "-0",
    "007",
    "+5",
    "true",
    "NULL",
    "x y",
    "\\,",
    "1e3",
    "9223372036854775808",
    "{1,x}",
    "{}",
    "",
    "=",
]
JSON_WORDS = ['"x"', '{"b":1}', '{"c":{"d":null}}', "[1,2]", "null", "1.5", " ", "true", "{", ""]
FILES = ["a: 1\nl: [1,2]\n", "a: {b: {c: 1}, d: 2}\nl: [{b: 1}, [1], x]\n", "{}", "a: ~\nl: []\n", "a: [{b: [1]}]\n"]


def _assignments(words: list[str]) -> st.SearchStrategy[str]:
    """Mostly `key=value,key=value`, sometimes pieces of it in any order."""
    pair = st.tuples(st.sampled_from(KEYS), st.sampled_from(words)).map("=".join)
    pieces = st.lists(st.sampled_from([*"ab.=,[]{}\\ ", "[0]", *words]), max_size=7).map("".join)
    return st.lists(pair, min_size=1, max_size=3).map(",".join) | pieces


flags = st.one_of(
    st.builds(Flag, st.sampled_from(["set", "set-string", "set-literal"]), _assignments(WORDS)),
    st.builds(Flag, st.just("set-json"), _assignments(JSON_WORDS)),
    st.builds(Flag, st.just("set-json"), roots.map(json.dumps)),
)
