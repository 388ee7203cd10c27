"""Every code of a finding has a page with all parts, whose example is chartgen's own report."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chartgen.explain.pages import HEADINGS, code_page, codes_by_group
from chartgen.finding import CODES

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "reference" / "findings"


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert sorted(CODES) == sorted(path.stem for path in FOLDER.glob("*"))


def test_every_code_is_in_a_group() -> None:
    assert sorted(CODES) == sorted(code for _, _, codes in codes_by_group() for code in codes)


@pytest.mark.parametrize("code", CODES)
def test_the_page_has_the_title_and_all_parts_in_order(code: str) -> None:
    page = code_page(code)

    assert page.text.startswith(f"# {code}: {CODES[code]}\n\n")
    assert list(HEADINGS) == re.findall(r"^## (.*)$", page.text, re.MULTILINE)
    assert all((page.says, page.why, page.example, page.mend))


@pytest.mark.parametrize("code", CODES)
def test_the_example_is_a_case_that_a_test_holds_to_the_program(code: str) -> None:
    written = (FOLDER / f"{code}.md").read_text(encoding="utf-8")
    (case,) = re.findall(r"^<!-- begin example (\S+)", written, re.MULTILINE)
    example = code_page(code).example

    assert case.partition("/")[2].startswith(code)
    assert re.search(rf"^(error|warning)\[{code}\]: ", example, re.MULTILINE)
    assert "<!--" not in example


@pytest.mark.parametrize("code", CODES)
def test_nothing_else_on_the_page_is_code(code: str) -> None:
    page = code_page(code)

    assert "```" not in page.says + page.why + page.mend
