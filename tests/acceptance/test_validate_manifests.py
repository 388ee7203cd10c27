"""`chartgen validate` of Kubernetes' objects and `.env` files: the settings that reach the page without a chart."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.command import chartgen

EXAMPLE = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: ideaforge-ai-config
  namespace: 20890-ideaforge-ai-dev-58a50
data:
  JOB_POLL_INTERVAL_MS: "5000"      # 5 seconds
  JOB_MAX_POLL_ATTEMPTS: "120"      # 120 attempts
  JOB_TIMEOUT_MS: "600000"          # 10 minutes
"""
"""The ConfigMap that the reference document shows, as it stands there."""


@pytest.fixture
def project(tmp_path: Path, repository: Path) -> Path:
    """A project of the reference schema, without a chart."""
    (tmp_path / "schemas").mkdir()
    (tmp_path / "k8s").mkdir()
    shutil.copy(repository / "schemas" / "async-job.schema.json", tmp_path / "schemas")
    shutil.copy(repository / "chartgen.yaml", tmp_path)
    return tmp_path


def changed(old: str, new: str) -> str:
    """The example with one change."""
    assert EXAMPLE.count(old) == 1
    return EXAMPLE.replace(old, new)


def test_the_example_of_the_reference_document_validates(project: Path) -> None:
    (project / "k8s" / "configmap.yaml").write_text(EXAMPLE, encoding="utf-8")

    done = chartgen("validate", "k8s/configmap.yaml", cwd=project)

    assert (done.stdout, done.stderr, done.returncode) == ("no findings in 1 file\n", "", 0)


@pytest.mark.parametrize(
    ("text", "code", "mend"),
    [
        (changed('"600000"', '"1e+06"'), "CG409", 'write "1000000"'),
        (changed('"5000"', '" 5000"'), "CG409", 'write "5000"'),
        (changed('"5000"', "5000"), "CG408", 'write "5000"'),
        (changed("JOB_MAX_POLL_ATTEMPTS", "JOB_MAX_POL_ATTEMPTS"), "CG407", "write JOB_MAX_POLL_ATTEMPTS"),
        (changed('"120"', '"121"'), "CG203", "raise timeoutMs to 605000"),
        (changed('"5000"', '"500"'), "CG202", 'write "2500"'),
    ],
)
def test_the_example_with_a_fault_does_not_and_fix_mends_it(project: Path, text: str, code: str, mend: str) -> None:
    (project / "k8s" / "configmap.yaml").write_text(text, encoding="utf-8")

    done = chartgen("validate", "k8s/configmap.yaml", cwd=project)
    fixed = chartgen("validate", "--fix", "k8s/configmap.yaml", cwd=project)

    assert f"error[{code}]: " in done.stdout
    assert f"= help: {mend}" in done.stdout
    assert done.stdout.endswith("1 error\n")
    assert (done.returncode, fixed.returncode) == (1, 0)
    assert fixed.stdout == "no findings in 1 file\n"


def test_a_stream_on_the_standard_input_is_judged_as_what_it_holds(project: Path) -> None:
    stream = (
        f"---\n# Source: chart/templates/configmap.yaml\n{changed('5000', '500')}---\nkind: Other\napiVersion: v1\n"
    )

    of_objects = chartgen("validate", "-", cwd=project, stdin=stream)
    of_values = chartgen("validate", "-", cwd=project, stdin="settings: {pollIntervalMs: 500}\n")

    assert "error[CG202]: JOB_POLL_INTERVAL_MS is 500" in of_objects.stdout
    assert "error[CG202]: settings.pollIntervalMs is 500" in of_values.stdout


def test_other_objects_are_left_alone(project: Path) -> None:
    (project / "k8s" / "other.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\ndata: {A: '1', JOB: x}\n---\n"
        "apiVersion: v1\nkind: Service\nmetadata: {name: frontend}\nspec: {ports: [{port: 80}]}\n",
        encoding="utf-8",
    )

    done = chartgen("validate", "k8s/other.yaml", cwd=project)

    assert (done.stdout, done.returncode) == ("no findings in 1 file\n", 0)
