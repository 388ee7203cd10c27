"""The formats of reports: one module each, loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from chartgen.finding import Finding
from chartgen.records import dataclass
from chartgen.report.counts import Counts
from chartgen.report.paint import Paint, plain
from chartgen.report.run import Run

__all__ = ["FORMATS", "Counts", "Format", "Run", "render"]


@dataclass(frozen=True)
class Format:
    """A module with `render(findings, run) -> str`.

    A `document` is read by programs as a whole: nothing else may stand beside it. One that is `coloured` takes a third
    argument, which gives the looks. `about` says whom it is for.
    """

    module: str
    about: str
    document: bool = False
    coloured: bool = False


FORMATS = {
    "text": Format("chartgen.report.text", "for people: each finding with its line, and the help", coloured=True),
    "concise": Format("chartgen.report.concise", "for editors and `grep`: one line a finding"),
    "json": Format("chartgen.report.as_json", "for programs: all that is known of each finding", document=True),
    "sarif": Format("chartgen.report.sarif", "SARIF 2.1.0, for code scanning and editors", document=True),
    "junit": Format("chartgen.report.junit", "JUnit XML, for the test reports of CI servers", document=True),
    "github": Format("chartgen.report.github", "annotations of GitHub Actions; `text` has them beside it there"),
    "gitlab": Format("chartgen.report.gitlab", "GitLab's code quality report", document=True),
}
"""The formats by name."""


def render(findings: Sequence[Finding], name: str, run: Run | None = None, paint: Paint = plain) -> str:
    """The report of the findings in a format of `FORMATS`; `run` is what there is to say beside them."""
    chosen = FORMATS[name]
    looks = (paint,) if chosen.coloured else ()
    text: str = import_module(chosen.module).render(findings, run or Run(), *looks)
    return text
