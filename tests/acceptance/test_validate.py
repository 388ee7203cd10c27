"""`chartgen validate`: what judges, what is said, and the exit."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.command import chartgen
from tests.projects import FOREIGN

GOOD = "settings:\n  pollIntervalMs: 3000\n"
CHART = "apiVersion: v2\nname: c\nversion: 0.1.0\n"
BROKEN = "settings:\n  pollIntervalMs: 10000\n"


@pytest.fixture
def project(tmp_path: Path, repository: Path) -> Path:
    """A project of the reference schema, with its chart rendered."""
    (tmp_path / "schemas").mkdir()
    shutil.copy(repository / "schemas" / "async-job.schema.json", tmp_path / "schemas")
    shutil.copy(repository / "chartgen.yaml", tmp_path)
    assert chartgen("render", cwd=tmp_path).returncode == 0
    return tmp_path


def values(folder: Path, name: str, text: str) -> str:
    """A values file; returns its name."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return name


def test_a_broken_rule_is_refused_with_both_products_and_the_mend(project: Path) -> None:
    done = chartgen("validate", values(project, "envs/prod.yaml", BROKEN), cwd=project)

    assert (done.returncode, done.stderr) == (1, "")
    assert "error[CG203]: timeoutMs is smaller than maxPollAttempts * pollIntervalMs" in done.stdout
    assert "--> envs/prod.yaml:2:19" in done.stdout
    assert "600000 < 120 * 10000 = 1200000" in done.stdout
    assert "raise timeoutMs to 1200000" in done.stdout
    assert "= rule: schemas/async-job.schema.json:47:15" in done.stdout


def test_each_file_is_judged_on_its_own_over_the_charts_values(project: Path) -> None:
    names = [
        values(project, "a.yaml", GOOD),
        values(project, "b.yaml", BROKEN),
        values(project, "c.yaml", "settings: {timeoutMs: 1200000}"),
    ]
    done = chartgen("validate", *names, cwd=project)

    assert done.returncode == 1
    assert "b.yaml:2:19" in done.stdout
    assert "1 error, 1 warning" in done.stdout or done.stdout.endswith("1 error\n")
    assert "a.yaml" not in done.stdout


def test_good_values_say_so(project: Path) -> None:
    done = chartgen("validate", values(project, "a.yaml", GOOD), values(project, "b.yaml", GOOD), cwd=project)

    assert (done.returncode, done.stdout, done.stderr) == (0, "no findings in 2 files\n", "")


def test_without_a_file_the_charts_own_values_are_judged(project: Path) -> None:
    assert chartgen("validate", cwd=project).stdout == "no findings in 1 file, 1 environment\n"
    own = project / "charts" / "ideaforge-frontend" / "values.yaml"
    own.write_text(own.read_text().replace("pollIntervalMs: 5000", "pollIntervalMs: 50"), encoding="utf-8")
    done = chartgen("validate", cwd=project)

    assert done.returncode == 1
    assert "error[CG202]" in done.stdout
    assert "values.yaml:" in done.stdout


def test_warnings_pass_unless_strict(project: Path) -> None:
    name = values(project, "a.yaml", "settings: {timeoutMs: 86400000}\n")

    assert chartgen("validate", name, cwd=project).returncode == 0
    assert "warning[CG203]" in chartgen("validate", name, cwd=project).stdout
    assert chartgen("validate", "--strict", name, cwd=project).returncode == 1


def test_the_project_is_the_nearest_above_the_file_else_above_the_working_folder(project: Path, tmp_path: Path) -> None:
    values(project, "deep/er/a.yaml", BROKEN)
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere"
    values(elsewhere, "b.yaml", BROKEN)
    from_afar = chartgen("validate", str(project / "deep/er/a.yaml"), cwd=elsewhere)
    from_here = chartgen("validate", str(elsewhere / "b.yaml"), cwd=project)

    assert (from_afar.returncode, from_here.returncode) == (1, 1)
    assert "CG203" in from_afar.stdout
    assert "CG203" in from_here.stdout


def test_the_standard_input_is_judged(project: Path) -> None:
    done = chartgen("validate", "-", cwd=project, stdin=BROKEN)

    assert done.returncode == 1
    assert "--> <stdin>:2:19" in done.stdout


def test_a_settings_schema_alone_judges_over_its_defaults(project: Path, tmp_path: Path) -> None:
    schema = str(project / "schemas" / "async-job.schema.json")
    done = chartgen("validate", "--settings", schema, values(tmp_path, "b.yaml", BROKEN), cwd=tmp_path)

    assert done.returncode == 1
    assert "timeoutMs: 600000 (the schema's default)" in done.stdout


def test_a_chart_alone_judges_by_the_rules_that_it_carries(project: Path) -> None:
    chart = "charts/ideaforge-frontend"
    (project / "chartgen.yaml").unlink()
    broken = chartgen("validate", "--chart", chart, values(project, "b.yaml", BROKEN), cwd=project)
    good = chartgen("validate", "--chart", chart, values(project, "a.yaml", GOOD), cwd=project)

    assert (broken.returncode, good.returncode) == (1, 0)
    assert "CG203" in broken.stdout
    assert f"= rule: {chart}/values.schema.json:" in broken.stdout


