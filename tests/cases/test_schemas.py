"""A folder is a test: a settings schema with a fault, and the whole text that its author reads."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from chartgen.finding import InvalidStop
from chartgen.report.text import render
from chartgen.settings.schema import load_settings
from tests.golden_text import Golden

FOLDER = Path(__file__).parent / "schemas"
CASES = sorted(path.parent for path in FOLDER.glob("*/schema.*"))


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_the_author_reads(folder: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (name,) = (file for file in os.listdir(folder) if file.startswith("schema."))

    with pytest.raises(InvalidStop) as stop:
        load_settings(name)

    assert stop.value.exit_code == 2
    assert any(finding.code == folder.name.split("-")[0] for finding in stop.value.findings)
    golden = Golden(folder, update=bool(request.config.getoption("--update-golden")))
    golden("expected.txt", render(stop.value.findings))
