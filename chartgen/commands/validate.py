"""`chartgen validate`: values files, judged by the settings and their rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
  chartgen validate -f base.yaml -f prod.yaml --set settings.refreshIntervalMs=5000
  helm get values shop | chartgen validate -           (what is installed)
"""


@dataclass(frozen=True)
class _Stack:
    """Values files and flags (kind, text) that are laid one over the other."""

    files: tuple[str, ...]
    flags: tuple[tuple[str, str], ...]
    helm_version: int

    def findings(self, judge: Judge) -> list[Finding]:
        from chartgen.documents.set_flags import Flag

        flags = [Flag(kind, text) for kind, text in self.flags]
        return judge.findings_of_stack(self.files, flags, self.helm_version)


def _flags(function: Callable[..., int]) -> Callable[..., int]:
    """Helm's five ways to set a value on the command line."""
    words = {
        "set": "NAME=VALUE",
        "set-string": "NAME=TEXT",
        "set-json": "NAME=JSON",
        "set-file": "NAME=FILE",
        "set-literal": "NAME=TEXT",
    }
    for kind, form in reversed(words.items()):
        option = click.option(f"--{kind}", multiple=True, metavar=form, help=f"As helm template --{kind}.")
        function = option(function)
    return function


@click.command(epilog=_EXAMPLES, short_help="Judge values files by the settings and their rules.")
@click.option("--chart", metavar="DIR", help="Judge by this chart: its schema, its rules, its values.yaml.")
@click.option("--settings", "settings_file", metavar="FILE", help="Judge by this settings schema and its defaults.")
@click.option(
    "-f", "--values", "stack", multiple=True, metavar="FILE", help="One layer of a stack, as in helm template."
)
@_flags
@click.option(
    "--helm-version",
    type=click.Choice(["3", "4"]),
    default="4",
    show_default=True,
    help="The Helm that will read the values: 3 reads the first document of a file alone.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "concise", "json"]),
    default="text",
    show_default=True,
    help="text for people, concise for editors (one line each), json for programs.",
)
@click.option("--strict", is_flag=True, help="Exit 1 for warnings, too.")
@click.argument("files", nargs=-1, metavar="[FILE]...")
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    chart: str | None,
    settings_file: str | None,
    stack: tuple[str, ...],
    helm_version: str,
    format_: str,
    strict: bool,
    files: tuple[str, ...],
    **flags: tuple[str, ...],
) -> int:
    """Judge each values FILE, laid over the chart's defaults as Helm does it; - is standard input.

    What -f and the --set options give is one stack, laid over the chart's defaults in Helm's order: the files, then
    --set-json, --set, --set-string, --set-file, --set-literal.

    Without --chart and --settings, the chart and the settings are those of the chartgen.yaml in the file's folder or
    one above, else in the working folder or one above.
    """
    if chart is not None and settings_file is not None:
        message = "--chart and --settings exclude each other: a chart has its settings in it"
        raise click.UsageError(message)
    stacks = [_Stack((file,), (), int(helm_version)) for file in files]
    if stack or any(flags.values()):
        given = tuple((kind.replace("_", "-"), text) for kind, texts in flags.items() for text in texts)
        stacks.append(_Stack(stack, given, int(helm_version)))
    found = list(dict.fromkeys(_findings(chart, settings_file, stacks or [_Stack((), (), int(helm_version))])))
    click.echo(_report(found, format_, max(len(files) + len(stack), 1)), nl=False)
    return int(any(map(is_error, found)) or (strict and bool(found)))


def _report(findings: list[Finding], format_: str, number: int) -> str:
    from chartgen.report.formats import render

    if not findings and format_ == "text":
        return f"no findings in {number} file{'' if number == 1 else 's'}\n"
    return render(findings, format_)


def _findings(chart: str | None, settings_file: str | None, stacks: list[_Stack]) -> Iterator[Finding]:
    from chartgen.judges import judge_of_chart, judge_of_settings

    if chart is not None or settings_file is not None:
        judge = judge_of_chart(chart) if chart is not None else judge_of_settings(str(settings_file))
        yield from judge.settings.warnings
        for stack in stacks:
            yield from stack.findings(judge)
    else:
        yield from _findings_by_project(stacks)


def _findings_by_project(stacks: list[_Stack]) -> Iterator[Finding]:
    from chartgen.environments import judge_of_project
    from chartgen.ignored import unignored
    from chartgen.project import load_project

    judges: dict[str, tuple[Project, Judge]] = {}
    for stack in stacks:
        path = _project_of(stack.files[0] if stack.files else None)
        if path not in judges:
            project = load_project(path)
            judges[path] = project, judge_of_project(project)
            yield from (*project.warnings, *judges[path][1].settings.warnings)
        project, judge = judges[path]
        yield from unignored(stack.findings(judge), project)


def _project_of(file: str | None) -> str:
    from chartgen.project import PROJECT_FILE, find_project

    beside = None if file in {None, "-"} else find_project(str(Path(str(file)).parent))
    path = beside or find_project(".")
    if path is None:
        where = "here or in a folder above" if file is None else f"in the folder of {file}, here, or in a folder above"
        message = f"there is no {PROJECT_FILE} {where}"
        raise UsageStop(message, "say what to judge by: --settings FILE or --chart DIR")
    return path
