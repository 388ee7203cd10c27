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

from chartgen.settings.judge import has_type
from chartgen.settings.model import Settings
from chartgen.settings.schema import load_settings
from chartgen.settings.strings import render_text
from tests.entrypoint import EP, table_of
from tests.guard_chart import findings, warnings, write_chart

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


def as_texts(settings: Settings, values: Any) -> dict[str, bytes] | None:
    """The values as a ConfigMap holds them; None where one is not of its setting's type, or there is no such setting."""
    texts = {}
    for setting in settings.settings:
        here = values
        for key in setting.path:
            here = here.get(key) if isinstance(here, dict) else None
        if here is None:
            continue
        if not has_type(setting.type, here):
            return None
        texts[setting.env] = render_text(setting.type, here).encode()
    known = {setting.path for setting in settings.settings}
    return texts if all(path in known for path in leaves(values)) else None


def leaves(values: Any, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The paths of all nested values that are no mapping, and not absent."""
    if not isinstance(values, dict):
        yield from [above] if values is not None else []
        return
    for key, value in values.items():
        yield from leaves(value, (*above, key))


def sayable() -> list[Verdict]:
    """The cases whose values texts can say: each of its setting's type, none elsewhere."""
    return [case for case in corpus() if as_texts(load_settings(case.schema), case.values) is not None]


def test_most_of_the_corpus_can_be_said_in_texts() -> None:
    assert len(sayable()) >= 18


@pytest.mark.parametrize("case", sayable(), ids=lambda case: f"{Path(case.schema).parent.name}: {case.name}")
def test_the_entrypoint_says_it(case: Verdict) -> None:
    settings = load_settings(case.schema)
    texts = as_texts(settings, case.values)
    assert texts is not None

    _, errors, warned = EP.judge(table_of(settings), texts, str)

    envs = {setting.name: setting.env for setting in settings.settings}
    expected = []
    for line in case.says:
        name, _, rest = line.removeprefix("settings.").partition(" is ")
        known = line.startswith("settings.") and name in envs
        expected.append(f"{envs[name]} ({name}): {rest.rpartition('; ')[2]}" if known else line)
    assert expected == [text for _, text in errors]
    assert list(case.warns) == (warned if not case.says else list(case.warns))
