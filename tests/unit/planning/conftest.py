"""`chartgen plan`, run in a folder with a project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chartgen.__main__ import main
from tests.projects import write
from tests.unit.planning.planned import BASE, PROD, PROJECT, SHOP, Done


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """Run `chartgen plan` in a folder with a project."""
    write(tmp_path, {"shop.yaml": SHOP, "chartgen.yaml": PROJECT, "envs/base.yaml": BASE, "envs/prod.yaml": PROD})
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Done:
        code = main(["plan", *arguments])
        said = capsys.readouterr()
        return Done(code, said.out, said.err)

    return run
