"""One corpus, every enforcer: the same verdict, in the same words."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from chartgen.enforce.typescript import reader_module
from chartgen.settings.judge import has_type
from chartgen.settings.model import Settings
from chartgen.settings.schema import load_settings
from tests.guard_chart import findings, warnings, write_chart
from tests.reader import Readers

FOLDER = Path(__file__).parent
ROOT = FOLDER.parent.parent


@dataclass(frozen=True)
class Verdict:
    """One case of the corpus."""

    schema: str
    name: str
    values: Any
    says: tuple[str, ...]
    warns: tuple[str, ...]


def corpus() -> list[Verdict]:
    """Every case of every file, in order."""
    cases = []
    for path in sorted(FOLDER.glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        for case in document["cases"]:
            says, warns = tuple(case["says"]), tuple(case.get("warns", ()))
            cases.append(Verdict(str(ROOT / document["schema"]), case["name"], case["values"], says, warns))
    return cases


@pytest.fixture(params=corpus(), ids=lambda case: f"{Path(case.schema).parent.name}: {case.name}")
def case(request: pytest.FixtureRequest) -> Verdict:
    """Each case of the corpus in turn."""
    verdict: Verdict = request.param
    return verdict


def test_the_corpus_has_the_cases_that_it_is_known_for() -> None:
    assert len(corpus()) >= 20


def test_the_command_says_it(case: Verdict, tmp_path: Path) -> None:
    file = tmp_path / "values.yaml"
    file.write_text(json.dumps({"settings": case.values}, ensure_ascii=False), encoding="utf-8")

    command = [sys.executable, "-m", "chartgen", "validate", "--settings", case.schema, str(file)]
    run = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env={**os.environ, "CI": ""})

    assert run.stderr == ""
    assert run.returncode == (1 if case.says else 0), run.stdout
    assert f"{len(case.says)} error{'' if len(case.says) == 1 else 's'}" in run.stdout or not case.says
    for line in case.says + case.warns:
        for part in line.split("; ")[0].rsplit(": ", 1) + line.split("; ")[1:]:
            assert part.strip() in run.stdout


def test_helm_says_it(case: Verdict, helm: str, tmp_path: Path) -> None:
    chart = write_chart(tmp_path / "chart", load_settings(case.schema))

    said, printed = findings(helm, chart, case.values)

    assert list(case.says) == said
    assert list(case.warns) == (warnings(printed) if not case.says else list(case.warns))


def as_page(settings: Settings, values: Any) -> dict[str, Any] | None:
    """The values as a page has them; None where they name what is no setting, or a text stands for a number.

    A page's texts are read by the grammar of texts; in a values file they are of the wrong type.
    """
    raw = {}
    known = {setting.path: setting for setting in settings.settings}
    for path, value in leaves(values):
        if path not in known or (isinstance(value, str) and not has_type(known[path].type, value)):
            return None
        raw[known[path].env] = value
    return raw


def leaves(values: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """The nested values that are no mapping, and not absent, with their paths."""
    if isinstance(values, dict) and (values or not above):
        for key, value in values.items():
            yield from leaves(value, (*above, key))
    elif values is not None:
        yield above, values


def of_a_page() -> list[Verdict]:
    """The cases whose values a page can have."""
    return [case for case in corpus() if as_page(load_settings(case.schema), case.values) is not None]


def without_mends(line: str) -> str:
    """What the page says: who looks at it cannot mend it."""
    return line.split("; ", 1)[0] if "expected" not in line else line.removeprefix("settings.")


@pytest.fixture(scope="module")
def readers() -> Iterator[Readers]:
    """JavaScript, which runs generated readers."""
    with Readers() as made:
        yield made


def test_most_of_the_corpus_can_stand_in_a_page() -> None:
    assert len(of_a_page()) >= len(corpus()) * 0.6


@pytest.mark.parametrize("page", of_a_page(), ids=lambda case: f"{Path(case.schema).parent.name}: {case.name}")
def test_the_page_says_it(page: Verdict, readers: Readers) -> None:
    settings = load_settings(page.schema)
    raw = as_page(settings, page.values)
    assert raw is not None

    judged = readers.judge(reader_module(settings, "x"), raw)

    said = [refusal["message"] for refusal in judged["refused"]]
    assert [without_mends(line) for line in page.says] == said
    assert [without_mends(line) for line in page.warns] == (judged["warnings"] if not said else list(page.warns))
