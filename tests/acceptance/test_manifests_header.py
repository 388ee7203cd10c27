"""The command in the head of a manifest makes it anew, from the project's folder, wherever it was run."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from chartgen.__main__ import main
from tests import projects


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"a,b.txt": "one", "c.txt": "two", "{d}.txt": "three", "envs/e.txt": "four"}
    projects.project(tmp_path, files=texts)
    monkeypatch.chdir(tmp_path / "envs")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("extraData.a=../c.txt", "extraData.a=c.txt"),
        ("extraData.a=e.txt,extraData.b=../c.txt", "extraData.a=envs/e.txt,extraData.b=c.txt"),
        (r"extraData.a=../a\,b.txt", r"extraData.a=a\,b.txt"),
        ("extraData.a=../{d}.txt", r"extraData.a=\{d\}.txt"),
        (r"extraData.a\.b=../c.txt", r"extraData.a\.b=c.txt"),
    ],
)
def test_the_files_of_set_file_are_named_from_the_project(
    given: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["manifests", "--config-map-only", "--set-file", given, "--output", "../k8s"]
    assert main(asked) == 0
    monkeypatch.chdir("..")
    command = Path("k8s/configmap.yaml").read_text(encoding="utf-8").splitlines()[1].removeprefix("#   chartgen ")
    words = shlex.split(command)

    assert words[words.index("--set-file") + 1] == expected
    assert main([*words, "--check"]) == 0


@pytest.mark.parametrize("given", [["-f", "-"], ["--set-file", "extraData.a=-"], ["-f", "e.yaml,-"]])
def test_what_came_from_the_standard_input_makes_no_file(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manifests", "--config-map-only", *given, "--output", "k8s"]) == 2
    err = capsys.readouterr().err
    assert "the standard input" in err
    assert "= help: " in err
    assert not Path("k8s").exists()
