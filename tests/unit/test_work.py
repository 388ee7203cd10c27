"""Many files cost no more than each of them: what can be done once is done once, nothing is kept, all cores work."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from cel_expr_python import cel

from benchmarks.inputs import rules_schema
from chartgen import many, verdict
from chartgen.asked import Asked
from chartgen.documents import yaml_tree
from chartgen.documents.reading import read_source
from chartgen.finding import Finding
from chartgen.report.formats import render
from chartgen.settings.schema import load_settings
from chartgen.source import Source
from chartgen.verdict import verdict_of

NUMBER = 300
VALUES = "settings:\n  pollIntervalMs: {0}\n  maxPollAttempts: 60\n  timeoutMs: {1}\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, ...]:
    """Values files; each seventh breaks a rule, and one has accepted that."""
    paths = [tmp_path / f"{number:03}.yaml" for number in range(NUMBER)]
    for number, path in enumerate(paths):
        interval = 5000 + number
        text = VALUES.format(interval, interval * 60 - (1 if number % 7 == 3 else 0))
        path.write_text(text, encoding="utf-8")
    paths[3].write_text(paths[3].read_text().replace("\n  time", "\n  # chartgen: ignore[CG203] for a test\n  time"))
    return tuple(map(str, paths))


@pytest.fixture
def asked(files: tuple[str, ...], repository: Path) -> Asked:
    return Asked(files, chart=str(repository / "charts" / "ideaforge-frontend"))


def one_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "_cores", lambda: 1)


def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "_cores", lambda: 2)
    monkeypatch.setattr(verdict, "on_all_cores", lambda work, items: many.on_all_cores(work, items, patience=0))


class Counted:
    """A function that counts its calls, and keeps nothing of them."""

    def __init__(self, function: Any) -> None:
        self.function, self.calls = function, 0

    def __call__(self, *values: Any, **named: Any) -> Any:
        self.calls += 1
        return self.function(*values, **named)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> dict[str, Counted]:
    """The costly steps of a run, with the number of times that they are taken."""
    one_core(monkeypatch)
    steps = {
        "a schema is compiled": (jsonschema_rs, "validator_for"),
        "CEL's environment is made": (cel, "NewEnv"),
        "a tree is built": (yaml_tree, "build_document"),
    }
    counters: dict[str, Counted] = {}
    for name, (owner, attribute) in steps.items():
        counters[name] = Counted(getattr(owner, attribute))
        monkeypatch.setattr(owner, attribute, counters[name])
    return counters


def test_what_all_files_need_is_made_once(asked: Asked, counted: dict[str, Counted]) -> None:
    clean = tuple(file for number, file in enumerate(asked.files) if number % 7 != 3)
    verdict_of(Asked(clean[:1], chart=asked.chart))
    once = {name: counter.calls for name, counter in counted.items()}
    verdict_of(Asked(clean, chart=asked.chart))
    then = {name: counter.calls - once[name] for name, counter in counted.items()}

    assert then == once


def test_the_rules_of_a_group_share_what_they_can_name(tmp_path: Path, counted: dict[str, Counted]) -> None:
    schema = rules_schema(tmp_path / "rules.json", 40)

    assert len(load_settings(str(schema)).rules) == 40
    assert counted["CEL's environment is made"].calls == 1


def test_each_file_is_read_once(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    one_core(monkeypatch)
    read: list[str] = []

    def reading(path: str) -> Source | Finding:
        read.append(path)
        return read_source(path)

    verdict_of(asked, reading)

    assert sorted(path for path in read if path in asked.files) == sorted(asked.files)


def test_texts_of_clean_files_are_not_kept_even_where_nothing_is_collected(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_core(monkeypatch)
    texts: weakref.WeakSet[Source] = weakref.WeakSet()
    most = 0

    def reading(path: str) -> Source | Finding:
        nonlocal most
        most = max(most, len(texts))
        found = read_source(path)
        if isinstance(found, Source) and path in asked.files:
            texts.add(found)
        return found

    gc.disable()
    try:
        verdict_of(
            Asked(tuple(f for number, f in enumerate(asked.files) if number % 7 != 3), chart=asked.chart), reading
        )
    finally:
        gc.enable()

    assert most <= 1


def test_two_cores_say_what_one_says(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    def said() -> list[object]:
        found = verdict_of(asked)
        return [found, *(render(found.findings, name) for name in ("text", "concise", "json"))]

    one_core(monkeypatch)
    alone = said()
    two_cores(monkeypatch)

    assert said() == alone


def test_two_cores_find_what_there_is(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    two_cores(monkeypatch)
    found = verdict_of(asked)
    broken = range(3, NUMBER, 7)

    assert (found.exit_code, found.files, found.ignored) == (1, NUMBER, 1)
    assert _places(found.findings) == [(asked.files[number], 4) for number in broken[1:]]


def _places(findings: Sequence[Finding]) -> list[tuple[str, int]]:
    return [(finding.primary.source.name, finding.primary.line) for finding in findings if finding.primary]
