"""The generated reader in Chromium: the verdict is chartgen's, and it finds what the entrypoint wrote, in each mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from playwright.sync_api import Browser, Page

from chartgen.enforce.typescript import reader_module
from chartgen.settings.model import Settings
from chartgen.settings.schema import load_settings
from tests.browser.conftest import Served
from tests.browser.test_page_in_browser import read, start, write_site
from tests.counts import examples
from tests.entrypoint import GOOD, REFERENCE
from tests.properties.test_reader_is_cel import as_compared, cli_verdict, parsed, texts_for
from tests.reader import Readers
from tests.verdict.test_page import as_page, of_a_page, without_mends
from tests.verdict.test_verdict import Verdict

pytestmark = [pytest.mark.browser]

JUDGE = """([code, raw]) => {
  const module = { exports: {} };
  new Function("module", "exports", code)(module, module.exports);
  return module.exports.judgeSettings(raw);
}"""


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    """What makes JavaScript of generated readers."""
    with Readers() as made:
        yield made


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    """A page with nothing in it."""
    page = chromium.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("case", of_a_page(), ids=lambda case: f"{Path(case.schema).parent.name}: {case.name}")
def test_the_corpus_has_its_verdict_in_chromium(case: Verdict, readers: Readers, page: Page) -> None:
    settings_ = load_settings(case.schema)

    judged = page.evaluate(JUDGE, [readers.compiled(reader_module(settings_, "x")), as_page(settings_, case.values)])

    assert [without_mends(line) for line in case.says] == [refusal["message"] for refusal in judged["refused"]]


@settings(max_examples=examples(3000))
@given(case=texts_for())
def test_chromium_says_of_texts_what_chartgen_says(
    readers: Readers, page: Page, case: tuple[Settings, dict[str, str]]
) -> None:
    settings_, texts = case

    judged = page.evaluate(JUDGE, [readers.compiled(reader_module(settings_, "x")), texts])

    expected = as_compared(cli_verdict(settings_, parsed(settings_, texts)), values_too=False)
    assert expected == as_compared(judged, values_too=False)


@pytest.mark.nginx
@pytest.mark.parametrize("mode", ["inline", "file", "json"])
def test_the_reader_finds_what_the_entrypoint_wrote(
    mode: str, tmp_path: Path, serve: Callable[[], Served], chromium: Browser, readers: Readers
) -> None:
    write_site(tmp_path)
    code = readers.compiled(reader_module(load_settings(str(REFERENCE)), "x"))
    app = f"window.seen = ((module) => {{ {code}\n return module.exports.getSettings(); }})({{exports: {{}}}});"
    (tmp_path / "source" / "app.js").write_text(app, encoding="utf-8")
    start(tmp_path, "--mode", mode, environment=GOOD)

    seen, console = read(chromium, serve(), "window.seen")

    values: dict[str, Any] = {"pollIntervalMs": 4000, "maxPollAttempts": 100, "timeoutMs": 500000}
    assert values == seen
    assert console == []
