"""The generated reader in Chromium: the verdict is chartgen's, and it finds what the entrypoint wrote, in each mode."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from playwright.sync_api import Browser, Page

from chartgen.enforce.typescript import reader_module
from chartgen.settings.constraints import TYPE_NAMES
from chartgen.settings.model import Settings
from chartgen.settings.schema import load_settings
from tests.browser.conftest import Served
from tests.browser.test_page_in_browser import read, start, write_site
from tests.command import chartgen
from tests.counts import examples
from tests.entrypoint import GOOD, REFERENCE
from tests.json_for_yaml import json_for_yaml
from tests.properties.test_reader_is_cel import as_compared, cli_verdict, parsed
from tests.reader import Readers
from tests.reader_texts import Texts, page_texts
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


def test_chromium_says_of_texts_what_chartgen_says(readers: Readers, page: Page) -> None:
    seen: Counter[str] = Counter()

    @settings(max_examples=examples(3000))
    @given(case=page_texts())
    def holds(case: Texts) -> None:
        judged = page.evaluate(JUDGE, [readers.compiled(reader_module(case.settings, "x")), case.texts])

        expected = as_compared(cli_verdict(case.settings, parsed(case.settings, case.texts)), values_too=False)
        assert expected == as_compared(judged, values_too=False)
        kinds = {
            "pair": True,
            "astral": case.is_astral,
            "end": case.is_at_an_end,
            "quotient": case.is_a_negative_quotient,
        }
        seen.update(kind for kind, is_such in kinds.items() if is_such)

    holds()

    least = {"astral": 0.03, "end": 0.05, "quotient": 0.2}
    assert {kind: seen[kind] for kind, share in least.items() if seen[kind] < share * seen["pair"]} == {}, seen


@settings(max_examples=examples(300))
@given(case=page_texts())
def test_chromium_says_of_texts_what_the_command_says(readers: Readers, page: Page, case: Texts) -> None:
    assume(case.texts)

    judged = page.evaluate(JUDGE, [readers.compiled(reader_module(case.settings, "x")), case.texts])

    errors = [refusal["message"] if len(refusal["env"]) != 1 else limit(refusal) for refusal in judged["refused"]]
    assert command_says(case) == (sorted(errors), sorted(judged["warnings"]))


OF_THE_WRITING = {"CG208", "CG406", "CG407", "CG412"}
"""What the command says of how a ConfigMap is written, and not of the values that it gives."""


def limit(refusal: dict[str, Any]) -> str:
    """What the page refuses, with the setting's name in the environment; the command shows texts as they are written."""
    _, says, expected = refusal["message"].rpartition("; expected ")
    return f"{refusal['env'][0]}: {expected}" if says else str(refusal["message"])


def command_says(case: Texts) -> tuple[list[str], list[str]]:
    """The errors and the warnings of `chartgen validate` for a ConfigMap with the texts, each in order."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "schema.json").write_text(json.dumps(case.schema), encoding="utf-8")
        document = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": case.texts}
        (folder / "map.json").write_text(json_for_yaml(document), encoding="utf-8")
        done = chartgen("validate", "--settings", "schema.json", "--format", "json", "map.json", cwd=folder)
    assert done.returncode in {0, 1}, done.stderr
    told: dict[str, list[str]] = {"error": [], "warning": []}
    findings = json.loads(done.stdout)["findings"]
    assert (done.returncode == 1) == any(finding["severity"] == "error" for finding in findings)
    for finding in findings:
        if finding["code"] not in OF_THE_WRITING:
            told[finding["severity"]].append(as_of_a_page(case.settings, finding))
    return sorted(told["error"]), sorted(told["warning"])


def as_of_a_page(settings_: Settings, finding: dict[str, Any]) -> str:
    """A finding in the page's words: what is not written as the grammar has it is of the wrong type there."""
    if finding["code"] == "CG203":
        return ": ".join(filter(None, [finding["message"], finding["label"]]))
    env = finding["path"].removeprefix("data.")
    miswritten = finding["code"] in {"CG409", "CG414"}
    type_ = next(setting.type for setting in settings_.settings if setting.env == env)
    return f"{env}: {TYPE_NAMES[type_] if miswritten else finding['expected']}"


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
