"""What several acceptance tests use."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def conform(kubeconform: str, kubernetes_schemas_location: str, tmp_path: Path) -> Callable[..., None]:
    """Assert that manifests fit Kubernetes' strict schemas, the oldest that charts are made for and a new one.

    HTTPRoute is skipped: Gateway API is no part of Kubernetes, so its schemas are not among these.
    """

    def check(*manifests: str, versions: tuple[str, ...] = ("1.30.0", "1.36.0")) -> None:
        folder = tmp_path / "manifests"
        folder.mkdir()
        for number, text in enumerate(manifests):
            (folder / f"{number}.yaml").write_text(text, encoding="utf-8")
        for version in versions:
            where = ["-schema-location", kubernetes_schemas_location, "-kubernetes-version", version]
            command = [kubeconform, "-strict", "-summary", "-skip", "HTTPRoute", *where, str(folder)]
            run = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
            assert run.returncode == 0, run.stdout + run.stderr
            assert not re.search(r"Valid: 0\b", run.stdout), run.stdout

    return check
