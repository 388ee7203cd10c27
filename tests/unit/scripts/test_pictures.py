"""The committed pictures are what their script draws."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import flow_picture, plan_picture

PICTURES = {**flow_picture.pictures(), **plan_picture.pictures()}


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_the_picture_is_fresh(repository: Path, name: str) -> None:
    committed = (repository / "docs/images" / name).read_text(encoding="utf-8")

    assert committed == PICTURES[name], "run: make reference"
