"""What lies in a chart's folder and is no plain file is taken or refused as Helm takes or refuses it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import chartgen

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has other links, and no named pipes")

MIB = 1024 * 1024


def link(name: str, to: str = "nowhere") -> Callable[[Path], None]:
    """A link in the chart; it leads to nothing unless told otherwise."""

    def make(chart: Path) -> None:
        (chart / name).parent.mkdir(parents=True, exist_ok=True)
        (chart / name).symlink_to(to)

    return make


def pipe(name: str) -> Callable[[Path], None]:
    """A pipe that nobody writes to."""

    def make(chart: Path) -> None:
        (chart / name).parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(chart / name)

    return make


def ignoring(pattern: str, make: Callable[[Path], None]) -> Callable[[Path], None]:
    """The same, left out by `.helmignore`."""

    def both(chart: Path) -> None:
        (chart / ".helmignore").write_text(f"{pattern}\n", encoding="utf-8")
        make(chart)

    return both


def large(*sizes: int) -> Callable[[Path], None]:
    """Files of many bytes, none of which takes room on the disk."""

    def make(chart: Path) -> None:
        for number, size in enumerate(sizes):
            with (chart / f"{number}.bin").open("wb") as file:
                file.truncate(size)

    return make


ODD: dict[str, Callable[[Path], None]] = {
    "a folder for .helmignore": lambda chart: (chart / ".helmignore").mkdir(),
    "a link to nothing for .helmignore": link(".helmignore"),
    "a link to nothing": link("README.md"),
    "a link to nothing for values.yaml": link("values.yaml"),
    "a link to nothing among the templates": link("templates/more.yaml"),
    "a link to nothing that is left out": ignoring("README.md", link("README.md")),
    "a link to nothing in a folder that is left out": ignoring("docs/", link("docs/README.md")),
    "a link to nothing among the charts": link("charts/.hidden"),
    "a link to itself": link("again", "again"),
    "a link to the chart": link("again", "."),
    "a link to a file": link("README.md", "Chart.yaml"),
    "a pipe": pipe("README.md"),
    "a pipe for values.yaml": pipe("values.yaml"),
    "a pipe for the schema": pipe("values.schema.json"),
    "a pipe among the charts": pipe("charts/sub-1.0.0.tgz"),
    "a pipe that is left out": ignoring("README.md", pipe("README.md")),
    "a hidden pipe among the templates": pipe("templates/.more"),
    "a file beyond 5 MiB": large(5 * MIB + 1),
    "files of 100 MiB and more": large(35 * MIB, 35 * MIB, 35 * MIB),
    "files beyond 100 MiB that are left out": ignoring("*.bin", large(60 * MIB, 60 * MIB)),
    "small files beyond 100 MiB": large(*[5 * MIB] * 21),
}


@pytest.mark.parametrize("name", ODD)
def test_a_folder_that_is_odd_in_one_way_is_judged_as_helm_judges_it(helm: str, tmp_path: Path, name: str) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 0.1.0\n", encoding="utf-8")
    ODD[name](tmp_path / "c")
    version = "3" if "helm3" in Path(helm).name else "4"

    run = subprocess.run([helm, "template", "c"], cwd=tmp_path, capture_output=True, check=False, timeout=60)
    done = chartgen("validate", "--helm-version", version, "c", cwd=tmp_path)

    assert (run.returncode == 0) == (done.returncode == 0), f"{run.stderr!r} {done.stdout}"
    assert done.stderr == ""


def test_a_pipe_for_helmignore_is_not_waited_for(tmp_path: Path) -> None:
    """Helm waits until somebody writes to it."""
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 0.1.0\n", encoding="utf-8")
    pipe(".helmignore")(tmp_path)

    done = chartgen("validate", "--format", "concise", ".", cwd=tmp_path)

    assert done.returncode == 1
    assert ".helmignore is no file, where Helm expects a file of patterns" in done.stdout
