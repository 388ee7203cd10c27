"""The committed pictures are what their script draws."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.flow_picture import pictures


@pytest.mark.parametrize("name", sorted(pictures()))
def test_the_picture_is_fresh(repository: Path, name: str) -> None:
    committed = (repository / "docs/images" / name).read_text(encoding="utf-8")

    assert committed == pictures()[name], "run: make reference"
