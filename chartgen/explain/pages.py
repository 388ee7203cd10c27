"""The pages of findings: `docs/reference/findings/CODE.md`, which travel with the package.

Each has four parts: what the finding says, why it matters, an example with chartgen's own report, and how to mend it.
"""

from __future__ import annotations

import re

from chartgen.finding import CODES
from chartgen.records import dataclass
from chartgen.resources import read_text

GROUPS = {
    "CG1": ("Documents", "What was read is not what YAML, JSON or Helm can take."),
    "CG2": ("Values", "A value does not fit the settings, the rules or the chart's schema."),
    "CG3": (
        "Authoring",
        "A schema or the project file is wrong: nothing is judged by it, and the exit status is 2. Or the chart is stale: 1.",
    ),
    "CG4": ("Wiring", "A manifest does not pass the settings on as the schema says."),
    "CG5": ("Cluster", "What runs is not what the settings say, or they do not fit what runs: `chartgen doctor`."),
}
"""The groups of codes by how they begin, each with a title and a sentence."""

HEADINGS = ("Why it matters", "Example", "How to mend it")
"""The headings of a page below its title, in their order."""

_COMMENT = re.compile(r"^<!-- .*? -->\n", re.MULTILINE)


@dataclass(frozen=True)
class CodePage:
    """The page of a code: its parts in Markdown, and `text`, the whole."""

    code: str
    title: str
    says: str
    why: str
    example: str
    mend: str
    text: str


def code_page(code: str) -> CodePage:
    """The page of a finding's code.

    Raises:
        KeyError: there is no such code.
        FileNotFoundError: the installation lacks the page.
    """
    title = CODES[code]
    text = _COMMENT.sub("", read_text("docs", "reference", "findings", f"{code}.md"))
    says, *parts = re.split(r"^## .*\n", text.partition("\n")[2], flags=re.MULTILINE)
    why, example, mend = (part.strip() for part in parts)
    return CodePage(code, title, says.strip(), why, example, mend, text)


def codes_by_group() -> list[tuple[str, str, list[str]]]:
    """The title of each group that has codes, its sentence, and its codes."""
    grouped = (
        (f"{prefix}xx: {title}", about, [code for code in sorted(CODES) if code.startswith(prefix)])
        for prefix, (title, about) in GROUPS.items()
    )
    return [group for group in grouped if group[2]]
