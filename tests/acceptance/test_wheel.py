"""What is installed from the wheel works without the source tree."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

INIT = ("init", "--name", "shop", "--image", "registry.example.com/shop:1.0.0", "--setting", "refreshMs=5000")


@pytest.fixture(scope="module")
def wheel(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree and unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(repository)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    zipfile.ZipFile(built).extractall(folder / "unpacked")
    return folder / "unpacked"


def chartgen(wheel: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the unpacked chartgen; the tree's own must not be what answers."""
    environment = {**os.environ, "PYTHONPATH": str(wheel)}
    command = [sys.executable, "-m", "chartgen", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_it_starts_renders_and_judges_a_project(wheel: Path, tmp_path: Path) -> None:
    steps = [INIT, ("render",), ("render", "--check"), ("validate", "charts/shop/values.yaml")]

    assert [(chartgen(wheel, tmp_path, *step).returncode, step[0]) for step in steps] == [
        (0, step[0]) for step in steps
    ]


def test_it_is_the_unpacked_one_that_was_asked(wheel: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import chartgen; print(chartgen.__file__)"]
    environment = {**os.environ, "PYTHONPATH": str(wheel)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == str(wheel / "chartgen" / "__init__.py")


def test_it_holds_every_schema_but_the_reference_applications(repository: Path, wheel: Path) -> None:
    top = {file.name for file in (repository / "schemas").iterdir()}

    assert {file.name for file in (wheel / "chartgen/data/schemas").iterdir()} == top - {"async-job.schema.json"}


def test_it_holds_the_entrypoint(repository: Path, wheel: Path) -> None:
    inside = wheel / "chartgen/data/entrypoint/entrypoint.py"

    assert inside.read_bytes() == (repository / "entrypoint/entrypoint.py").read_bytes()


def test_it_explains_every_code(repository: Path, wheel: Path, tmp_path: Path) -> None:
    pages = {file.name for file in (repository / "docs" / "reference" / "findings").iterdir()}

    assert {file.name for file in (wheel / "chartgen/data/docs/reference/findings").iterdir()} == pages
    assert chartgen(wheel, tmp_path, "explain", "CG203").stdout.startswith("CG203: a rule is broken\n")


def test_its_types_are_for_its_users(wheel: Path) -> None:
    assert (wheel / "chartgen" / "py.typed").is_file()
