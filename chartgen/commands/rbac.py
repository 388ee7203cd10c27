"""`chartgen rbac`: the least Role that the commands for clusters need."""

from __future__ import annotations

import click

from chartgen.commands.live_options import project_here
from chartgen.commands.option_types import some_name

_EXAMPLES = """\b
Examples:
  chartgen rbac --env prod                           (to the standard output)
  chartgen rbac set --env prod --to group:operators  (with a RoleBinding)
  chartgen rbac --env prod --to serviceaccount:ci:deployer | kubectl apply -f -
"""


@click.command(epilog=_EXAMPLES, short_help="Print the least Role that the commands for clusters need.")
@click.option("--env", "environment", default="", callback=some_name, metavar="NAME", help="This environment of chartgen.yaml.")  # fmt: skip
@click.option("-n", "--namespace", default="", callback=some_name, metavar="NS", help="The namespace; else that of --env, else none is named.")  # fmt: skip
@click.option(
    "--to",
    "subjects",
    multiple=True,
    metavar="WHO",
    help="Bind it to user:NAME, group:NAME or serviceaccount:[NAMESPACE:]NAME.",
)
@click.option(
    "--with-create", is_flag=True, help="With the right to create ConfigMaps, for apply where there is none yet."
)
@click.option("--redis-exec", is_flag=True, help="With the right to run commands in pods, for status and doctor.")
@click.option("--with-revision", is_flag=True, help="With the right to list Secrets, by which status tells the release's revision.")  # fmt: skip
@click.argument("commands", nargs=-1, metavar="[COMMAND]...")
def command(
    environment: str,
    namespace: str,
    subjects: tuple[str, ...],
    commands: tuple[str, ...],
    **options: bool,
) -> int:
    """Print the Role that COMMANDs need, or all of them: for the release's own objects, by name, and no more.

    status and doctor read pods and their logs, and, of the cluster, the settings' policies: for these there is a ClusterRole, too,
    where the namespace is known. What only some want, and what is a strong right, is in it where an option says so.

    With --to, the Role's name has that of the subjects: who applies one for others, with more rights or fewer, changes nothing for these.

    Nothing is asked of a cluster. Whoever applies it must have these rights, or may escalate.
    """
    from chartgen.cluster.rights import RIGHTS, role
    from chartgen.cluster.subjects import subject_of
    from chartgen.cluster.target import target_of
    from chartgen.finding import UsageStop
    from chartgen.names import did_you_mean

    for name in commands:
        if name not in RIGHTS:
            raise UsageStop(f"{name!r} is no command for clusters", did_you_mean(name, RIGHTS))
    target = target_of(project_here(), environment, namespace, "")
    bound = [subject_of(text, target.namespace) for text in subjects]
    wanted = [name for name, is_wanted in options.items() if is_wanted]
    named = tuple(dict.fromkeys(commands)) or tuple(RIGHTS)
    click.echo(role(target, named, tuple(dict.fromkeys(bound)), wanted), nl=False)
    return 0
