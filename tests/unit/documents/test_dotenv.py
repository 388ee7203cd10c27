"""The grammar of `.env` files, and where each value stands."""

from __future__ import annotations

import pytest

from chartgen.documents.content import is_dotenv
from chartgen.documents.dotenv import dotenv_comments, dotenv_text, is_open, read_dotenv
from chartgen.documents.nodes import plain
from chartgen.finding import is_error
from chartgen.source import Source


def values(text: str) -> dict[str, object]:
    entries, findings = read_dotenv(Source(".env", text))
    assert not any(map(is_error, findings))
    return {entry.key: plain(entry.value) for entry in entries}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("K=5000", "5000"),
        ("export K=5000", "5000"),
        ("  K = 5000  ", "5000"),
        ("K=", ""),
        ("K= # empty", ""),
        ("K=a b", "a b"),
        ("K=a#b", "a#b"),
        ("K=a # comment", "a"),
        ('K=" 5 "', " 5 "),
        ('K="a # b" # comment', "a # b"),
        (r'K="a\n\"b\\"', 'a\n"b\\'),
        ('K="two\nlines"', "two\nlines"),
        (r"K='a\n'", r"a\n"),
        ("K=5\r", "5"),
        ("K=a=b", "a=b"),
        ("K=it's", "it's"),
    ],
)
def test_a_value_is_read(line: str, value: str) -> None:
    assert values(f"# first\n{line}\nLAST=1\n") == {"K": value, "LAST": "1"}


def test_the_place_of_a_value_holds_its_quotes() -> None:
    (entry,), _ = read_dotenv(Source(".env", 'export K = "5" # c'))

    assert (entry.key_span.text, entry.value.span.text) == ("K", '"5"')


def test_a_key_without_a_value_is_passed_on() -> None:
    assert values("K\nL=1\nexport M\n") == {"L": "1"}


@pytest.mark.parametrize("line", ["5=K", "= 5", "K: 5", "K='a' b", "K='a", "a b", "-"])
def test_a_line_of_another_form_is_a_finding(line: str) -> None:
    _, findings = read_dotenv(Source(".env", f"A=1\n{line}\n"))

    assert [(finding.code, finding.primary.line) for finding in findings if finding.primary] == [("CG102", 2)]


def test_the_last_of_two_lines_with_one_key_counts() -> None:
    entries, findings = read_dotenv(Source(".env", "K=1\nL=2\nK=3\n"))

    assert [(entry.key, plain(entry.value)) for entry in entries] == [("L", "2"), ("K", "3")]
    assert [finding.code for finding in findings] == ["CG103"]


def test_comments_are_what_follows_a_mark_outside_of_quotes() -> None:
    text = "# one\nK='# no' # two\nL=a#no # three\n"

    assert [comment.text for comment in dotenv_comments(Source(".env", text))] == ["# one", "# two", "# three"]


@pytest.mark.parametrize(("line", "expected"), [("K=$A", True), ('K="${A}"', True), ("K='$A'", False), ("K=5$", False)])
def test_a_value_that_depends_on_another_variable_is_open(line: str, expected: bool) -> None:
    (entry,), _ = read_dotenv(Source(".env", line))

    assert is_open(entry) is expected


@pytest.mark.parametrize("text", ["5000", "", "a b", "it's", 'say "so"', "a#b", "a\\b", "$A", "'", " 5"])
@pytest.mark.parametrize("old", ["5", "'5'", '"5"'])
def test_a_text_that_is_written_is_read_back(text: str, old: str) -> None:
    written = dotenv_text(text, old)

    assert values(f"K={written}") == {"K": text}


def test_a_file_is_told_by_its_name() -> None:
    names = [".env", ".env.production", "prod.env", "a/.env.local", ".env.yaml", "values.yaml", ".envrc", "env"]

    assert list(map(is_dotenv, names)) == [True, True, True, True, False, False, False, False]
