"""kubeconform judges by the relocated schemas, offline."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.tools.kubernetes_schemas import VERSIONS

GOOD = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {KEY: '1'}\n"


def judge(kubeconform: str, location: str, version: str, file: Path) -> int:
    command = [kubeconform, "-strict", "-kubernetes-version", version, "-schema-location", location, str(file)]
    return subprocess.run(command, capture_output=True, check=False).returncode


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("manifest", "expected"), [(GOOD, 0), (GOOD.replace("'1'", "1"), 1), (GOOD + "sort: x\n", 1)])
def test_a_manifest_is_judged_by_kubernetes_schemas(
    kubeconform: str, kubernetes_schemas_location: str, tmp_path: Path, version: str, manifest: str, expected: int
) -> None:
    file = tmp_path / "manifest.yaml"
    file.write_text(manifest)

    assert expected == judge(kubeconform, kubernetes_schemas_location, version, file)
