"""`chartgen init`: what it writes renders and lints at once; it overwrites nothing."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.command import chartgen

CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: ideaforge-ai-config
  namespace: 20890-ideaforge-ai-dev-58a50
data:
  JOB_POLL_INTERVAL_MS: "5000"      # 5 seconds
  JOB_MAX_POLL_ATTEMPTS: "120"      # 120 attempts
  JOB_TIMEOUT_MS: "600000"          # 10 minutes
  APP_TITLE: Idea Forge
  DARK_MODE: "false"
  SAMPLE_SHARE: "0.25"
  DB_PASSWORD: hunter2
  nginx.conf: |
    server {}
"""
FLAGS = ["--name", "shop", "--image", "registry.example.com/shop:1.0.0", "--setting", "pollInterval:ms=5000"]


def files(folder: Path) -> dict[str, str]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def linted(helm: str, chart: Path) -> str:
    """What `helm lint --strict` says of a chart that passes it."""
    done = subprocess.run([helm, "lint", "--strict", str(chart)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_flags_start_renders_lints_and_validates(tmp_path: Path, helm: str) -> None:
    started = chartgen("init", *FLAGS, "--setting", "title=Shop", "--setting", "dark=false", cwd=tmp_path)
    rendered = chartgen("render", cwd=tmp_path)
    validated = chartgen("validate", cwd=tmp_path)

    assert (started.returncode, rendered.returncode, validated.returncode) == (0, 0, 0), started.stderr
    assert started.stdout.splitlines()[:2] == ["wrote chartgen.yaml", "wrote schemas/shop.schema.json"]
    assert "chartgen render" in started.stdout
    assert "0 chart(s) failed" in linted(helm, tmp_path / "charts" / "shop")
    assert chartgen("render", "--check", cwd=tmp_path).returncode == 0


def test_what_a_config_map_starts_renders_to_that_config_map(tmp_path: Path, helm4: str) -> None:
    (tmp_path / "configmap.yaml").write_text(CONFIG_MAP, encoding="utf-8")
    started = chartgen("init", "--image", "shop:1", "--from", "configmap.yaml", cwd=tmp_path)
    chartgen("render", cwd=tmp_path)
    chart = tmp_path / "charts" / "ideaforge-ai"
    linted(helm4, chart)
    shown = subprocess.run([helm4, "template", str(chart)], capture_output=True, text=True, check=True)
    (made,) = (
        item
        for item in yaml.safe_load_all(shown.stdout)
        if item and item["kind"] == "ConfigMap" and item["metadata"]["name"] == "ideaforge-ai-config"
    )
    given = yaml.safe_load(CONFIG_MAP)["data"]

    assert started.returncode == 0
    assert made["data"] == {key: value for key, value in given.items() if key not in {"DB_PASSWORD", "nginx.conf"}}
    secret, several = started.stderr.splitlines()
    assert secret.startswith("left out: DB_PASSWORD (configmap.yaml:13:3): it looks like a secret, and every visitor")
    assert several.startswith("left out: nginx.conf (configmap.yaml:14:3): it is no environment name")


def test_a_config_map_may_come_by_the_standard_input(tmp_path: Path) -> None:
    started = chartgen("init", "--image", "shop:1", "--from", "-", cwd=tmp_path, stdin=CONFIG_MAP)

    assert started.returncode == 0
    assert "schemas/ideaforge-ai.schema.json" in files(tmp_path)


@pytest.mark.parametrize("there", ["chartgen.yaml", "schemas/shop.schema.json"])
def test_nothing_is_overwritten_and_nothing_else_is_written(tmp_path: Path, there: str) -> None:
    (tmp_path / there).parent.mkdir(exist_ok=True)
    (tmp_path / there).write_text("mine\n", encoding="utf-8")
    done = chartgen("init", *FLAGS, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert f"already there: {Path(there)}; nothing is written" in done.stderr
    assert files(tmp_path) == {there: "mine\n"}


def test_schemas_for_editors_that_are_there_stay_and_do_not_hinder(tmp_path: Path) -> None:
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "project.schema.json").write_text("{}", encoding="utf-8")
    done = chartgen("init", *FLAGS, cwd=tmp_path)

    assert done.returncode == 0
    assert files(tmp_path)["schemas/project.schema.json"] == "{}"
    assert "project.schema.json" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--name", "Shop", *FLAGS[2:]], "chart.name"),
        (["--name", "../../x", *FLAGS[2:]], "chart.name"),
        ([*FLAGS, "--setting", "apiToken=x"], "apiToken is a secret"),
        ([*FLAGS, "--setting", "pollInterval=1"], "pollInterval, named twice"),
        ([*FLAGS, "--setting", "a:int=1"], "NAME[:TYPE][:UNIT]=DEFAULT"),
        (FLAGS[:4], "needs a first setting"),
        (FLAGS[2:], "--name is missing, and there is no terminal to ask on"),
        ([*FLAGS[:2], *FLAGS[4:]], "--image is missing, and there is no terminal to ask on"),
        ([*FLAGS, "--from", "none.yaml"], "none.yaml"),
    ],
)
def test_what_cannot_start_a_project_writes_nothing(tmp_path: Path, arguments: list[str], said: str) -> None:
    done = chartgen("init", *arguments, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert said.replace(", named", ": named") in done.stderr or said in done.stderr
    assert files(tmp_path) == {}


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    done = chartgen("init", *FLAGS, "apps/shop", cwd=tmp_path)

    assert done.returncode == 0
    assert "  cd apps/shop\n" in done.stdout
    assert json.loads(files(tmp_path)["apps/shop/schemas/shop.schema.json"])["properties"]["pollInterval"] == {
        "type": "integer",
        "title": "Poll interval",
        "default": 5000,
        "minimum": 1,
        "maximum": 86400000,
        "x-env": "POLL_INTERVAL",
        "x-unit": "ms",
    }


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals")
def test_on_a_terminal_it_asks(tmp_path: Path) -> None:
    folder = tmp_path / "My Shop"
    folder.mkdir()
    said = typed_on_a_terminal(folder, ["", "registry.example.com/shop:1.0.0", "poll:ms:=", "poll:ms=5000", "", ""])

    assert "Name of the chart [my-shop]:" in said
    assert "Image of the frontend" in said
    assert "does not have the form" in said
    assert "chartgen.yaml" in files(folder)
    assert "schemas/my-shop.schema.json" in files(folder)


def typed_on_a_terminal(folder: Path, lines: list[str]) -> str:
    """What `chartgen init` says on a terminal on which these lines are typed."""
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "chartgen", "init"]
    process = subprocess.Popen(command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    os.write(ours, "".join(f"{line}\n" for line in lines).encode())
    said = b""
    with contextlib.suppress(OSError):  # how Linux says that the other side has left
        while read := os.read(ours, 4096):
            said += read
    os.close(ours)
    process.wait(timeout=60)
    return said.decode()
