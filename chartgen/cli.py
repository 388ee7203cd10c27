"""The root of the command line: a table of commands, each loaded only when it is called.

Help, completion and mistakes are served from the table alone; `import chartgen.cli` loads click and nothing of ours.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

import click

from chartgen import __version__
from chartgen.names import nearest

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "init": "Start a project: a settings schema and chartgen.yaml.",
    "render": "Write the chart of a project.",
    "manifests": "Write plain manifests for kubectl apply.",
    "client": "Write the typed reader of the settings for the page's code.",
    "validate": "Judge values, manifests, environments and charts of any make.",
    "plan": "Plan the load of polling, and the settings for so many users.",
    "load": "Make the load of a plan against a real server, and measure it.",
    "set": "Change settings of a live ConfigMap, judged first.",
    "apply": "Apply a ConfigMap of settings to the live one, judged first.",
    "status": "Show each setting in every place that has it, and the load.",
    "doctor": "Find what is wrong in the cluster, and what mends it.",
    "rbac": "Print the least Role that the commands for clusters need.",
    "schema": "Tell what a change of the settings schema breaks.",
    "explain": "Explain a finding's code, or a setting.",
    "completion": "Print the script that completes chartgen's words in a shell.",
}
"""Each name with its one-line help. The module is `chartgen.commands.NAME`, its click command is named `command`."""

_EXAMPLES = """\b
Examples:
  chartgen init --name shop --image registry.example.com/shop:1.0 --setting refreshInterval:ms=5000
  chartgen render
  chartgen validate values-prod.yaml

\b
Exit status:
  0  nothing wrong, or warnings only
  1  findings in what was judged; a stale chart
  2  the command line, the project file or the settings schema is wrong
  3  a bug in chartgen
  4  the world outside refused: a file, a right, a network
  130  interrupted
"""


class LazyGroup(click.Group):
    """A group that knows its commands' names and one-line helps without loading them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click gives the context
        """The names, in the table's order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the same
        """The command of a name, loaded now; None for a name that is not in the table."""
        if cmd_name not in COMMANDS:
            return None
        return cast("click.Command", import_module(f"chartgen.commands.{cmd_name}").command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - the same
        """The list of commands in `--help`, from the table."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, but a name that is not known comes back with the one that was probably meant."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            guess = nearest(name, COMMANDS)
            meant = f" Did you mean {guess!r}?" if guess else ""
            ctx.fail(f"No such command {name!r}.{meant}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The names that begin so, from the table, and the group's options."""
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - only a shell that completes needs it

        named = [CompletionItem(name, help=text) for name, text in COMMANDS.items() if name.startswith(incomplete)]
        return [*named, *click.Command.shell_complete(self, ctx, incomplete)]


@click.group(
    cls=LazyGroup,
    name="chartgen",
    epilog=_EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="chartgen", message="%(prog)s %(version)s")
def root() -> None:
    """Declare a frontend's runtime settings once; every place that reads or changes them agrees."""
