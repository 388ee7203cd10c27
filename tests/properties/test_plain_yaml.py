"""The quick reader of plain YAML knows no values that the exact one does not have, and leaves to it whatever it may."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from chartgen.documents.nodes import Plain, plain
from chartgen.documents.plain_yaml import plain_values
from chartgen.documents.yaml_tree import parse_yaml
from chartgen.source import Source
from tests.counts import examples

# What is plain, what nearly is, and what is something else altogether.
KEYS = [
    "a",
    "b",
    "c",
    "aB_1",
    "x.y/z",
    "d-e",
    "y",
    "No",
    "null",
    "~",
    "1",
    "_",
    "é",
    '"q"',
    "'s'",
    "<<",
    "a b",
    "&k a",
    "?",
]
SCALARS = [
    *[
        "1",
        "0",
        "007",
        "0x1F",
        "1_000",
        "1e3",
        "-1",
        "-.5",
        "+1",
        ".5",
        ".inf",
        "-.INF",
        "99999999999999999999",
        "1.0",
        "1e400",
    ],
    *[
        "true",
        "yes",
        "off",
        "null",
        "~",
        "",
        "Null",
        "1:30",
        "2001-01-01",
        "a",
        "a b",
        "a  b",
        "a#b",
        "a:b",
        "http://x:80/y?z#q",
    ],
    *[
        '"x"',
        "'x'",
        '""',
        "''",
        '"x y: z # w"',
        "'it''s'",
        '"a\\nb"',
        '"a" b',
        "'a' # b",
        '"a"#b',
        '"a',
        "'",
        "é",
        "a\u00a0b",
        "a\u2028b",
    ],
    *[
        "{}",
        "[]",
        "{ }",
        "{a: 1}",
        "[1, 2]",
        "[] #c",
        "{}x",
        "|",
        ">-",
        "&a 1",
        "*a",
        "!!str 1",
        "! x",
        "@a",
        "`a",
        "%a",
        "=",
        "<<",
    ],
    *[
        "- a",
        "-a",
        "--a",
        "---",
        "...",
        "a: b",
        "a:",
        "a #b",
        "a # b",
        "#b",
        "? a",
        ", a",
        "a, b",
        "a]",
        "}",
        "\ta",
        "a\tb",
        "a\t",
        "\x07",
    ],
]
BLANKS = st.sampled_from(["", "", "", " ", "  ", "\t"])
COMMENTS = st.sampled_from(["", "", "", "", " # c", " #", "  # - a: b", "#d", "\t# e"])
INDENTS = st.sampled_from([0, 0, 0, 2, 2, 4, 1, 3, 6]).map(" ".__mul__)
DASHES = st.sampled_from(["", "", "", "", "- ", "-  ", "-", "- - "])
LINES = st.one_of(
    st.tuples(INDENTS, DASHES, st.sampled_from(KEYS), st.just(": "), BLANKS, st.sampled_from(SCALARS), COMMENTS),
    st.tuples(INDENTS, DASHES, st.sampled_from(KEYS[:6]), st.just(": "), st.sampled_from(SCALARS[:30]), COMMENTS),
    st.tuples(INDENTS, DASHES, st.sampled_from(KEYS), st.just(":"), COMMENTS),
    st.tuples(INDENTS, st.just("- "), st.sampled_from(SCALARS), COMMENTS),
    st.tuples(INDENTS, st.sampled_from(["# c", "#", "", "---", "--- # c", "...", "%YAML 1.1", "\ufeff", "a"])),
).map("".join)
TEXTS = st.tuples(st.lists(LINES, max_size=8), st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"]), BLANKS).map(
    lambda parts: parts[1].join(parts[0]) + parts[2]
)

WORDS = st.sampled_from(
    ["x", "1.4.2", "http://a:80/b#c", "256Mi", "a b", "0x1F", "yes", "-1", '"q: # "', "'s'", "{}", "[]"]
)
NAMES = st.sampled_from(["replicaCount", "a", "b_1", "c.d/e", "F-g"])


def read(text: str) -> Plain | str:
    """The exact reader's values; a text where it has something to say."""
    root, findings = parse_yaml(Source("values.yaml", text))
    return "".join(finding.message for finding in findings) or (plain(root) if root is not None else "nothing")


@settings(max_examples=examples(50_000))
@given(TEXTS)
def test_what_is_known_quickly_is_so(text: str) -> None:
    found = plain_values(text)

    if found is not None:
        assert repr(found) == repr(read(text))


@st.composite
def blocks(draw: st.DrawFn, indent: int = 0) -> str:
    """Lines of a mapping that is plain all through."""
    lines: list[str] = []
    for name in draw(st.lists(NAMES, min_size=1, max_size=4, unique=True)):
        kind = draw(st.sampled_from(["scalar", "scalar", "mapping", "list"] if indent < 6 else ["scalar"]))
        comment = draw(st.sampled_from(["", "", "  # why"]))
        lines += draw(st.sampled_from([[], [], ["# a comment"], [""]]))
        if kind == "scalar":
            lines.append(f"{' ' * indent}{name}: {draw(WORDS)}{comment}")
            continue
        lines.append(f"{' ' * indent}{name}:{comment}")
        if kind == "mapping":
            lines.append(draw(blocks(indent + 2)))
        else:
            dash = " " * (indent + draw(st.sampled_from([0, 2]))) + "- "
            lines += [dash + draw(WORDS) for _ in range(draw(st.integers(1, 3)))]
            lines += [f"{dash}k: {draw(WORDS)}\n{' ' * len(dash)}l: {draw(WORDS)}"] * draw(st.integers(0, 1))
    return "\n".join(lines)


@settings(max_examples=examples(5000))
@given(blocks(), st.sampled_from(["", "---\n"]), st.sampled_from(["", "\n", "\n# the end\n"]))
def test_what_is_plain_is_known_quickly(block: str, start: str, end: str) -> None:
    text = start + block + end

    assert repr(plain_values(text)) == repr(read(text))
