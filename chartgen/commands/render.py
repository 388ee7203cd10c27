"""`chartgen render`: the chart of a project, written into its folder."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chartgen.commands.reports import Outputs, Report, check_apart, deliver, format_option, outputs_of
from chartgen.finding import Finding, InvalidStop, Stop, UsageStop, is_error
from chartgen.report.formats import Run
from chartgen.source import Source

if TYPE_CHECKING:
    from chartgen.chart.kept_values import Kept
    from chartgen.project import Project
    from chartgen.settings.model import Settings
    from chartgen.write import Plan

_EXAMPLES = """\b
Examples:
  chartgen render
  chartgen render --check                      (in CI: is the committed chart up to date?)
  chartgen render --diff                       (what would change)
  chartgen render --values envs/prod.yaml      (write only if these values are fine, too)
"""


@click.command(epilog=_EXAMPLES, short_help="Write the chart of a project.")
@click.option("--output", metavar="DIR", help="Write there instead of the project's chart.output.")
@click.option("--check", is_flag=True, help="Write nothing; tell what is stale, and exit 1 if something is.")
@click.option("--diff", is_flag=True, help="As --check, and show what would change.")
@click.option("--force", is_flag=True, help="Overwrite files of the chart that were edited by hand.")
@click.option("--settings", "settings_file", metavar="FILE", help="This settings schema instead of the project's.")
@click.option(
    "--values",
    metavar="FILE",
    multiple=True,
    help="Validate this values file over the chart's own, and write nothing if it is wrong. It is not merged into the "
    "chart. May be given more than once; each file is judged on its own.",
)
@format_option
def command(  # noqa: PLR0913, PLR0917 - one argument an option
    output: str | None,
    check: bool,
    diff: bool,
    force: bool,
    settings_file: str | None,
    values: tuple[str, ...],
    reports: tuple[Report, ...],
) -> int:
    """Write the chart of the project whose chartgen.yaml is here or in a folder above.

    values.yaml is written once and is yours from then on: new settings enter it, and what chartgen.yaml says anew where
    you have left what it said before. Every other file of the chart is generated, and listed in .chartgen.lock; one
    that was edited by hand is not overwritten without --force.
    """
    from chartgen.ignored import unignored
    from chartgen.settings.schema import load_settings
    from chartgen.stale import stale_findings

    outputs = outputs_of(reports, values)
    try:
        project = _project()
        settings = load_settings(settings_file or project.settings)
    except InvalidStop as stop:
        return _refused(stop, outputs)
    folder = Path(output or project.chart.output)
    findings = _findings(project, settings, folder, values)
    judged = (str(folder / "values.yaml"), *values)
    try:
        kept = _kept(settings, project, folder)
        findings += unignored(kept.findings, project)
        made = None if any(map(is_error, findings)) else _plan(settings, project, folder, kept, force)
    except Stop as stop:
        deliver(findings, Run(judged=judged, exit_code=stop.exit_code), outputs)
        raise
    if made is not None:
        check_apart(outputs, (str(folder / change.path) for change in made.changes))
        findings += stale_findings(made, check or diff)
    exit_code = _exit_code(made, check or diff)
    deliver(findings, Run(judged=judged, exit_code=exit_code), outputs)
    if made is None:
        click.echo("nothing written: the values have errors", err=True)
    elif check or diff:
        _tell_stale(made, diff, err=outputs.is_document)
    else:
        _write(made, kept, err=outputs.is_document)
    return exit_code


def _refused(stop: InvalidStop, outputs: Outputs) -> int:
    """What is wrong with the project file or the schema, in every format."""
    run = Run(stops=(stop.message,), exit_code=stop.exit_code)
    deliver(stop.findings, run, outputs, err=not outputs.is_document)
    click.echo(f"error: {stop.message}", err=True)
    return stop.exit_code


def _findings(project: Project, settings: Settings, folder: Path, values: Iterable[str]) -> list[Finding]:
    from chartgen.ignored import unignored

    told = _value_findings(settings, folder, values)
    return [*project.warnings, *settings.warnings, *unignored(told, project)]


def _exit_code(made: Plan | None, check: bool) -> int:
    """1 if nothing may be written, or, with `check`, if something would be; else 0."""
    return int(made is None or bool(made.refused) or (check and bool(made.changes)))


def _project() -> Project:
    from chartgen.project import PROJECT_FILE, find_project, load_project

    path = find_project(".")
    if path is None:
        message = f"there is no {PROJECT_FILE} here or in a folder above"
        raise UsageStop(message, "go to the project's folder, or start one with 'chartgen init'")
    return load_project(path)


def _value_findings(settings: Settings, folder: Path, values: Iterable[str]) -> list[Finding]:
    """What is wrong with the chart's values.yaml; if nothing, with each values file over it."""
    from chartgen.documents.layers import Layer
    from chartgen.documents.parsing import parse
    from chartgen.documents.reading import read_source
    from chartgen.validate import Judge

    own = str(folder / "values.yaml")
    if not Path(own).exists():
        return Judge(settings).findings_of_files(values)
    found = Judge(settings).findings_of_file(own)
    source = read_source(own)
    root = None if isinstance(source, Finding) else parse(source)[0]
    if root is None or any(map(is_error, found)):
        return found
    return found + Judge(settings, defaults=Layer(own, root)).findings_of_files(values)


