"""Markdown as text: paragraphs are filled, code stays as it is."""

from __future__ import annotations

from chartgen.explain.terminal import plain_text

PAGE = """\
# CG000: a title

A paragraph of two
lines, with a [link](to/a/page.md).

## Part

- an item that goes on
  in a second line
- another

```yaml
a:

  b: a line of code that is longer than the terminal is wide
```
"""


def test_the_page_is_filled_to_the_width_and_code_is_left_alone() -> None:
    assert plain_text(PAGE, 30, lambda text: f"<{text}>") == (
        "<CG000: a title>\n"
        "\n"
        "A paragraph of two lines, with\n"
        "a link.\n"
        "\n"
        "<Part>\n"
        "\n"
        "- an item that goes on in a\n"
        "  second line\n"
        "- another\n"
        "\n"
        "    a:\n"
        "\n"
        "      b: a line of code that is longer than the terminal is wide\n"
    )


def test_a_fence_that_is_never_closed_is_shown_to_the_end() -> None:
    assert plain_text("```\na\n\nb\n", 30) == "    a\n\n    b\n"
