"""The example on the page of a finding, taken from a case under `tests/cases/`, whose report a test holds to the program."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

CASES = Path(__file__).resolve().parent.parent / "tests" / "cases"
LANGUAGES = {".json": "json", ".yaml": "yaml"}


def example(case: str, *files: str) -> Iterator[str]:
    """The lines of an example: the files of a case that are shown, and the report of its first run."""
    for name in files:
        text = trimmed((CASES / case / name).read_text(encoding="utf-8"))
        yield from (f"`{name}`:", "", f"```{LANGUAGES[os.path.splitext(name)[1]]}", text, "```", "")
    yield from ("chartgen says:", "", "```text", report(case), "```")


def report(case: str) -> str:
    """What the user of a case reads in its first run; without a command, where the case is a schema alone."""
    said = (CASES / case / "expected.txt").read_text(encoding="utf-8")
    first = said.partition("\n--- exit")[0].replace("\n--- stderr\n", "\n")
    return trimmed(first)


def trimmed(text: str) -> str:
    """A text without the blanks at the end of its lines, which editors and linters remove from a page."""
    return "\n".join(line.rstrip() for line in text.rstrip("\n").split("\n"))
