"""The options by which Helm, and so chartgen, is given values."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import click

_WORDS = {
    "set": "NAME=VALUE",
    "set-string": "NAME=TEXT",
    "set-json": "NAME=JSON",
    "set-file": "NAME=FILE",
    "set-literal": "NAME=TEXT",
}


class StackCommand(click.Command):
    """A command whose `-f=FILE` names FILE, as to Helm; to click, the `=` would be part of the name."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click's."""
        return super().parse_args(ctx, [*self._without_equals(args)])

    def _without_equals(self, args: list[str]) -> Iterator[str]:
        takes_next = {name for option in self.params if not _is_alone(option) for name in option.opts}
        before = ""
        for place, text in enumerate(args):
            if before in takes_next:
                before = ""
                yield text
                continue
            if text == "--":
                yield from args[place:]
                return
            before = text
            yield f"-f{text[3:]}" if text.startswith("-f=") and text != "-f=" else text


def _is_alone(parameter: click.Parameter) -> bool:
    """Whether a parameter is no option that takes the next argument for its value."""
    return not isinstance(parameter, click.Option) or parameter.is_flag


def set_options(function: Callable[..., int]) -> Callable[..., int]:
    """Helm's five ways to set a value on the command line."""
    for kind, form in reversed(_WORDS.items()):
        option = click.option(f"--{kind}", multiple=True, metavar=form, help=f"As helm template --{kind}.")
        function = option(function)
    return function


def split_files(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The files that -f names: several between commas, in quotes where a name holds one, as in Helm.

    Raises:
        click.UsageError: Helm would read no names in a text, or look for no file of a name.
    """
    from chartgen.documents.flag import file_names, is_name_to_helm

    names: list[str] = []
    for text in texts:
        try:
            names += file_names(text)
        except ValueError:
            fault = "a name that holds a comma or a quote is written between quotes, each quote in it twice"
            raise click.UsageError(f"-f {text}: {fault}") from None
    for name in names:
        if not is_name_to_helm(name):
            raise click.UsageError(f"-f {name}: Helm takes names for URLs, and does not look for a file of this one")
    return tuple(names)
