"""The sessions that the documentation shows are real: each is run, and says what the page says (or `--update-golden`).

In a ```console block, `$ ` begins a command, what follows is its output, and `…` stands for any lines. A comment
`<!-- in FILE -->` before another block writes the block to that file; `<!-- in FILE for TEXT -->` puts it in TEXT's place.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BLOCK = re.compile(
    r"(?:<!-- in (?P<file>\S+)(?: for (?P<old>.+?))? -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)```", re.DOTALL
)

COMMAND = re.compile(r"^\$ (?P<command>.*)\n(?P<shown>(?:(?!\$ ).*\n)*?)(?P<gap>\n*)(?=\$ |\Z)", re.MULTILINE)

LOGGED = re.compile(r"^[IWE]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ \S+\.go:\d+\] .*\n", re.MULTILINE)
"""What Kubernetes' client, which is in Helm and kubectl, logs now and then beside what they say: of a watch that it gave up, say."""


def says(shown: str, output: str) -> bool:
    """Whether an output is the shown one; a line `…` stands for any lines."""
    pattern = re.escape(shown).replace("…", r"(.*)")
    return re.fullmatch(pattern, output.strip("\n"), re.DOTALL) is not None


def run(command: str, folder: Path, programs: Path) -> str:
    """What a command prints; `chartgen` and `helm` are this project's own."""
    path = os.pathsep.join([str(programs), str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(  # noqa: S602 - a session is typed into a shell
        command, shell=True, cwd=folder, env={**os.environ, "PATH": path}, text=True, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    return LOGGED.sub("", done.stdout)


def put(folder: Path, block: re.Match[str]) -> None:
    """Write a block to the file that its comment names, or in the place of a text in it."""
    file = folder / block["file"]
    if block["old"] is None:
        file.write_text(block["body"])
        return
    text = file.read_text()
    assert text.count(block["old"]) == 1
    file.write_text(text.replace(block["old"], block["body"].rstrip("\n")))


def replayed(page: str, folder: Path, programs: Path) -> str:
    """The page with what its sessions print now, where that is not what it shows."""

    def replay_command(match: re.Match[str]) -> str:
        output = run(match["command"], folder, programs)
        return (
            match[0]
            if says(match["shown"].strip("\n"), output)
            else f"$ {match['command']}\n{output.rstrip()}\n{match['gap']}"
        )

    def replay_block(block: re.Match[str]) -> str:
        if block["file"]:
            put(folder, block)
        if block["kind"] != "console":
            return block[0]
        return block[0].replace(block["body"], COMMAND.sub(replay_command, block["body"]))

    return BLOCK.sub(replay_block, page)


@pytest.fixture
def programs(helm4: str, repository: Path, tmp_path: Path) -> Path:
    """A folder for the PATH, in which the pinned Helm 4 is called `helm`. What only a cluster could say is an example."""
    folder = tmp_path / "programs"
    folder.mkdir()
    examples = repository / "examples"
    write_program(folder / "helm", f'[ "$1" != get ] || exec cat {examples}/values/good.yaml; exec {helm4} "$@"')
    write_program(folder / "argocd", f"exec cat {examples}/argo-cd/application.yaml")
    config_map = f"template a {repository}/charts/ideaforge-frontend --show-only templates/configmap.yaml"
    write_program(folder / "kubectl", f"exec {helm4} {config_map}")
    return folder


def write_program(file: Path, script: str) -> None:
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)


@pytest.fixture
def tree(repository: Path, tmp_path: Path) -> Path:
    """A copy of what sessions use of the tree; what they write stays there."""
    folder = tmp_path / "tree"
    folder.mkdir()
    for name in ("chartgen.yaml", "charts", "examples", "schemas"):
        source = repository / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("node_modules", "dist"))
        else:
            shutil.copy2(source, folder / name)
    return folder


@pytest.mark.parametrize(
    ("name", "in_the_tree"),
    [
        ("README.md", True),
        ("docs/tutorial/first-chart.md", False),
        ("docs/how-to/argo-cd.md", True),
        ("docs/how-to/check-in-ci.md", True),
        ("docs/how-to/check-manifests.md", False),
        ("docs/how-to/flux.md", True),
        ("docs/how-to/inject-settings.md", True),
        ("docs/how-to/plan-for-400-users.md", True),
    ],
)
def test_the_session_is_real(
    request: pytest.FixtureRequest,
    repository: Path,
    tree: Path,
    programs: Path,
    tmp_path: Path,
    name: str,
    in_the_tree: bool,
) -> None:
    page = repository / name
    folder = tree if in_the_tree else tmp_path / "shop"
    folder.mkdir(exist_ok=True)
    expected = page.read_text(encoding="utf-8")
    actual = replayed(expected, folder, programs)
    if request.config.getoption("--update-golden"):
        page.write_text(actual, encoding="utf-8")
        return

    assert expected == actual
