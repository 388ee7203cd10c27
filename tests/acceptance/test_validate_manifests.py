"""`chartgen validate` of Kubernetes' objects and `.env` files: the settings that reach the page without a chart."""

from __future__ import annotations

import shutil
import subprocess
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
        (changed('"5000"', '" 5000"'), "CG414", 'write "5000"'),
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


DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: frontend
spec:
  template:
    spec:
      containers:
        - name: frontend
          image: registry.example.com/frontend:1.0.0
          envFrom:
            - configMapRef:
                name: ideaforge-ai-config
"""


def test_a_folder_is_judged_as_one_set(project: Path) -> None:
    (project / "k8s" / "eks").mkdir()
    (project / "k8s" / "eks" / "configmap.yaml").write_text(EXAMPLE, encoding="utf-8")
    (project / "k8s" / "eks" / "frontend.yaml").write_text(DEPLOYMENT, encoding="utf-8")
    (project / "k8s" / "README.yaml").write_text("not: an object\n", encoding="utf-8")

    clean = chartgen("validate", "k8s", cwd=project)
    (project / "k8s" / "eks" / "frontend.yaml").write_text(
        DEPLOYMENT.replace("-ai-config", "-config"), encoding="utf-8"
    )
    broken = chartgen("validate", "k8s", cwd=project)

    assert (clean.stdout, clean.returncode) == ("no findings in 2 files\n", 0)
    assert "error[CG401]: the ConfigMap ideaforge-config is not here" in broken.stdout
    assert '= help: did you mean "ideaforge-ai-config"?' in broken.stdout
    assert broken.returncode == 1


def test_a_chart_alone_knows_the_names_of_its_objects(project: Path) -> None:
    assert chartgen("render", cwd=project).returncode == 0
    (project / "k8s" / "frontend.yaml").write_text(DEPLOYMENT.partition("          envFrom")[0], encoding="utf-8")

    done = chartgen("validate", "--chart", "charts/ideaforge-frontend", "k8s", cwd=project)

    assert "error[CG404]: JOB_POLL_INTERVAL_MS, JOB_MAX_POLL_ATTEMPTS, JOB_TIMEOUT_MS are not wired" in done.stdout
    assert "name: ideaforge-ai-config" in done.stdout


def test_a_batch_of_a_hook_finds_the_map_beside_the_file_and_tells_nothing_of_it(project: Path) -> None:
    (project / "k8s" / "configmap.yaml").write_text(changed('"5000"', '"5"'), encoding="utf-8")
    (project / "k8s" / "frontend.yaml").write_text(DEPLOYMENT, encoding="utf-8")

    done = chartgen("validate", "k8s/frontend.yaml", cwd=project)

    assert (done.stdout, done.returncode) == ("no findings in 1 file\n", 0)


RELEASE = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: ideaforge}
spec:
  chart: {spec: {chart: ideaforge-frontend}}
  valuesFrom: [{kind: ConfigMap, name: ideaforge-values}]
"""
VALUES = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: ideaforge-values}
data:
  values.yaml: |
    settings:
      timeoutMs: 600
"""


KEYED = (
    DEPLOYMENT.partition("          envFrom")[0]
    + """\
          env:
            - name: JOB_POLL_INTERVAL_MS
              valueFrom: {configMapKeyRef: {name: ideaforge-ai-config, key: JOB_POLL_INTERVAL_MS}}
            - name: JOB_MAX_POLL_ATTEMPTS
              valueFrom: {configMapKeyRef: {name: ideaforge-ai-config, key: JOB_MAX_POLL_ATTEMPTS}}
            - name: JOB_TIMEOUT_MS
              valueFrom: {configMapKeyRef: {name: ideaforge-ai-config, key: JOB_TIMEOUT_MS}}
