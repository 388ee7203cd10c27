"""One list of findings in every format, whole."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from chartgen.report.formats import FORMATS, render
from tests.findings import FINDINGS


@pytest.mark.parametrize("name", FORMATS)
def test_one_list_in_every_format(golden: Callable[[str, str], None], name: str) -> None:
    golden(f"report/{name}.txt", render(list(reversed(FINDINGS)), name))


def test_a_program_gets_a_report_of_nothing_too() -> None:
    assert json.loads(render([], "json")) == {"version": 1, "summary": {"errors": 0, "warnings": 0}, "findings": []}


def test_a_concise_report_has_a_line_a_finding() -> None:
    assert len(FINDINGS) == len(render(FINDINGS, "concise").splitlines())
    assert render([], "concise") == ""
