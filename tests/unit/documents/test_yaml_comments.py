"""The comments of a text: those that Helm's parser skips, and nothing that is a value."""

from __future__ import annotations

from chartgen.documents.yaml_comments import comments_with
from chartgen.source import Source

TEXT = """\
# X top
a: 1 # X one
b: "s # X no" # X two
c: | # X three
  text # X no
  # X no
# X four
d: >-
  k

  # X no
e: 'a

  # X no
  ' # X five
f: &a "x # X no"   # X six
g: http://example.com/#X
h: a # b # X seven
---
i: 1 # X eight
"# X no": 2 # X nine
l: [1, # X ten
  2]
s: !!str # X eleven
  "# X no"
m: |2
   # X no
q: plain
  more
  # X twelve
"""
WORDS = "top one two three four five six seven eight nine ten eleven twelve".split()


def found(text: str, helm_version: int = 4) -> list[str]:
    """The comments with an X."""
    return [comment.text for comment in comments_with("X", Source("values.yaml", text), helm_version)]


def test_a_comment_is_what_the_parser_skips() -> None:
    assert [text.split()[-1] for text in found(TEXT)] == WORDS


def test_helm_3_reads_the_first_document_alone() -> None:
    assert [text.split()[-1] for text in found(TEXT, 3)] == WORDS[:8]


def test_a_comment_ends_with_its_line() -> None:
    assert found("a: 1 # X\r\nb: 2\r\n# X") == ["# X", "# X"]
    assert found("a: 1 # X\n") == ["# X"]


def test_a_comment_begins_at_its_first_sign() -> None:
    assert found("a: b#c # d # X\n") == ["# d # X"]


def test_an_empty_file_may_hold_comments_and_a_broken_one_holds_none() -> None:
    assert found("# X\n") == ["# X"]
    assert found("a: [ # X\n") == []
    assert found("---\n--- b # X\n") == []
