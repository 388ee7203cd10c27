"""Patterns are read as Go's regexp reads them, and told as wrong in its words."""

from __future__ import annotations

import pytest

from chartgen.documents.json_schema import compile_schema
from chartgen.documents.re2 import PatternError, re2_pattern

MATCHES = [
    (r"^[[:alpha:]]+$", "aZ", "a1"),
    (r"^[[:^digit:]]$", "a", "1"),
    (r"^\Qa.b\E$", "a.b", "axb"),
    (r"^\Qa+", "a+", "aa"),
    (r"^\pL$", "é", "1"),
    (r"^\PL$", "1", "é"),
    (r"^\p{Greek}$", "\u03b1", "a"),
    (r"^\p{^Lu}$", "a", "A"),
    (r"^\p{letter}$", "é", "1"),
    (r"^\d$", "7", "٣"),
    (r"^\w$", "_", "é"),
    (r"^\s$", "\t", "\u00a0"),
    (r"\bé", "aé", "é"),
    (r"(?i)^straße$", "STRAßE", "strasse"),
    (r"(?i)^k$", "\u212a", "c"),
    (r"(?s)^.$", "\n", "ab"),
    (r"^.$", "\u2028", "\n"),
    (r"(?m)^b$", "a\nb\nc", "abc"),
    (r"^(?P<n>a)(?<m>b)$", "ab", "a"),
    (r"\Aa\z", "a", "a\n"),
    (r"^\x{1F600}\x41\101$", "😀AA", "A"),
    (r"^[]a]$", "]", "b"),
    (r"^[a&&b]$", "&", "c"),
    (r"^[[a]$", "[", "b"),
    (r"^a{,2}$", "a{,2}", "aa"),
    (r"(?U)^a+$", "aa", "b"),
    (r"^a(?i)b$", "aB", "AB"),
    (r"^(?i:a)b$", "Ab", "aB"),
]


@pytest.mark.parametrize(("pattern", "text", "other"), MATCHES)
def test_a_pattern_means_what_it_means_to_go(pattern: str, text: str, other: str) -> None:
    checker = compile_schema({"pattern": pattern})

    assert (checker.is_valid(text), checker.is_valid(other)) == (True, False)


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
        ("(?<!a)", "invalid or unsupported Perl syntax: `(?<`"),
        (r"(a)\1", r"invalid escape sequence: `\1`"),
        (r"\C", r"invalid escape sequence: `\C`"),
        (r"\Z", r"invalid escape sequence: `\Z`"),
        (r"\é", r"invalid escape sequence: `\é`"),
        (r"\p{Script=Greek}", r"invalid character class range: `\p{Script=Greek}`"),
        ("[[:foo:]]", "invalid character class range: `[:foo:]`"),
        ("[z-a]", "invalid character class range: `z-a`"),
        ("[a", "missing closing ]: `[a`"),
        ("(a", "missing closing ): `(a`"),
        ("a)", "unexpected ): `a)`"),
        ("*a", "missing argument to repetition operator: `*`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("a{2,1}", "invalid repeat count: `{2,1}`"),
        ("a{1001}", "invalid repeat count: `{1001}`"),
        ("(a{100}){100}", "invalid repeat count: `{100}`"),
        ("\\", "trailing backslash at end of expression"),
        ("(" * 300, "expression nests too deeply"),
    ],
)
def test_what_go_refuses_is_refused_in_its_words(pattern: str, message: str) -> None:
    with pytest.raises(PatternError) as caught:
        re2_pattern(pattern)

    assert message in str(caught.value)
