"""The page of `chartgen plan` in Chromium: it needs nothing else, has the figures of the JSON, and the reader's verdict."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from chartgen.planning.as_json import figures
from chartgen.planning.load import Load, Polls, Situation
from chartgen.planning.page import page as page_of
from chartgen.planning.plan import Plan
from chartgen.settings.judge import broken_rules, violations
from chartgen.settings.schema import load_settings
from tests.command import chartgen
from tests.counts import examples

pytestmark = [pytest.mark.browser]

SCHEMA = "schemas/async-job.schema.json"
STOREFRONT = """\
title: Storefront </script><!-- & "more"
type: object
properties:
  jobs:
    type: object
    properties:
      everySeconds: {type: integer, default: 6, enum: [2, 3, 6, 9], x-env: SHOP_EVERY, x-unit: s, x-role: poll-interval}
      tries: {type: integer, default: 50, minimum: 10, maximum: 90, multipleOf: 10, x-env: SHOP_TRIES, x-role: poll-attempts}
  fast: {type: boolean, default: false, x-env: SHOP_FAST}
x-kubernetes-validations:
  - {rule: "!self.fast || self.jobs.everySeconds < 6", message: a fast shop asks often}
  - {rule: self.jobs.everySeconds * self.jobs.tries <= 500, message: pages wait too long, x-severity: warning}
"""


FREE = """\
type: object
properties:
  every: {type: integer, default: 5000, x-env: EVERY, x-unit: ms, x-role: poll-interval}
  tries: {type: integer, default: 50, x-env: TRIES, x-role: poll-attempts}
"""
CASES = st.tuples(
    st.builds(
        Situation,
        users=st.integers(1, 10_000_000),
        rtt=st.floats(0, 60),
        job=st.one_of(st.none(), st.floats(0.01, 100_000)),
    ),
    st.builds(
        Polls,
        interval=st.one_of(st.floats(0.001, 3), st.floats(0.1, 600)),
        attempts=st.integers(1, 10_000),
        timeout=st.floats(0.1, 100_000),
    ),
)


def close(value: Any) -> Any:
    return value if value is None else pytest.approx(value, rel=1e-9)


@pytest.fixture(scope="module")
def plain(repository: Path) -> str:
    """The page of 400 users with the reference app's defaults."""
    schema = load_settings(str(repository / SCHEMA))
    return page_of(Plan(schema, schema.defaults, Situation(400)))


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Open a page's text; whatever it asks for, logs or throws fails the test."""
    contexts, said = [], list[str]()

    def open_(text: str, **options: Any) -> Page:
        file = tmp_path / "plan.html"
        file.write_text(text, encoding="utf-8")
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: said.append(request.url) if not request.url.startswith("file:") else None)
        page.goto(file.as_uri())
        return page

    yield open_
    for context in contexts:
        context.close()
    assert [line for line in said if not line.startswith("data:")] == []


def text_of(repository: Path, *arguments: str) -> str:
    done = chartgen("plan", "--settings", SCHEMA, *arguments, cwd=repository)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_page_has_the_figures_of_the_json(repository: Path, opened: Callable[..., Page]) -> None:
    arguments = ("--users", "400", "--job-seconds", "120", "--capacity", "110")
    told = json.loads(text_of(repository, *arguments, "--format", "json"))
    page = opened(text_of(repository, *arguments, "--format", "html"))

    load = page.evaluate("chartgenPlan.verdictOf(chartgenPlan.state.values).load")
    assert {key: pytest.approx(told["load"][key]) for key in load} == load
    shown = {row.get_attribute("data-figure"): row.inner_text() for row in page.locator("[data-figure]").all()}
    assert shown["meanPerSecond"] == "81.6"
    assert shown["synchronisedPeak"] == "400"

    page.get_by_role("button", name="recommended", exact=True).click()
    load = page.evaluate("chartgenPlan.verdictOf(chartgenPlan.state.values).load")
    recommended = told["recommendation"]
    assert {key: pytest.approx(recommended["load"][key]) for key in load} == load
    assert page.locator("#JOB_POLL_INTERVAL_MS").input_value() == str(recommended["settings"]["pollIntervalMs"])
    assert page.locator("#verdict").inner_text() == "Allowed by every limit and rule."


def test_the_arithmetic_of_the_page_is_that_of_the_plan(plain: str, opened: Callable[..., Page]) -> None:
    page = opened(plain)

    @settings(max_examples=examples(100))
    @given(cases=st.lists(CASES, min_size=20, max_size=20))
    def holds(cases: list[tuple[Situation, Polls]]) -> None:
        asked = [
            [{"users": who.users, "rtt": who.rtt, "job": who.job, "pollBytes": who.poll_bytes}, polls.__dict__]
            for who, polls in cases
        ]

        told = page.evaluate("(cases) => cases.map(([who, polls]) => chartgenPlan.figures(who, polls))", asked)

        for case, actual in zip(cases, told, strict=True):
            expected = figures(Load(*case))
            del expected["lastAttempt"]
            assert {key: close(value) for key, value in expected.items()} == actual

    holds()


