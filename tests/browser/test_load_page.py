"""The page of a run, in a real browser: it is whole, quiet, and asks nobody for anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from chartgen.load.comparison import Comparison
from chartgen.load.order import Order
from chartgen.load.page import page
from chartgen.load.tally import Tally, bucket
from chartgen.planning.load import Polls

pytestmark = pytest.mark.browser


def run() -> Comparison:
    """One of 40 users, as planned."""
    tally = Tally()
    for second in range(70):
        tally.at(second).replies["pending"] += 8
        tally.at(second).times[bucket(0.01 + second / 1000)] += 8
    order = Order("http://127.0.0.1:8080/jobs?<i>&", 40, Polls(5, 120, 600), 70, 1)
    return Comparison(order, 0.05, 0.05, tally, 0.0, 70.0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_a_run_has_its_table_and_its_charts(chromium: Browser, tmp_path: Path, scheme: str) -> None:
    file = tmp_path / "load.html"
    file.write_text(page(run()), encoding="utf-8")
    tab = chromium.new_page(color_scheme="dark" if scheme == "dark" else "light")
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.goto(file.as_uri())

    assert tab.locator("#verdict").inner_text() == "as planned, within 5 %"
    assert "http://127.0.0.1:8080/jobs?<i>&" in tab.locator("header").inner_text()
    assert tab.locator("tbody tr").first.inner_text().split("\t") == ["polls a second, mean", "8.00", "8.00", "+0.0%"]
    assert tab.locator("svg").count() == 2
    assert tab.locator("svg rect").count() == 70
    boxes = [each.bounding_box() for each in tab.locator("svg text").all()]
    assert all(box is not None and box["x"] >= 0 for box in boxes)
    assert ([url for url in asked if url != file.as_uri()], said) == ([], [])
    tab.close()
