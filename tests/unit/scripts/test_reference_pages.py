"""What the documentation tells of commands, codes and keywords is what the program says of itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.reference_pages import BLOCKS, PAGES, filled


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_fresh(repository: Path, name: str) -> None:
    committed = (repository / name).read_text(encoding="utf-8")

    assert filled(committed) == committed, "run: make reference"


def test_each_block_is_in_a_page(repository: Path) -> None:
    texts = [(repository / name).read_text(encoding="utf-8") for name in PAGES]

    assert [block for block in BLOCKS if not any(f"<!-- begin {block} -->" in text for text in texts)] == []
