"""What the commands for clusters share on the command line: their options, and the project that they are about."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from chartgen.commands.option_types import DAY, HOUR, MOST_USERS, NumberRange, some_name
from chartgen.finding import UsageStop
from chartgen.records import dataclass

if TYPE_CHECKING:
    from chartgen.project import Project


@dataclass(frozen=True)
class Options:
    """The options of `live_options`, but for those that say where."""

    dry_run: bool
    restart: bool | None
    wait: bool
    timeout: float
    write: bool
    reason: str
    users: int
    force: bool
    yes: bool
    request_timeout: float
    form: str


def live_options(function: Callable[..., int]) -> Callable[..., int]:
    """The options of a command that changes a live ConfigMap."""
    options = (
        click.option("--env", "environment", default="", callback=some_name, metavar="NAME", help="This environment of chartgen.yaml."),
        click.option("-n", "--namespace", default="", callback=some_name, metavar="NS", help="The namespace; else that of --env, or of the context."),
        click.option("--context", default="", callback=some_name, metavar="NAME", help="The context of the kubeconfig; else that of --env, or the current one."),
        click.option("--dry-run", is_flag=True, help="Show it, and ask the server whether it would take it. Nothing changes."),
        click.option("--restart/--no-restart", default=None, help="Start new pods, or none. Default: where running pods do not take changes over."),
        click.option("--wait", is_flag=True, help="Wait for the new pods; if they fail, put the old values back."),
        click.option("--timeout", type=NumberRange(1, DAY), default=300, show_default=True, metavar="SECONDS", help="How long --wait waits."),
        click.option("--write", is_flag=True, help="Write the settings into the environment's values file, too."),
        click.option("--reason", default="", metavar="TEXT", help="Why: it is kept in an annotation, with who and when."),
        click.option("--users", type=click.IntRange(1, MOST_USERS), default=400, show_default=True, metavar="N", help="How many users the load is told for."),
        click.option("--force", is_flag=True, help="Change what Argo CD or Flux owns, and may put back."),
        click.option("--yes", is_flag=True, help="Do not ask; needed where nobody can answer."),
        click.option("--request-timeout", type=NumberRange(0.1, HOUR), default=10, show_default=True, metavar="SECONDS", help="How long one request may take."),
        click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For people, or, as one document at the end, for programs."),
    )  # fmt: skip
    for option in reversed(options):
        function = option(function)
    return function


def project_here() -> Project:
    """The project that the working folder is in.

    Raises:
        UsageStop: there is none.
        InvalidStop: its file is wrong.
    """
    from chartgen.project import PROJECT_FILE, find_project, load_project

    path = find_project(".")
    if path is None:
        message = f"there is no {PROJECT_FILE} here or in a folder above"
        raise UsageStop(message, "go to the project's folder, or start one with 'chartgen init'")
    return load_project(path)
