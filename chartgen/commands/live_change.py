"""A change of a live ConfigMap, as the one who makes it sees it: shown, asked for, made, waited for."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from chartgen.finding import InvalidStop, UsageStop

if TYPE_CHECKING:
    from chartgen.cluster.change import Changed, Record
    from chartgen.cluster.preparation import Prepared
    from chartgen.cluster.target import Target
    from chartgen.cluster.values_home import Home
    from chartgen.cluster.wanted import Wanted
    from chartgen.commands.live_options import Options
    from chartgen.project import Project

_CLEAR = "\r\x1b[2K"


def run_change(project: Project, target: Target, wanted: Wanted, options: Options) -> int:
    """Show the change, ask, make it, wait: as the options say.

    Raises:
        Stop: it cannot be made.
    """
    from chartgen.cluster.change import record
    from chartgen.cluster.connection import connect
    from chartgen.cluster.preparation import prepare, rehearse
    from chartgen.cluster.showing import shown

    _check_answerable(options)
    connection = connect(target.context, options.request_timeout)
    restarts = options.restart if options.restart is not None else not target.is_live
    made = prepare(connection, target, wanted, restarts=restarts)
    if not _accepts(made):
        return 1
    _check_owner(made, project, force=options.force)
    home = _home(made, project, options)
    for line in shown(made, options.users, always=bool(options.restart)):
        click.echo(line)
    if not made.is_written and not options.restart:
        click.echo("nothing to change: the ConfigMap says so already")
        return _kept(made, project, home, options)
    said = record(connection.api, options.reason)
    with _warnings(made):
        rehearse(made, said)
    if options.dry_run:
        click.echo("dry run: the server would take it; nothing was changed")
        return 0
    if not options.yes and not click.confirm("Change it?", err=True):
        click.echo("nothing was changed", err=True)
        raise click.Abort
    _made(made, said, options)
    return _kept(made, project, home, options)


def _check_answerable(options: Options) -> None:
    if not (options.yes or options.dry_run or sys.stdin.isatty()):
        raise UsageStop(
            "nobody is there to be asked whether to change the cluster", "say --yes, or look first: --dry-run"
        )


def _accepts(made: Prepared) -> bool:
    from chartgen.report.text import render

    if made.target.is_guessed:
        click.echo("warning: the environment's values have errors; the names are those of chartgen.yaml", err=True)
    if made.is_of_another_schema:
        click.echo("warning: the ConfigMap was made by another version of the settings schema", err=True)
    if made.findings:
        click.echo(render(made.findings), nl=False, err=True)
    if made.is_refused:
        click.echo("nothing was changed", err=True)
    return not made.is_refused


def _check_owner(made: Prepared, project: Project, *, force: bool) -> None:
    from chartgen.cluster.values_home import home_of

    if made.owner is None or not made.owner.is_gitops:
        return
    home = home_of(project, made.target, made.texts)
    file = home.file[0].name if home.file else "the values that it is made of"
    there = f"write {', '.join(home.lines)} into {file}, and commit that"
    message = f"{made.owner.words} owns ConfigMap {made.live.name}, and would put back what is changed here"
    if force:
        click.echo(f"warning: {message}\n  = help: {there}", err=True)
        return
    raise UsageStop(message, f"{there}; or change it here all the same: --force")


def _home(made: Prepared, project: Project, options: Options) -> Home | None:
    from chartgen.cluster.values_home import home_of

    if made.owner is None and not options.write:
        return None
    home = home_of(project, made.target, made.texts)
    if options.write and home.findings:
        message = "with these settings the environment's values would have errors: nothing was changed"
        raise InvalidStop(message, home.findings, exit_code=1)
    if options.write and home.file is None:
        raise UsageStop(
            f"--write has nothing to write into: {home.why_not}", "leave it out, and write the values by hand"
        )
    return home


def _made(made: Prepared, said: Record, options: Options) -> None:
    from chartgen.cluster.carrying_out import await_rollout, make_change

    with _interrupted(made, "the change may have been made"), _warnings(made):
        done = make_change(made, said)
    click.echo(_done(done))
    if made.deployment is None:
        return
    click.echo(f"restarted Deployment {made.deployment.name}")
    if options.wait:
        with _interrupted(made, "the settings are changed, and the rollout goes on"), _display() as tell:
            await_rollout(made, done, said, options.timeout, tell)
        click.echo("all pods are new")


def _done(done: Changed) -> str:
    if not done.before.is_there:
        return f"created ConfigMap {done.after.name}"
    return f"changed {', '.join(done.written)}" if done.written else "changed nothing: it was said so already"


def _kept(made: Prepared, project: Project, home: Home | None, options: Options) -> int:
    """What keeps the change when the release is made anew."""
    from chartgen.cluster.owner import HELM
    from chartgen.cluster.showing import drift_lines
    from chartgen.cluster.values_home import upgrade_command
    from chartgen.write import rewrite

    if home is None or options.dry_run:
        return 0
    if options.write and home.file is not None:
        source, new = home.file
        if new != source.text:
            rewrite({source.name: (source, new)})
        click.echo(f"{'wrote' if new != source.text else 'unchanged'} {source.name}")
    if made.owner is None or made.owner.tool != HELM:
        return 0
    server = made.connection.api.server
    command = upgrade_command(project, made.target, server.context, made.owner, made.texts)
    if not options.write and home.file is not None:
        click.echo(f"to keep it, write into {home.file[0].name}:")
        for line in home.lines:
            click.echo(f"  {line}")
        if home.findings:
            click.echo(f"  (with errors then: chartgen validate --env {made.target.environment})")
    for line in drift_lines(made):
        click.echo(line)
    click.echo(f"so that {made.owner.words} keeps it:\n  {command}")
    return 0


@contextmanager
def _warnings(made: Prepared) -> Iterator[None]:
    """What the API server warned of meanwhile is told, also where it refused in the end."""
    from chartgen.report.printable import printable

    try:
        yield
    finally:
        for text in made.connection.api.new_warnings():
            click.echo(f"warning: the API server says: {printable(text)}", err=True)


@contextmanager
def _interrupted(made: Prepared, what: str) -> Iterator[None]:
    """Whoever presses Ctrl-C is told how far it went."""
    try:
        yield
    except KeyboardInterrupt:
        live, context = made.live, made.connection.context
        look = f"kubectl get configmap {live.name} --namespace {live.namespace} --context {context} -o yaml"
        click.echo(f"interrupted: {what}\n  = help: look: {look}", err=True)
        raise


@contextmanager
def _display() -> Iterator[Callable[[str], None]]:
    """How far a rollout is: one line that changes on a terminal, else a line for each change."""
    is_terminal = sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not os.environ.get("CI")
    last = ""

    def tell(words: str) -> None:
        nonlocal last
        if words != last:
            click.echo(f"{_CLEAR}{words}" if is_terminal else words, nl=not is_terminal, err=True)
        last = words

    try:
        yield tell
    finally:
        if is_terminal and last:
            click.echo(_CLEAR, nl=False, err=True)
