"""The entrypoint and settings.py on every Python from 3.9 to 3.14 that is here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.pythons import find
from tests.entrypoint import GOOD, INLINE, PAGE, REFERENCE, SCRIPT, STOREFRONT, run, write_table
from tests.unit.entrypoint.hostile_pages import PAGES, REFUSED

VERSIONS = ("3.9", "3.10", "3.11", "3.12", "3.13", "3.14")
CORE = Path(__file__).with_name("python_core.py")


def core(python: str, settings: Path) -> Any:
    done = subprocess.run(
        [python, "-W", "error", str(CORE), str(SCRIPT), str(settings)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(params=VERSIONS)
def python(request: pytest.FixtureRequest) -> str:
    found = find(request.param)
    if found is None:
        pytest.skip(f"no Python {request.param} is on this machine")
    return found


@pytest.mark.parametrize("schema", [REFERENCE, STOREFRONT], ids=lambda path: path.parent.name)
def test_every_python_does_the_same(python: str, schema: Path, tmp_path: Path) -> None:
    settings = write_table(tmp_path / "settings.py", schema)

    found = core(python, settings)

    assert found == core(sys.executable, settings)
    assert len(found["inline"]) == len(PAGES)
    assert found["refused"] == [reason for _, reason in REFUSED.values()]


def test_every_python_runs_it(python: str, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_bytes(PAGE)
    (tmp_path / "index.html.gz").write_bytes(b"old")
    (tmp_path / "ngsw.json").write_text("{}")
    table = write_table(tmp_path / "settings.py")

    done = run(
        "--table", table, "--html", tmp_path / "*.html", "--", "/bin/echo", "served", environment=GOOD, python=python
    )

    assert (done.returncode, done.stdout) == (0, "served\n")
    assert INLINE % (4000, 100, 500000) in (tmp_path / "index.html").read_bytes()
