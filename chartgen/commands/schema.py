"""`chartgen schema`: two versions of a settings schema, compared."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from chartgen.settings.model import Settings
    from chartgen.values_in_use import ValuesInUse

_EXAMPLES = """\b
Examples:
  chartgen schema diff main:settings.schema.json settings.schema.json
"""
_DIFF_EXAMPLES = """\b
Examples:
  chartgen schema diff main:settings.schema.json settings.schema.json     (a branch and the working tree)
  chartgen schema diff v1.0.0:settings.schema.json v1.1.0:settings.schema.json
  chartgen schema diff old.schema.json settings.schema.json --format json (exit 1: a minimum was raised)

\b
Exit status:
  0  nothing breaks that is known: notes and warnings
  1  a change is breaking
  2  the command line is wrong, or one of the schemas
"""


@click.group(name="schema", epilog=_EXAMPLES, short_help="Tell what a change of the settings schema breaks.")
def command() -> None:
    """Compare two versions of a settings schema."""


@command.command("diff", epilog=_DIFF_EXAMPLES, short_help="Tell what a change of the settings schema breaks.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="text for people, json for programs.",
)
@click.argument("old")
@click.argument("new")
def diff(format_: str, old: str, new: str) -> int:
    """Tell what changed from the settings schema OLD to NEW, and what that breaks.

    Each is a file, or REV:PATH as git show takes it.

    Breaking is what makes a name mean something else, and what refuses values that OLD took. A new rule that nothing
    known breaks is a warning. What is known: the defaults and profiles of OLD; and where OLD or NEW is the schema of the
    chartgen.yaml above, the values of its chart and of each environment.
    """
    from chartgen.schema_diff.changes import Level, next_version
    from chartgen.schema_diff.diff import schema_diff, values_of_schema
    from chartgen.schema_report import as_json, text

    before, after = _settings(old), _settings(new)
    known = _known(old, new)
    changes = schema_diff(before, after, known.found)
    part = next_version(changes, is_same=before.digest == after.digest)
    looked_at = [used.name for used in (*values_of_schema(before), *known.found)]
    for problem in known.unread:
        click.echo(f"not looked at: {problem}", err=True)
    click.echo((as_json if format_ == "json" else text)(changes, part, looked_at), nl=False)
    return int(any(change.level is Level.BREAKING for change in changes))


def _settings(name: str) -> Settings:
    from chartgen.finding import Finding, InvalidStop
    from chartgen.revisions import read_version
    from chartgen.settings.schema import read_settings

    source = read_version(name)
    settings, findings = (None, [source]) if isinstance(source, Finding) else read_settings(source)
    if settings is None:
        message = f"the settings schema {name} cannot be used"
        raise InvalidStop(message, findings)
    return settings


def _known(old: str, new: str) -> ValuesInUse:
    """The values of the project above that has one of the two as its schema."""
    from chartgen.finding import InvalidStop
    from chartgen.project import find_project, load_project
    from chartgen.revisions import path_in_git
    from chartgen.values_in_use import ValuesInUse, values_in_use

    is_file = path_in_git(new) is None
    path = find_project(os.path.dirname(new) or "." if is_file else ".")
    if path is None:
        return ValuesInUse()
    try:
        project = load_project(path)
    except InvalidStop as stop:
        return ValuesInUse(unread=(stop.message,))
    schema = os.path.realpath(project.settings)
    is_its_own = any(_is_schema(name, schema) for name in (old, new))
    return values_in_use(project) if is_its_own else ValuesInUse()


def _is_schema(name: str, schema: str) -> bool:
    """Whether a file, or a path in git's tree, is the project's schema, which is a whole path."""
    from chartgen.revisions import path_in_git

    path = path_in_git(name)
    if path is None:
        return os.path.realpath(name) == schema
    return f"{os.sep}{schema}".endswith(f"{os.sep}{os.path.normpath(path)}")