"""
)


def beside(project: Path, *named: str, **files: str) -> tuple[int, str]:
    """What is told of named files, with some that lie in k8s; each line a finding."""
    for name, text in files.items():
        (project / "k8s" / f"{name}.yaml").write_text(text, encoding="utf-8")
    done = chartgen("validate", "--format", "concise", *(f"k8s/{name}.yaml" for name in named), cwd=project)
    return done.returncode, done.stdout


def test_who_uses_a_config_map_that_changed_is_told_beside_it(project: Path) -> None:
    left_out = changed('  JOB_TIMEOUT_MS: "600000"          # 10 minutes\n', "")
    code, said = beside(project, "map", map=left_out, frontend=KEYED)
    both = beside(project, "map", "frontend")

    assert code == 1
    assert "k8s/frontend.yaml:" in said
    assert "error CG402" in said
    assert both == (1, said)


def test_a_map_that_lost_its_name_is_told_where_it_is_used(project: Path) -> None:
    renamed = changed("name: ideaforge-ai-config", "name: ideaforge-config")
    code, said = beside(project, "map", map=renamed, frontend=DEPLOYMENT, other=VALUES)

    assert (code, {line.split()[2] for line in said.splitlines()}) == (1, {"CG401"})
    assert said.startswith("k8s/frontend.yaml:")


def test_values_of_a_config_map_are_judged_in_the_release_beside_it(project: Path) -> None:
    code, said = beside(project, "values", values=VALUES, release=RELEASE)
    clean = beside(project, "values", values=VALUES.replace("600", "600000"))

    assert code == 1
    assert "k8s/values.yaml:7:18: error CG202" in said
    assert clean == (0, "")


def test_who_uses_no_map_of_the_file_is_left_alone(project: Path) -> None:
    twice = DEPLOYMENT.replace("ideaforge-ai-config", "another")
    another = changed("name: ideaforge-ai-config", "name: another")
    broken = another.replace("JOB_TIMEOUT_MS", "JOB_OTHER")
    code, said = beside(project, "map", map=EXAMPLE, frontend=twice, another=broken, broken="kind: [\napiVersion: 1")

    assert (code, said) == (0, "")


def test_fix_changes_named_files_alone(project: Path) -> None:
    typo = KEYED.replace("key: JOB_TIMEOUT_MS", "key: JOB_TIMEOUT_M")
    beside(project, "map", map=EXAMPLE, frontend=typo)
    done = chartgen("validate", "--fix", "k8s/map.yaml", cwd=project)

    assert (done.returncode, "--> k8s/frontend.yaml:" in done.stdout) == (1, True)
    assert (project / "k8s/frontend.yaml").read_text(encoding="utf-8") == typo


def test_a_dotenv_file_is_judged_and_mended(project: Path) -> None:
    (project / ".env.production").write_text("export JOB_TIMEOUT_MS='1e6' # ten minutes\nA=b\n", encoding="utf-8")

    done = chartgen("validate", ".env.production", cwd=project)
    fixed = chartgen("validate", "--fix", ".env.production", cwd=project)

    assert 'error[CG409]: JOB_TIMEOUT_MS is "1e6"' in done.stdout
    assert (done.returncode, fixed.returncode) == (1, 0)
    expected = "export JOB_TIMEOUT_MS='1000000' # ten minutes\nA=b\n"
    assert (project / ".env.production").read_text(encoding="utf-8") == expected


def test_the_files_of_a_folder_are_mended(project: Path) -> None:
    (project / "k8s" / "configmap.yaml").write_text(changed('"5000"', "5000"), encoding="utf-8")
    web = DEPLOYMENT + "          env:\n            - name: JOB_TIMEOUT_MS\n              value: 500000 # too short\n"
    (project / "k8s" / "frontend.yaml").write_text(web, encoding="utf-8")

    done = chartgen("validate", "--fix", "k8s", cwd=project)

    assert (done.stdout, done.returncode) == ("no findings in 2 files\n", 0)
    assert (project / "k8s" / "configmap.yaml").read_text(encoding="utf-8") == EXAMPLE
    ref = "{configMapKeyRef: {name: ideaforge-ai-config, key: JOB_TIMEOUT_MS, optional: true}}"
    assert f"valueFrom: {ref} # too short\n" in (project / "k8s" / "frontend.yaml").read_text(encoding="utf-8")


def test_a_release_of_argo_cd_is_judged_over_the_chart(project: Path) -> None:
    (project / "app.yaml").write_text(
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\nspec:\n  source:\n"
        "    path: charts/ideaforge-frontend\n    helm:\n      parameters:\n"
        "        - {name: settings.pollIntervalMs, value: '10000'}\n",
        encoding="utf-8",
    )

    done = chartgen("validate", "app.yaml", cwd=project)

    assert "error[CG203]: timeoutMs is smaller than maxPollAttempts * pollIntervalMs" in done.stdout
    assert "--> app.yaml:9:50" in done.stdout
    assert "write 5000 as the value of settings.pollIntervalMs" in done.stdout


@pytest.mark.parametrize("options", [[], ["--set", "names.configMap="], ["--set-json", "podAnnotations={}"]])
def test_what_the_generated_chart_renders_is_clean(project: Path, helm4: str, options: list[str]) -> None:
    assert chartgen("render", cwd=project).returncode == 0
    command = [helm4, "template", "web", "charts/ideaforge-frontend", *options]
    rendered = subprocess.run(command, cwd=project, capture_output=True, encoding="utf-8", check=True).stdout

    clean = chartgen("validate", "-", cwd=project, stdin=rendered)
    broken = chartgen("validate", "-", cwd=project, stdin=rendered.replace('"600000"', '"6e+05"'))

    assert (clean.stdout, clean.stderr, clean.returncode) == ("no findings in 1 file\n", "", 0)
    assert 'error[CG409]: JOB_TIMEOUT_MS is "6e+05", which is not read as an integer' in broken.stdout


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1\nkind: ConfigMap\ndata: 5\n",
        "apiVersion: v1\nkind: ConfigMap\ndata: [JOB_TIMEOUT_MS]\nbinaryData: 1\n",
        "apiVersion: v1\nkind: ConfigMap\ndata: {JOB_TIMEOUT_MS: {a: [1]}}\nmetadata: 5\n",
        "apiVersion: v1\nkind: Pod\nspec: {containers: [5, {env: [5, {name: 1}, {name: A, valueFrom: 3}]}]}\n",
        "apiVersion: v1\nkind: Pod\nspec: {containers: [{name: [1], envFrom: [{configMapRef: {name: {}}}]}]}\n",
        "apiVersion: v1\nkind: List\nitems: {}\n",
        "apiVersion: argoproj.io/v1\nkind: Application\nspec: {source: {helm: {parameters: 5, valueFiles: {}}}}\n",
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec: {values: 5, valuesFrom: [{kind: 5}, 6]}\n",
        "apiVersion: v1\nkind: " + "A" * 100_000 + "\n",
    ],
)
def test_objects_of_odd_forms_end_in_words(project: Path, text: str) -> None:
    done = chartgen("validate", "-", cwd=project, stdin=text)

    assert done.returncode in {0, 1}
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("file", "place"), [("argo-cd/application.yaml", ":23:18"), ("flux/release.yaml", ":33:24")])
def test_the_releases_of_the_examples_break_the_rule_where_their_pages_say(
    repository: Path, file: str, place: str
) -> None:
    done = chartgen("validate", f"examples/{file}", cwd=repository)

    assert "error[CG203]: timeoutMs is smaller than maxPollAttempts * pollIntervalMs" in done.stdout
    assert f"--> examples/{file}{place}" in done.stdout
    assert done.stdout.endswith("\n1 error\n")