def test_a_chart_of_another_make_is_judged_by_its_json_schema(tmp_path: Path) -> None:
    schema: dict[str, Any] = {"properties": {"replicas": {"type": "integer"}}, "additionalProperties": False}
    values(tmp_path, "chart/Chart.yaml", FOREIGN)
    values(tmp_path, "chart/Chart.yaml", CHART)
    values(tmp_path, "chart/values.schema.json", json.dumps(schema))
    values(tmp_path, "chart/values.yaml", "replicas: 1\n")
    bad = chartgen("validate", "--chart", "chart", values(tmp_path, "b.yaml", "replicas: two\n"), cwd=tmp_path)
    good = chartgen("validate", "--chart", "chart", values(tmp_path, "a.yaml", "replicas: 2\n"), cwd=tmp_path)

    assert (bad.returncode, good.returncode) == (1, 0)
    assert "error[CG201]" in bad.stdout
    assert "--> b.yaml:1:11" in bad.stdout


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ('{"type": "integr"}', "values.schema.json:1:10"),
        ('{"$ref": "https://example.com/x.json"}', "https://example.com/x.json"),
        ('{"properties": {"settings": {"type": "object", "properties": {"a": {"x-env": "A"}}}}}', "CG302"),
        ("{", "CG102"),
    ],
)
def test_a_chart_whose_schema_cannot_be_used_is_exit_2(tmp_path: Path, schema: str, said: str) -> None:
    values(tmp_path, "chart/Chart.yaml", FOREIGN)
    values(tmp_path, "chart/Chart.yaml", CHART)
    values(tmp_path, "chart/values.schema.json", schema)
    done = chartgen("validate", "--chart", "chart", values(tmp_path, "a.yaml", "{}"), cwd=tmp_path)

    assert (done.returncode, done.stderr) == (2, "error: chart/values.schema.json cannot be used to judge values\n")
    assert said in done.stdout


def test_a_folder_that_is_no_chart_is_exit_2(tmp_path: Path) -> None:
    done = chartgen("validate", "--chart", ".", cwd=tmp_path)

    assert done.returncode == 2
    assert done.stderr.startswith("error: . holds no ")


def test_a_finding_that_the_project_accepts_is_not_told(project: Path) -> None:
    values(project, "envs/prod.yaml", BROKEN)
    values(project, "other/prod.yaml", BROKEN)
    with (project / "chartgen.yaml").open("a", encoding="utf-8") as file:
        file.write('ignore: [{code: CG203, path: "envs/*.yaml", reason: known}]\n')

    assert chartgen("validate", "envs/prod.yaml", cwd=project).returncode == 0
    assert chartgen("validate", "other/prod.yaml", cwd=project).returncode == 1
    assert chartgen("validate", "prod.yaml", cwd=project / "envs").returncode == 0


def test_a_values_file_that_is_not_there_is_a_finding_and_the_others_are_judged(project: Path) -> None:
    done = chartgen("validate", "none.yaml", values(project, "b.yaml", BROKEN), cwd=project)

    assert done.returncode == 1
    assert "CG101" in done.stdout
    assert "CG203" in done.stdout


def test_fix_changes_the_file_and_judges_it_again(project: Path) -> None:
    name = values(project, "a.yaml", "settings:\n  pollIntervalMs: 10000  # slow\n  timeoutMs: 5\n")
    done = chartgen("validate", "--fix", name, cwd=project)

    assert (done.returncode, done.stdout, done.stderr) == (0, "no findings in 1 file\n", "mended a.yaml\n")
    assert (project / name).read_text() == "settings:\n  pollIntervalMs: 10000  # slow\n  timeoutMs: 1200000\n"
    assert chartgen("validate", "--fix", name, cwd=project).stderr == ""


@pytest.mark.parametrize("more", [(), ("--fix",)])
def test_diff_shows_what_fix_would_change_and_changes_nothing(project: Path, more: tuple[str, ...]) -> None:
    text = "settings: {timeoutMs: 5}\n"
    name = values(project, "a.yaml", text)
    done = chartgen("validate", "--diff", *more, name, cwd=project)

    assert done.returncode == 1
    assert done.stdout.startswith("--- a/a.yaml\n+++ b/a.yaml\n@@ -1 +1 @@\n-settings: {timeoutMs: 5}\n+settings: ")
    assert "error[CG202]" in done.stderr
    assert (project / name).read_text() == text


def test_diff_leaves_the_standard_output_to_the_report_for_programs(project: Path) -> None:
    name = values(project, "a.yaml", "settings: {timeoutMs: 5}\n")
    done = chartgen("validate", "--diff", "--format", "json", name, cwd=project)

    assert json.loads(done.stdout)["summary"]["errors"] == 1
    assert done.stderr.startswith("--- a/a.yaml\n")


def test_fix_does_not_touch_what_is_ignored(project: Path) -> None:
    text = "settings: {timeoutMs: 5} # chartgen: ignore[CG202] for a test\n"
    name = values(project, "a.yaml", text)
    done = chartgen("validate", "--fix", name, cwd=project)

    assert (done.returncode, done.stderr) == (0, "")
    assert (project / name).read_text() == text
