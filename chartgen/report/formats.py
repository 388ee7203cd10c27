"""The formats of reports: one module each, loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from chartgen.finding import Finding

FORMATS = {
    "text": "chartgen.report.text",
    "concise": "chartgen.report.concise",
    "json": "chartgen.report.as_json",
}
"""The module of each format; each has `render(findings) -> str`."""


def render(findings: Sequence[Finding], name: str) -> str:
    """The report of the findings in a format of `FORMATS`."""
    text: str = import_module(FORMATS[name]).render(findings)
    return text
