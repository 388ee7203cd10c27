"""What `.pre-commit-hooks.yaml` says is what pre-commit takes, and its patterns match what they are meant to."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml


def hooks(repository: Path) -> dict[str, dict[str, Any]]:
    """The hooks by their ids."""
    return {each["id"]: each for each in yaml.safe_load((repository / ".pre-commit-hooks.yaml").read_text())}


def test_the_name_alone_decides_whatever_kind_pre_commit_takes_a_file_for(repository: Path) -> None:
    """pre-commit knows `.env.production` as a text, and `.env` as no YAML."""
    assert not {"types", "types_or", "exclude_types"} & hooks(repository)["chartgen-validate"].keys()


def test_pre_commit_takes_the_hooks(repository: Path) -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (0, "")
    assert list(hooks(repository)) == ["chartgen-validate", "chartgen-render-check"]


@pytest.mark.parametrize(
    "file",
    [
        "chartgen.yaml",
        "web/chartgen.yaml",
        "values.yaml",
        "charts/shop/values.yaml",
        "charts/shop/values.schema.json",
        "charts/shop/Chart.yaml",
        "charts/shop/ci/small-values.yaml",
        "values-prod.yml",
        "values.prod.yaml",
        "envs/prod/values.yaml",
        "prod_values.yaml",
        "settings.schema.json",
        "web/shop-settings.schema.yaml",
        "settings-v2.schema.yml",
        "envs/base.yaml",
        "envs/eu/prod.yml",
        "web/envs/dev.yaml",
        "k8s/configmap.yaml",
        "k8s/eks/frontend.yaml",
        "deploy/k8s/dev/app.yml",
        ".env",
        "web/.env",
        ".env.production",
        ".env.prod.local",
        "prod.env",
    ],
)
def test_values_files_and_what_judges_them_are_judged_by_default(repository: Path, file: str) -> None:
    assert re.search(hooks(repository)["chartgen-validate"]["files"], file)


@pytest.mark.parametrize(
    "file",
    [
        "values.json",  # as often data of another kind
        "values.yaml.md",
        "src/values.py",
        "mychartgen.yaml",
        "values/list.txt",
        "values/deployment.yaml",
        ".vscode/settings.json",
        "charts/shop/templates/deployment.yaml",
        "charts/shop/Chart.lock",
        "charts/shop/templates/envs/dev.yaml",
        "k8s/shop/templates/deployment.yaml",
        "templates/k8s/deployment.yaml",
        "schemas/report.schema.json",  # as often of something else: it would be judged as values
        "settings.json",
        "envs/README.md",
        "envs.yaml",
        "myenvs/dev.yaml",
        "env",
        ".envrc",
        ".env/bin/activate",
        ".env.yaml",
        ".env.d/prod.json",
        "src/environment.py",
    ],
)
def test_other_files_are_not_judged_by_default(repository: Path, file: str) -> None:
    assert not re.search(hooks(repository)["chartgen-validate"]["files"], file)
