"""`chartgen client`: the settings' reader for the page's own code, in TypeScript."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chartgen.finding import UsageStop

if TYPE_CHECKING:
    from chartgen.write import Plan

_EXAMPLES = """\b
Examples:
  chartgen client --output src/lib/job-config.ts
  chartgen client --output src/lib/job-config.ts --check   (in CI: is it up to date?)
  chartgen client --settings settings.schema.json          (to the standard output)
"""


@click.command(epilog=_EXAMPLES, short_help="Write the typed reader of the settings for the page's code.")
@click.option("--output", default="", metavar="FILE", help="Write there; else to the standard output.")
@click.option("--check", is_flag=True, help="Write nothing; say whether the file is stale, and exit 1 if it is.")
@click.option("--diff", is_flag=True, help="As --check, and show what would change.")
@click.option("--force", is_flag=True, help="Overwrite a file that was edited by hand or is not chartgen's.")
@click.option("--settings", "settings_file", default="", metavar="FILE", help="This schema; no project is needed then.")
def command(output: str, check: bool, diff: bool, force: bool, settings_file: str) -> int:
    """Write the module of TypeScript by which the page's own code reads the settings.

    It checks what the page has by type, limit and rule, as chartgen itself does; where something is wrong, the defaults
    stand, and an event says so (chartgen:settings-refused). It depends on nothing and works without a page, too.

    The schema is that of the chartgen.yaml here or in a folder above.
    """
    from chartgen.enforce.typescript import reader_module, why_not_ours
    from chartgen.settings.schema import load_settings
    from chartgen.write import plan_marked

    output = "" if output == "-" else output
    if not output and (check or diff or force):
        message = "--check, --diff and --force are about a file, but no --output names one"
        raise UsageStop(message, "name the reader: --output src/lib/job-config.ts")
    if output and not os.path.basename(output):
        message = f"--output {output} names a folder"
        raise UsageStop(message, "name the file in it: --output src/lib/job-config.ts")
    schema, name = _schema(settings_file)
    text = reader_module(load_settings(schema), name)
    if not output:
        click.echo(text, nl=False)
        return 0
    file = Path(output)
    made = plan_marked(file.parent, {file.name: text}, why_not_ours, force=force)
    return _checked(made, diff) if check or diff else _written(made)


def _schema(settings_file: str) -> tuple[str, str]:
    """The schema's path, and the name of the app."""
    from chartgen.project import PROJECT_FILE, find_project, load_project

    if settings_file:
        return settings_file, "the app"
    path = find_project(".")
    if path is None:
        message = f"there is no {PROJECT_FILE} here or in a folder above"
        raise UsageStop(message, "go to the project's folder, or name the schema: --settings FILE")
    project = load_project(path)
    return project.settings, project.chart.name


def _checked(made: Plan, diff: bool) -> int:
    from chartgen.write import diff as diff_text

    if diff:
        click.echo(diff_text(made), nl=False)
    reasons = {change.path: change.action.value for change in made.changes}
    reasons |= {no.change.path: no.reason for no in made.refused}
    for path, reason in reasons.items():
        click.echo(f"stale: {made.output / path} ({reason})", err=diff)
    for path in made.unchanged:
        click.echo(f"{made.output / path} is up to date", err=True)
    return 1 if reasons else 0


def _written(made: Plan) -> int:
    from chartgen.write import apply

    for no in made.refused:
        click.echo(f"error: {made.output / no.change.path} {no.reason}", err=True)
    if made.refused:
        click.echo("nothing written\n  = help: move it away, or overwrite it with --force", err=True)
        return 1
    apply(made)
    for change in made.changes:
        click.echo(f"{'created' if change.old is None else 'updated'} {made.output / change.path}")
    for path in made.unchanged:
        click.echo(f"unchanged {made.output / path}")
    return 0