def _kept(settings: Settings, project: Project, folder: Path) -> Kept:
    from chartgen.chart.files import VALUES, VALUES_SCHEMA
    from chartgen.chart.kept_values import Kept, kept_values

    text = _text(folder / VALUES)
    if text is None:
        return Kept()
    return kept_values(Source(str(folder / VALUES), text), _text(folder / VALUES_SCHEMA) or "", settings, project)


def _plan(settings: Settings, project: Project, folder: Path, kept: Kept, force: bool) -> Plan:
    from chartgen.chart.files import POLICY_OF_ERRORS, VALUES, render_chart
    from chartgen.enforce.policy import TOO_LARGE
    from chartgen.write import plan

    edited = {} if kept.text is None else {VALUES: kept.text}
    files = render_chart(settings, project)
    if settings.settings and POLICY_OF_ERRORS not in files:
        click.echo(f"warning: {TOO_LARGE}", err=True)
    return plan(folder, files, force=force, edited=edited)


def _text(file: Path) -> str | None:
    """The text of a file with its own line breaks; None if there is none. What is not UTF-8 fits nothing anyway."""
    try:
        return file.read_bytes().decode(errors="replace")
    except FileNotFoundError:
        return None


def _tell_stale(made: Plan, diff: bool, *, err: bool) -> None:
    from chartgen.write import diff as diff_text

    if diff:
        click.echo(diff_text(made), nl=False, err=err)
    number = len(made.changes) + len(made.refused)
    if number:
        click.echo(f"{_count(number)} of {made.output} stale: run 'chartgen render'", err=True)
    else:
        click.echo(f"{made.output} is up to date", err=True)


def _write(made: Plan, kept: Kept, *, err: bool) -> None:
    from chartgen.write import apply

    if made.refused:
        click.echo("nothing written\n  = help: undo the edits, or overwrite them with --force", err=True)
        return
    apply(made)
    for change in made.changes:
        click.echo(f"{_VERBS[change.action.name]} {made.output / change.path}", err=err)
    for line in kept.taken_over:
        click.echo(line, err=err)
    click.echo(f"{made.output}: {_count(len(made.changes))} written, {len(made.unchanged)} unchanged", err=err)


_VERBS = {"CREATE": "created", "UPDATE": "updated", "REMOVE": "removed"}


def _count(number: int) -> str:
    return f"{number} file" if number == 1 else f"{number} files"