def test_a_setting_that_breaks_a_rule_is_told_as_everywhere(
    repository: Path, plain: str, opened: Callable[..., Page]
) -> None:
    page = opened(plain)

    page.locator("#JOB_POLL_INTERVAL_MS").fill("10000")

    schema = load_settings(str(repository / SCHEMA))
    broken = next(broken_rules(schema, {**schema.defaults, ("pollIntervalMs",): 10000}))
    assert page.locator("#verdict").inner_text() == f"Not allowed:\n{broken.message}"
    assert page.locator("#verdict").get_attribute("class") == "refused"
    page.locator("#JOB_MAX_POLL_ATTEMPTS").fill("60")
    assert page.locator("#verdict").inner_text() == "Allowed by every limit and rule."
    page.locator("#JOB_MAX_POLL_ATTEMPTS").fill("0")
    limit = next(violations(schema.setting(("maxPollAttempts",)), 0))
    assert page.locator("#verdict li").inner_text() == f"maxPollAttempts is 0; expected {limit.expected}"


def test_what_goes_beyond_the_capacity_is_told(plain: str, opened: Callable[..., Page]) -> None:
    page = opened(plain)

    page.locator("#capacity").fill("60")

    says = "Allowed by the rules, but:\na busy second has 99.3 requests, more than the capacity of 60"
    assert page.locator("#verdict").inner_text() == says


def test_a_slider_changes_the_figures_and_the_charts(plain: str, opened: Callable[..., Page]) -> None:
    page = opened(plain)
    before = page.locator("#rates path.mean").get_attribute("d")
    slider = page.get_by_role("slider", name="Users")

    slider.focus()
    page.keyboard.press("ArrowRight")

    assert int(page.locator("#users").input_value()) > 400
    page.locator("#rtt").fill("3000")
    assert page.locator("#rates path.mean").get_attribute("d") != before
    assert page.locator('[data-figure="inFlight"]').inner_text() != "4"


def test_the_strip_tells_of_each_interval_whether_it_is_allowed_and_why(
    plain: str, opened: Callable[..., Page]
) -> None:
    page = opened(plain)

    def marks() -> dict[str, str]:
        found = page.evaluate(
            "[...document.querySelectorAll('#rates rect')].map(one => [one.textContent, one.classList[0]])"
        )
        return {text.partition(": ")[0]: f"{kind}: {text.partition(': ')[2]}" for text, kind in found}

    assert marks()["1 s"] == "good: allowed"
    assert marks()["60 s"] == "other: allowed with maxPollAttempts 10"
    page.locator("#capacity").fill("60")
    assert marks()["1 s"] == "doubtful: a busy second has 424.3 requests, more than the capacity of 60"
    page.locator("#JOB_TIMEOUT_MS").fill("5000")
    assert marks()["60 s"].startswith(
        "bad: timeoutMs is smaller than maxPollAttempts * pollIntervalMs: 5000 < 120 * 60000"
    )


def test_any_schema_has_its_page(tmp_path: Path, opened: Callable[..., Page]) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(STOREFRONT, encoding="utf-8")
    schema = load_settings(str(file))

    page = opened(page_of(Plan(schema, schema.defaults, Situation(90), 20.0)))

    assert page.locator("h1").inner_text() == 'Storefront </script><!-- & "more": 90 users'
    page.locator("#SHOP_EVERY").select_option("9")
    page.locator("#SHOP_TRIES").fill("60")
    assert page.locator("#verdict").inner_text() == "Allowed, with a warning:\npages wait too long: 9 * 60 = 540 > 500"
    page.evaluate("chartgenPlan.state.values.SHOP_FAST = true; chartgenPlan.show()")
    assert page.locator("#verdict").get_attribute("class") == "refused"
    assert page.evaluate("chartgenPlan.pollsOf(chartgenPlan.state.values).timeout") == 600


def test_settings_without_bounds_have_their_page(tmp_path: Path, opened: Callable[..., Page]) -> None:
    file = tmp_path / "free.yaml"
    file.write_text(FREE, encoding="utf-8")
    schema = load_settings(str(file))

    page = opened(page_of(Plan(schema, schema.defaults, Situation(90), 30.0)))

    assert page.locator("#verdict").inner_text() == "Allowed by every limit and rule."
    assert page.get_by_role("slider", name="every").get_attribute("max") == "1000"
    assert len(page.locator("#rates rect").all()) > 100
    page.locator("#EVERY").fill("-5")
    assert page.locator("#EVERY").input_value() == "-5"
    assert page.evaluate("chartgenPlan.state.values.EVERY") == 5000


@pytest.mark.parametrize("name", ["users", "job", "rtt", "capacity", "JOB_POLL_INTERVAL_MS", "JOB_TIMEOUT_MS"])
def test_what_no_plan_can_be_of_is_not_taken(plain: str, opened: Callable[..., Page], name: str) -> None:
    page = opened(plain)

    page.locator(f"#{name}").fill("1e308")

    assert "NaN" not in page.content()
    assert "e+30" not in page.evaluate("JSON.stringify(chartgenPlan.state)")


def test_the_page_follows_the_scheme_and_prints(plain: str, opened: Callable[..., Page]) -> None:
    paper = "getComputedStyle(document.body).backgroundColor"

    assert opened(plain, color_scheme="light").evaluate(paper) == "rgb(255, 255, 255)"
    page = opened(plain, color_scheme="dark")
    assert page.evaluate(paper) == "rgb(13, 17, 23)"
    page.emulate_media(media="print")
    assert page.evaluate(paper) == "rgb(255, 255, 255)"
    assert not page.get_by_role("slider", name="Users").is_visible()
    assert len(page.pdf()) > 10_000
