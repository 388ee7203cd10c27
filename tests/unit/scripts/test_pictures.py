"""The committed pictures are what their script draws."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts import flow_picture, load_picture, plan_picture
from scripts.load_results import RESULTS, page

PICTURES = {**flow_picture.pictures(), **plan_picture.pictures(), **load_picture.pictures()}


@pytest.mark.parametrize("name", sorted(PICTURES))
def test_the_picture_is_fresh(repository: Path, name: str) -> None:
    committed = (repository / "docs/images" / name).read_text(encoding="utf-8")

    assert committed == PICTURES[name], "run: make reference"


def test_the_page_of_what_was_measured_is_fresh() -> None:
    committed = RESULTS.with_suffix(".md").read_text(encoding="utf-8")

    assert committed == page(json.loads(RESULTS.read_text(encoding="utf-8"))), "run: make reference"


def test_what_was_measured_is_what_was_planned() -> None:
    results = json.loads(RESULTS.read_text(encoding="utf-8"))

    assert {name for name, stage in results.items() if not stage["report"]["asPlanned"]} == set()
