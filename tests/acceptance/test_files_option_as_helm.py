"""`-f` names the files that it names to Helm, each of them or several at once; what can be read once only is read once."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.command import PROGRAM, chartgen

FILES = {"a.yaml": "a", "b.yaml": "b", "x,y.yaml": "x", 'z"z.yaml': "z", " a.yaml": "s"}
ODD_NAMES = [
    "a%zz.yaml",
    "a%20b.yaml",
    "100%",
    "1:a.yaml",
    "a:b.yaml",
    ":a.yaml",
    "./1:a.yaml",
    "a#%zz.yaml",
    "a\x7f.yaml",
    "é:b.yaml",
]
SCHEMA = '{"additionalProperties": false, "properties": {"seen": {}}}'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "Chart.yaml").write_text("apiVersion: v2\nname: c\nversion: 0.1.0\n", encoding="utf-8")
    (tmp_path / "c" / "values.schema.json").write_text(SCHEMA, encoding="utf-8")
    for name, key in FILES.items():
        (tmp_path / name).write_text(f"{key}: 1\n", encoding="utf-8")
    return tmp_path


@pytest.mark.skipif(os.name == "nt", reason="Windows takes no quotes in names")
@pytest.mark.parametrize(
    "texts",
    [
        ["a.yaml"], ["a.yaml,b.yaml"], ['"x,y.yaml"'], ['"x,y.yaml",a.yaml'], ["x,y.yaml"], ["a.yaml,"], [""], [",a.yaml"], ['z"z.yaml'],
        ['"z""z.yaml"'], ['"a.yaml'], ['"a.yaml', 'b.yaml"'], ['"a.yaml"x'], ["a.yaml, a.yaml"], ["a.yaml\nb.yaml"], ["a.yaml,\nb.yaml"],
        ["'a.yaml'"], ["\n\r\na.yaml"], ["a.yaml\r"], ["a.yaml\r\nb.yaml"], ["\n"], ["\r"], ['""'], ['"a.yaml",""'], ["a.yaml", "b.yaml,a.yaml"],
    ],
    ids=repr,
)  # fmt: skip
def test_the_files_are_those_that_helm_reads(helm: str, folder: Path, texts: list[str]) -> None:
    """The schema allows nothing, so that each of the two names the keys of what it has read."""
    arguments = [argument for text in texts for argument in ("-f", text)]

    run = subprocess.run(
        [helm, "template", "c", *arguments], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )
    done = chartgen("validate", "--format", "concise", "--chart", "c", *arguments, cwd=folder)

    assert (run.returncode == 0) == (done.returncode == 0), run.stderr
    assert done.returncode <= 2
    read = [key for key in FILES.values() if f"'{key}'" in run.stderr]
    assert read == [key for key in FILES.values() if f"CG206 {key}" in done.stdout]


@pytest.mark.parametrize(
    "arguments",
    [
        ["-f=a.yaml"], ["-f==a.yaml"], ["-f="], ["-fa.yaml"], ["-f", "=a.yaml"], ["--values=a.yaml"], ["--values==a.yaml"],
        ["-f=a.yaml,b.yaml"], ["-f=a.yaml", "-f=b.yaml"], ["--set-string", "-f=b.yaml"], ["--set-string=-f=b.yaml"], ["-f", "-f=b.yaml"],
    ],
    ids=" ".join,
)  # fmt: skip
def test_an_equals_sign_behind_f_is_none_of_the_name(helm: str, folder: Path, arguments: list[str]) -> None:
    run = subprocess.run(
        [helm, "template", "c", *arguments], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )
    done = chartgen("validate", "--format", "concise", "--chart", "c", *arguments, cwd=folder)

    assert (run.returncode == 0) == (done.returncode == 0), run.stderr
    read = [key for key in (*FILES.values(), "-f") if f"'{key}'" in run.stderr]
    assert read == [key for key in (*FILES.values(), "-f") if f"CG206 {key}" in done.stdout]


def test_behind_two_dashes_are_files(folder: Path) -> None:
    done = chartgen("validate", "--format", "concise", "--chart", "c", "--", "-f=a.yaml", cwd=folder)

    assert done.stdout == "-f=a.yaml:1:1: error CG101 cannot read -f=a.yaml: no such file or directory\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows takes no such names")
@pytest.mark.parametrize("option", ["-f", "--set-file"])
@pytest.mark.parametrize("name", ODD_NAMES)
def test_helm_takes_names_for_urls(helm: str, folder: Path, name: str, option: str) -> None:
    (folder / name).write_text("seen: 1\n", encoding="utf-8")
    arguments = [option, name if option == "-f" else f"seen={name}"]

    run = subprocess.run([helm, "template", "c", *arguments], cwd=folder, capture_output=True, check=False)
    done = chartgen("validate", "--chart", "c", *arguments, cwd=folder)

    assert (run.returncode == 0) == (done.returncode == 0), run.stderr
    assert done.returncode <= 2


@pytest.mark.skipif(shutil.which("bash") is None or os.name == "nt", reason="no bash")
@pytest.mark.parametrize("option", ["-f", "--chart c", "--set-file seen="])
def test_the_output_of_a_command_can_be_judged(folder: Path, option: str) -> None:
    place = "--chart c" if option != "--chart c" else ""
    command = (
        f"{PROGRAM} validate --format concise {place} {option}{' ' * (option[-1] != '=')}<(sleep 0.2; echo 'a: 1')"
    )

    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, encoding="utf-8", check=False)

    assert (done.returncode, done.stderr) == (0 if "seen" in option else 1, "")


@pytest.mark.skipif(os.name == "nt", reason="Windows has other pipes")
def test_a_pipe_is_no_chart_and_not_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "pipe.tgz")

    for arguments in (["--chart", "pipe.tgz"], ["pipe.tgz"]):
        done = chartgen("validate", *arguments, cwd=folder)

        assert (done.returncode, done.stdout) == (2, "")
        assert "pipe.tgz is no chart" in done.stderr


def test_a_folder_among_the_files_is_one_clear_error(folder: Path) -> None:
    done = chartgen("validate", "--format", "concise", "--chart", "c", "-f", "c", cwd=folder)

    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout == "c:1:1: error CG101 cannot read c: is a directory\n"
