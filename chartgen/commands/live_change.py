"""A change of a live ConfigMap, as the one who makes it sees it: shown, asked for, made, waited for."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from chartgen.commands.change_voice import Voice, called_off, display, interrupted
from chartgen.finding import OutsideStop, UsageStop

if TYPE_CHECKING:
    from chartgen.cluster.change import Changed
    from chartgen.cluster.preparation import Prepared
    from chartgen.cluster.target import Target
    from chartgen.cluster.wanted import Wanted
    from chartgen.commands.live_options import Options
    from chartgen.project import Project


def run_change(project: Project, target: Target, read: Callable[[], Wanted], options: Options) -> int:
    """Read what is wanted, show the change, ask, make it, wait: as the options say.

    Raises:
        Stop: it cannot be made.
    """
    from chartgen.cluster.account import Account

    command = click.get_current_context().info_name or ""
    account = Account(command, target, options.users, is_dry_run=options.dry_run)
    voice = Voice(account, options.form, asks=not (options.yes or options.dry_run))
    with called_off(), voice.ending() as end:
        _check_answerable(options)
        return end(_run(project, read(), options, voice))


def _run(project: Project, wanted: Wanted, options: Options, voice: Voice) -> int:
    from chartgen.cluster.connection import connect
    from chartgen.cluster.preparation import prepare
    from chartgen.cluster.showing import shown
    from chartgen.commands.change_kept import home_for, keep

    account, target = voice.account, voice.account.target
    account.findings += wanted.findings
    connection = connect(target.context, options.request_timeout)
    restarts = options.restart if options.restart is not None else not target.is_live
    account.made = made = prepare(connection, target, wanted, restarts=restarts)
    account.findings += made.findings
    if not _accepts(made):
        return 1
    _check_owner(made, project, force=options.force)
    _check_unpaused(made, options)
    account.home = home_for(made, project, options)
    for line in shown(made, options.users, always=bool(options.restart)):
        voice.say(line)
    if not made.is_written and not options.restart:
        voice.say("nothing to change: the ConfigMap says so already")
    elif not _made(made, options, voice):
        return 0
    keep(made, project, options, voice)
    return 0


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


def _check_unpaused(made: Prepared, options: Options) -> None:
    from chartgen.cluster.showing import resume_command

    deployment = made.deployment
    if deployment is None or not deployment.is_paused or not options.wait:
        return
    if made.is_written or options.restart:
        message = f"Deployment {deployment.name} is paused: no pod would start anew; nothing was changed"
        alone = "or change the settings alone: --no-restart"
        raise OutsideStop(message, f"resume it: {resume_command(made, deployment)}; {alone}")


def _made(made: Prepared, options: Options, voice: Voice) -> bool:
    """Whether it was made: a dry run ends before that."""
    from chartgen.cluster.change import record
    from chartgen.cluster.preparation import rehearse

    known_sum = made.deployment.sum if made.deployment is not None else ""
    voice.account.said = said = record(made.connection.api, options.reason, known_sum)
    with voice.warnings(made):
        rehearse(made, said)
    if options.dry_run:
        voice.say("dry run: the server would take it; nothing was changed")
        return False
    if not options.yes and not click.confirm("Change it?", err=True):
        click.echo("nothing was changed", err=True)
        raise click.Abort
    _carry_out(made, options, voice)
    return True


def _carry_out(made: Prepared, options: Options, voice: Voice) -> None:
    from chartgen.cluster.carrying_out import await_rollout, make_change, start_new_pods
    from chartgen.cluster.showing import restarted_line

    account, said = voice.account, voice.account.said
    assert said is not None
    account.is_begun = True
    with interrupted(made, "the change may have been made"), voice.warnings(made):
        account.done = done = make_change(made, said)
    voice.say(_done(done))
    if made.deployment is None:
        return
    with interrupted(made, "the settings are changed, and new pods may be started"), voice.warnings(made):
        start_new_pods(made, said)
    account.is_restarted = True
    voice.say(restarted_line(made, made.deployment))
    if options.wait:
        account.is_rolled_out = False
        with interrupted(made, "the settings are changed, and the rollout goes on"), display() as tell:
            await_rollout(made, done, said, options.timeout, tell)
        account.is_rolled_out = True
        voice.say("all pods are new")


def _done(done: Changed) -> str:
    if not done.before.is_there:
        return f"created ConfigMap {done.after.name}"
    return f"changed {', '.join(done.written)}" if done.written else "changed nothing: it was said so already"
