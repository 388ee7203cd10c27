"""The formats of reports: one module each, loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from chartgen.finding import Finding
from chartgen.report.counts import Counts

__all__ = ["FORMATS", "Counts", "render"]

FORMATS = {
    "text": "chartgen.report.text",
    "concise": "chartgen.report.concise",
    "json": "chartgen.report.as_json",
}
"""The module of each format; each has `render(findings, counts) -> str`."""


def render(findings: Sequence[Finding], name: str, counts: Counts | None = None) -> str:
    """The report of the findings in a format of `FORMATS`; `counts` is what was judged, where there is more to say."""
    text: str = import_module(FORMATS[name]).render(findings, counts)
    return text
