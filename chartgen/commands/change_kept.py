"""What keeps a change that was made in the cluster: the values that it is written into, and the command that takes them from there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chartgen.finding import InvalidStop, OutsideStop, Stop, UsageStop

if TYPE_CHECKING:
    from chartgen.cluster.owner import Owner
    from chartgen.cluster.preparation import Prepared
    from chartgen.cluster.values_home import Home
    from chartgen.commands.change_voice import Voice
    from chartgen.commands.live_options import Options
    from chartgen.project import Project


def home_for(made: Prepared, project: Project, options: Options) -> Home | None:
    """Where the values live; None where nobody asks. That they can be written there is seen to before anything is changed.

    Raises:
        Stop: they are to be written, and cannot be, or would have errors.
    """
    from chartgen.cluster.values_home import home_of

    if made.owner is None and not options.write:
        return None
    home = home_of(project, made.target, made.texts)
    if options.write:
        _check(home)
    return home


def _check(home: Home) -> None:
    from chartgen.write import why_not_rewritable

    if home.findings:
        whose = f"environment{'' if len(home.faulty) == 1 else 's'} {', '.join(home.faulty)}"
        message = f"with these settings the values of {whose} would have errors: nothing was changed"
        raise InvalidStop(message, home.findings, exit_code=1)
    if home.file is None:
        raise UsageStop(
            f"--write has nothing to write into: {home.why_not}", "leave it out, and write the values by hand"
        )
    name = home.file[0].name
    if not home.says_so and (why := why_not_rewritable(name)):
        message = f"--write cannot write {name}: {why}; nothing was changed"
        raise OutsideStop(message, "make it writable, or leave --write out")


def keep(made: Prepared, project: Project, options: Options, voice: Voice) -> None:
    """Write the values, or say what to write, and what has Helm take them from there.

    Raises:
        HalfwayStop: the file cannot be written.
    """
    from chartgen.cluster.owner import HELM

    home = voice.account.home
    if home is None or options.dry_run:
        return
    if options.write:
        _write(made, home, voice)
    if made.owner is not None and made.owner.tool == HELM:
        _keep_in_helm(made, project, made.owner, options, voice)


def _write(made: Prepared, home: Home, voice: Voice) -> None:
    from chartgen.cluster.carrying_out import HalfwayStop
    from chartgen.write import rewrite

    assert home.file is not None
    source, new = home.file
    if new == source.text:
        voice.say(f"unchanged {source.name}")
        return
    try:
        rewrite({source.name: (source, new)})
    except (Stop, OSError) as error:
        before = "the settings are changed in the cluster, but not in" if made.is_written else "not changed:"
        next_step = f"write into {source.name}: {', '.join(home.lines)}"
        raise HalfwayStop(f"{before} {source.name}: {error}", next_step) from error
    voice.account.is_home_written = True
    voice.say(f"wrote {source.name}")
    if home.shared:
        voice.say(f"note: it is a file of {', '.join(home.shared)}, too, whose next upgrade takes the settings over")


def _keep_in_helm(made: Prepared, project: Project, owner: Owner, options: Options, voice: Voice) -> None:
    from chartgen.cluster.showing import drift_lines, drifted
    from chartgen.cluster.values_home import has_files, upgrade_command

    home, account = voice.account.home, voice.account
    assert home is not None
    context = made.connection.api.server.context
    # Without the rest that was set before it, the upgrade would be refused: by a rule, or since chartgen owns those keys.
    texts = {**drifted(made), **made.texts}
    account.upgrade = upgrade_command(project, made.target, context, owner, texts)
    if home.says_so:
        voice.say(f"the values of environment {made.target.environment} say so already")
    elif not options.write:
        for line in _to_write(made, home):
            voice.say(line)
    for line in drift_lines(made, is_kept=not has_files(project, made.target)):
        voice.say(line)
    if made.is_written or not home.says_so:
        voice.say(f"so that {owner.words} keeps it:\n  {account.upgrade}")


def _to_write(made: Prepared, home: Home) -> Iterator[str]:
    if home.file is not None:
        yield f"to keep it, write into {home.file[0].name}:"
        yield from (f"  {line}" for line in home.lines)
        if home.shared:
            yield f"  (a file of {', '.join(home.shared)}, too)"
        for name in home.faulty:
            yield f"  (with errors then: chartgen validate --env {name})"
    if made.is_written:
        yield 'until the values say so, a helm upgrade from them fails: conflict with "chartgen" (Helm 3 undoes the change)'
