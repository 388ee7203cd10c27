"""`chartgen validate`: values files, judged by the settings and their rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chartgen.finding import Finding, UsageStop, is_error

if TYPE_CHECKING:
    from chartgen.project import Project
    from chartgen.validate import Judge

_EXAMPLES = """\b
Examples:
  chartgen validate                                    (the chart's own values.yaml)
  chartgen validate envs/prod.yaml envs/dev.yaml       (each over the chart's values.yaml)
  chartgen validate --settings settings.schema.json values.yaml
  chartgen validate --chart charts/shop values-prod.yaml
  helm get values shop | chartgen validate -           (what is installed)
"""


@click.command(epilog=_EXAMPLES, short_help="Judge values files by the settings and their rules.")
@click.option("--chart", metavar="DIR", help="Judge by this chart: its schema, its rules, its values.yaml.")
@click.option("--settings", "settings_file", metavar="FILE", help="Judge by this settings schema and its defaults.")
@click.option("--strict", is_flag=True, help="Exit 1 for warnings, too.")
@click.argument("files", nargs=-1, metavar="[FILE]...")
def command(chart: str | None, settings_file: str | None, strict: bool, files: tuple[str, ...]) -> int:
    """Judge each values FILE, laid over the chart's defaults as Helm does it; - is standard input.

    Without --chart and --settings, the chart and the settings are those of the chartgen.yaml in the file's folder or
    one above, else in the working folder or one above.
    """
    if chart is not None and settings_file is not None:
        message = "--chart and --settings exclude each other: a chart has its settings in it"
        raise click.UsageError(message)
    found = list(dict.fromkeys(_findings(chart, settings_file, files)))
    click.echo(_report(found, max(len(files), 1)), nl=False)
    return int(any(map(is_error, found)) or (strict and bool(found)))


def _report(findings: list[Finding], number: int) -> str:
    if findings:
        from chartgen.report.text import render

        return render(findings)
    return f"no findings in {number} file{'' if number == 1 else 's'}\n"


def _findings(chart: str | None, settings_file: str | None, files: tuple[str, ...]) -> Iterator[Finding]:
    from chartgen.judges import judge_of_chart, judge_of_settings

    if chart is not None or settings_file is not None:
        judge = judge_of_chart(chart) if chart is not None else judge_of_settings(str(settings_file))
        yield from judge.settings.warnings
        yield from judge.findings_of_files(files) if files else judge.findings([])
    else:
        yield from _findings_by_project(files)


def _findings_by_project(files: tuple[str, ...]) -> Iterator[Finding]:
    from chartgen.judges import judge_of_project, unignored
    from chartgen.project import load_project

    judges: dict[str, tuple[Project, Judge]] = {}
    for file in files or (None,):
        path = _project_of(file)
        if path not in judges:
            project = load_project(path)
            judges[path] = project, judge_of_project(project)
            yield from (*project.warnings, *judges[path][1].settings.warnings)
        project, judge = judges[path]
        yield from unignored(judge.findings([]) if file is None else judge.findings_of_file(file), project)


def _project_of(file: str | None) -> str:
    from chartgen.project import PROJECT_FILE, find_project

    beside = None if file in {None, "-"} else find_project(str(Path(str(file)).parent))
    path = beside or find_project(".")
    if path is None:
        where = "here or in a folder above" if file is None else f"in the folder of {file}, here, or in a folder above"
        message = f"there is no {PROJECT_FILE} {where}"
        raise UsageStop(message, "say what to judge by: --settings FILE or --chart DIR")
    return path
