"""`chartgen validate` in a project with environments, among charts of others, and with several faults at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command import chartgen
from tests.projects import foreign_chart, project, write

ENVIRONMENTS = """\
environments:
  dev:
    values: [envs/base.yaml, envs/dev.yaml]
    set: [settings.attempts=2]
  prod:
    values:
      - envs/base.yaml
      - envs/prod.yaml
    setString:
      - image.tag=1.2
"""
GOOD = {
    "envs/base.yaml": "settings: {intervalMs: 10000}\n",
    "envs/dev.yaml": "settings: {timeoutMs: 20000}\n",
    "envs/prod.yaml": "settings: {timeoutMs: 100000}\n",
}


def told(folder: Path, *arguments: str) -> tuple[int, list[str]]:
    """The exit code, and the findings as lines."""
    done = chartgen("validate", "--format", "concise", *arguments, cwd=folder)
    return done.returncode, done.stdout.splitlines()


def summary(folder: Path, *arguments: str) -> str:
    """What is said of a run without findings."""
    done = chartgen("validate", *arguments, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def report(folder: Path, *arguments: str) -> dict[str, Any]:
    """The report for programs."""
    loaded: dict[str, Any] = json.loads(chartgen("validate", "--format", "json", *arguments, cwd=folder).stdout)
    return loaded


def test_without_a_file_the_defaults_and_every_environment_are_judged(tmp_path: Path) -> None:
    project(tmp_path, ENVIRONMENTS, GOOD)

    assert summary(tmp_path) == "no findings in 4 files, 2 environments\n"
    write(tmp_path, {"envs/prod.yaml": "settings: {timeoutMs: 99999}\n"})
    code, lines = told(tmp_path)
    assert (code, len(lines)) == (1, 1)
    assert lines[0].startswith("envs/prod.yaml:1:23: error CG203 ")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("envs/dev.yaml", "no findings in 2 files, 1 environment\n"),
        ("envs/base.yaml", "no findings in 3 files, 2 environments\n"),
        ("envs/../envs/base.yaml", "no findings in 3 files, 2 environments\n"),
        ("charts/shop/values.yaml", "no findings in 4 files, 2 environments\n"),
        ("chartgen.yaml", "no findings in 4 files, 2 environments\n"),
        ("settings.yaml", "no findings in 4 files, 2 environments\n"),
        ("charts/shop/Chart.yaml", "no findings in 4 files, 2 environments\n"),
        (".", "no findings in 4 files, 2 environments\n"),
        ("other.yaml", "no findings in 1 file\n"),
    ],
)
def test_a_file_is_judged_in_the_environments_that_use_it_else_alone(tmp_path: Path, file: str, said: str) -> None:
    project(tmp_path, ENVIRONMENTS, {**GOOD, "other.yaml": "settings: {timeoutMs: 70000}\n"})

    assert summary(tmp_path, file) == said
    assert summary(tmp_path, str(tmp_path / file), file) == said


def test_a_link_is_the_file_that_it_leads_to(tmp_path: Path) -> None:
    project(tmp_path, ENVIRONMENTS, GOOD)
    (tmp_path / "link.yaml").symlink_to("envs/dev.yaml")

    assert summary(tmp_path, "link.yaml", "envs/dev.yaml") == "no findings in 2 files, 1 environment\n"


def test_a_file_that_is_wrong_alone_but_right_in_its_environments_is_right(tmp_path: Path) -> None:
    project(tmp_path, ENVIRONMENTS, GOOD)
    alone = chartgen("validate", "--settings", "settings.yaml", "envs/base.yaml", cwd=tmp_path)

    assert alone.returncode == 1
    assert summary(tmp_path, "envs/base.yaml") == "no findings in 3 files, 2 environments\n"


def test_a_finding_of_several_environments_is_told_once_with_their_names(tmp_path: Path) -> None:
    project(tmp_path, ENVIRONMENTS, {**GOOD, "envs/base.yaml": "settings: {intervalMs: 5}\n"})
    done = chartgen("validate", cwd=tmp_path)

    assert done.returncode == 1
    assert done.stdout.count("error[CG202]") == 1
    assert " = note: in environments: dev, prod\n" in done.stdout


def test_findings_that_differ_between_environments_are_told_each(tmp_path: Path) -> None:
    project(
        tmp_path, ENVIRONMENTS, {**GOOD, "envs/dev.yaml": "settings: {timeoutMs: 1000}\n", "envs/prod.yaml": "{}\n"}
    )
    notes = [[note["message"] for note in each["notes"]] for each in report(tmp_path)["findings"]]

    assert [[text for text in each if "environment" in text] for each in notes] == [
        ["in environment: dev"],
        ["in environment: prod"],
    ]


def test_an_environment_is_chosen_by_its_name(tmp_path: Path) -> None:
    project(tmp_path, ENVIRONMENTS, {**GOOD, "envs/prod.yaml": "settings: {timeoutMs: 5}\n"})

    assert summary(tmp_path, "--env", "dev") == "no findings in 2 files, 1 environment\n"
    assert told(tmp_path, "--env", "prod")[0] == 1
    assert told(tmp_path, "--env", "dev", "--env", "prod")[0] == 1
    assert summary(tmp_path, "--env", "dev", "envs/base.yaml") == "no findings in 2 files, 1 environment\n"


def test_an_environment_that_is_not_there_is_exit_2_with_the_one_that_was_meant(tmp_path: Path) -> None:
    project(tmp_path, ENVIRONMENTS, GOOD)
    done = chartgen("validate", "--env", "pord", cwd=tmp_path)

    expected = 'error: chartgen.yaml has no environment "pord"\n  = help: did you mean "prod"?\n'
    assert (done.returncode, done.stdout, done.stderr) == (2, "", expected)


def test_an_environment_needs_a_project(tmp_path: Path) -> None:
    foreign_chart(tmp_path / "redis")
    done = chartgen("validate", "--env", "prod", "--chart", "redis", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert "--env names an environment of a chartgen.yaml, but redis has none" in done.stderr


def test_what_a_deployment_adds_lies_over_the_environments_own_layers(tmp_path: Path) -> None:
    project(tmp_path, ENVIRONMENTS, {**GOOD, "more.yaml": "settings: {attempts: 11}\n"})

    # The environment's own --set wins over a file, as it does in Helm.
    assert summary(tmp_path, "--env", "dev", "-f", "more.yaml") == "no findings in 3 files, 1 environment\n"
    code, lines = told(tmp_path, "--env", "dev", "--set", "settings.attempts=11")
    assert (code, len(lines)) == (1, 1)
    assert "--set settings.attempts=11:1:19" in lines[0]
    code, lines = told(tmp_path, "--env", "prod", "-f", "more.yaml")
    assert (code, lines[0].split(": ")[0]) == (1, "more.yaml:1:22")


def test_a_flag_of_an_environment_is_told_where_the_project_writes_it(tmp_path: Path) -> None:
    flag = ENVIRONMENTS.replace("settings.attempts=2", '"settings.timeoutMs=5,settings.attempts=0"')
    project(tmp_path, flag, GOOD)
    first, second = report(tmp_path, "--env", "dev")["findings"]
    line = (tmp_path / "chartgen.yaml").read_text().splitlines()[first["line"] - 1]

    assert line[first["column"] - 1 : first["endColumn"] - 1] == "5"
    assert line[second["column"] - 1 : second["endColumn"] - 1] == "0"
    assert (first["file"], first["layer"]) == ("chartgen.yaml", "chartgen.yaml environments.dev.set[0]")
    assert first["label"] == "(this layer overrides envs/dev.yaml:1)"


def test_a_missing_file_of_an_environment_is_told_in_the_project_and_the_others_are_judged(tmp_path: Path) -> None:
    project(tmp_path, ENVIRONMENTS, {**GOOD, "envs/dev.yaml": "settings: {timeoutMs: 5}\n"})
    (tmp_path / "envs/prod.yaml").unlink()
    code, lines = told(tmp_path)

    assert code == 2
    assert [line.split(" ")[:3] for line in lines] == [
        ["chartgen.yaml:11:9:", "error", "CG352"],
        ["envs/dev.yaml:1:23:", "error", "CG202"],
    ]


def test_charts_of_others_are_judged_by_themselves(tmp_path: Path) -> None:
    foreign_chart(tmp_path / "charts/redis")
    foreign_chart(tmp_path / "charts/kafka", "replicas: 0\n")
    write(tmp_path, {"charts/redis/ci/test.yaml": "replicas: none\n"})

    assert summary(tmp_path, "charts/redis") == "no findings in 1 chart\n"
    assert summary(tmp_path, "charts/redis/values.yaml", "charts/redis/") == "no findings in 1 chart\n"
    assert summary(tmp_path / "charts/redis") == "no findings in 1 chart\n"
    assert told(tmp_path, "charts/redis", "charts/kafka", "charts/redis/ci/test.yaml") == (
        1,
        [
            "charts/kafka/values.yaml:1:11: error CG202 replicas is 0; expected at least 1",
            'charts/redis/ci/test.yaml:1:11: error CG201 replicas is "none"; expected an integer',
        ],
    )


def test_a_stack_lies_over_the_charts_that_are_named_as_in_helm_template(tmp_path: Path) -> None:
    foreign_chart(tmp_path / "redis", "replicas: 0\n")
    foreign_chart(tmp_path / "kafka")
    write(tmp_path, {"more.yaml": "replicas: 2\n"})

    assert summary(tmp_path, "redis", "-f", "more.yaml") == "no findings in 1 file\n"
    code, lines = told(tmp_path, "redis", "kafka", "--set", "replicas=-1")
    assert (code, lines) == (1, ["--set replicas=-1:1:10: error CG202 replicas is -1; expected at least 1"] * 2)


def test_a_broken_schema_of_a_chart_in_a_chart_is_exit_2_as_the_charts_own_is(tmp_path: Path) -> None:
    foreign_chart(tmp_path / "shop")
    foreign_chart(tmp_path / "shop/charts/redis")
    write(tmp_path, {"shop/charts/redis/values.schema.json": '{"type": "strange"}'})
    code, lines = told(tmp_path, "shop")

    assert (code, [line.split(": ")[0] for line in lines]) == (2, ["shop/charts/redis/values.schema.json:1:10"])


def test_a_chart_of_others_inside_of_a_project_is_no_part_of_it(tmp_path: Path) -> None:
    project(tmp_path)
    foreign_chart(tmp_path / "charts/redis", "replicas: 0\n")

    assert told(tmp_path, "charts/redis/values.yaml")[0] == 1
    assert summary(tmp_path, "charts/shop/values.yaml") == "no findings in 1 file\n"


def test_a_folder_that_is_no_chart_is_one_clear_mistake(tmp_path: Path) -> None:
    project(tmp_path)
    done = chartgen("validate", "charts", "none.yaml", cwd=tmp_path)

    expected = (
        "error: charts is a folder, but no chart: it holds no Chart.yaml, and no Kubernetes objects either\n"
        "  = help: name a chart's folder or archive, values files, or a folder of manifests\n"
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", expected)


def test_the_standard_input_is_read_once(tmp_path: Path) -> None:
    project(tmp_path)

    assert chartgen("validate", "-", cwd=tmp_path, stdin="settings: {intervalMs: 5}").returncode == 1
    for twice in (["-", "-"], ["-", "-f", "-"]):
        done = chartgen("validate", *twice, cwd=tmp_path, stdin="{}")
        assert (done.returncode, done.stdout) == (2, "")
        assert "- is named more than once" in done.stderr


def test_without_anything_that_judges_one_line_says_what_is_missing(tmp_path: Path) -> None:
    write(tmp_path, {"a.yaml": "{}\n"})

    for files in ([], ["a.yaml"]):
        done = chartgen("validate", *files, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("error: there is no chartgen.yaml and no Chart.yaml ")
    assert told(tmp_path, "b.yaml")[1] == ["b.yaml:1:1: error CG101 cannot read b.yaml: no such file or directory"]


@pytest.mark.parametrize("format_", ["text", "concise", "json"])
def test_a_broken_project_and_a_broken_schema_do_not_stop_the_others(tmp_path: Path, format_: str) -> None:
    project(tmp_path / "right", files={"a.yaml": "settings: {intervalMs: 5}\n"})
    project(tmp_path / "no-project", "nonsense: 1\n", {"a.yaml": "{}\n"})
    project(tmp_path / "no-schema", files={"settings.yaml": "type: strange\n", "a.yaml": "{}\n"})
    files = [f"{folder}/a.yaml" for folder in ("no-project", "no-schema", "right")]
    done = chartgen("validate", "--format", format_, *files, cwd=tmp_path)

    assert done.returncode == 2
    assert [each for each in ("CG202", "CG302", "CG351") if each not in done.stdout] == []
    said = done.stderr.splitlines()
    assert ["no-project/chartgen.yaml" in said[0], "no-schema/settings.yaml" in said[1], len(said)] == [True, True, 2]
    if format_ == "json":
        assert json.loads(done.stdout)["summary"]["errors"] >= 3


def test_the_report_for_programs_counts_what_was_judged(tmp_path: Path) -> None:
    project(tmp_path, ENVIRONMENTS, GOOD)
    foreign_chart(tmp_path / "charts/redis")
    expected = {"errors": 0, "warnings": 0, "files": 4, "charts": 1, "environments": 2, "ignored": 0}

    assert report(tmp_path, ".", "charts/redis")["summary"] == expected
