"""`-f` and the `--set` family are one stack: chartgen accepts what the chart in Helm accepts, and says from where."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.command import chartgen

FILES = {
    "base.yaml": "settings:\n  pollIntervalMs: 3000\n  maxPollAttempts: 200\n",
    "slow.yaml": "settings: {pollIntervalMs: 10000}\n",
    "none.yaml": "settings: {timeoutMs: null}\n",
    "two.yaml": "settings: {timeoutMs: 700000}\n---\nsettings: {timeoutMs: 1}\n",
    "text.txt": "5000",
}
STACKS = [
    "-f base.yaml",
    "-f base.yaml -f slow.yaml",
    "-f slow.yaml -f base.yaml",
    "-f slow.yaml --set settings.maxPollAttempts=60",
    "--set settings.pollIntervalMs=10000,settings.timeoutMs=1200000",
    "--set settings.pollIntervalMs=10000",
    "--set settings.pollIntervalMs=1e4",
    "--set-string settings.pollIntervalMs=5000",
    "--set-json settings.pollIntervalMs=5e3",
    '--set-json {"settings":{"pollIntervalMs":10000}}',
    "--set settings.timeoutMs=1200000 --set-json settings.timeoutMs=1",
    "--set-literal settings.timeoutMs=600000",
    "--set-file settings.timeoutMs=text.txt",
    "--set settings.timeoutMs=null",
    "-f none.yaml",
    "--set settings=5",
    "--set settings.other=1",
    "--set settings.pollIntervalMs",
    "--set-json settings.timeoutMs={",
    "--set replicaCount=3",
    "--set replicaCount=three",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_stack_is_judged_as_helm_judges_it(helm: str, folder: Path, repository: Path) -> None:
    chart = str(repository / "charts/ideaforge-frontend")
    version = "3" if Path(helm).name == "helm3" else "4"
    stacks = [*STACKS, "-f two.yaml"]

    for stack in stacks:
        helms = subprocess.run(
            [helm, "template", "r", chart, *stack.split()], cwd=folder, capture_output=True, check=False
        )
        ours = chartgen("validate", "--chart", chart, "--helm-version", version, *stack.split(), cwd=folder)

        assert ((helms.returncode == 0), stack) == ((ours.returncode == 0), stack), ours.stdout


def test_a_flags_value_is_told_as_its_own_layer(folder: Path, repository: Path) -> None:
    chart = str(repository / "charts/ideaforge-frontend")
    stack = ["-f", "base.yaml", "--set", "settings.pollIntervalMs=10000"]
    run = chartgen("validate", "--chart", chart, *stack, cwd=folder)

    assert run.returncode == 1
    assert " --> --set settings.pollIntervalMs=10000:1:25\n" in run.stdout
    assert "600000 < 200 * 10000 = 2000000 (this layer overrides base.yaml:2)" in run.stdout
    assert " ::: base.yaml:3:20 maxPollAttempts: 200\n" in run.stdout
