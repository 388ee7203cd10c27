"""`chartgen completion`: the script by which a shell completes chartgen's words."""

from __future__ import annotations

import click

_EXAMPLES = """\b
Examples:
  chartgen completion bash > ~/.local/share/bash-completion/completions/chartgen
  chartgen completion zsh > ~/.zfunc/_chartgen     (with ~/.zfunc in fpath)
  chartgen completion fish > ~/.config/fish/completions/chartgen.fish
"""


@click.command(epilog=_EXAMPLES, short_help="Print the script that completes chartgen's words in a shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> int:
    """Print the script that completes chartgen's words in SHELL."""
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    root = ctx.find_root().command
    if script is None:
        ctx.fail(f"click knows no completion for {shell}")
    click.echo(script(root, {}, "chartgen", "_CHARTGEN_COMPLETE").source())
    return 0
