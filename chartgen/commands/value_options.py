"""The options by which Helm, and so chartgen, is given values."""

from __future__ import annotations

from collections.abc import Callable

import click

_WORDS = {
    "set": "NAME=VALUE",
    "set-string": "NAME=TEXT",
    "set-json": "NAME=JSON",
    "set-file": "NAME=FILE",
    "set-literal": "NAME=TEXT",
}


def set_options(function: Callable[..., int]) -> Callable[..., int]:
    """Helm's five ways to set a value on the command line."""
    for kind, form in reversed(_WORDS.items()):
        option = click.option(f"--{kind}", multiple=True, metavar=form, help=f"As helm template --{kind}.")
        function = option(function)
    return function


def split_files(texts: tuple[str, ...]) -> tuple[str, ...]:
    """The files that -f names: several between commas, in quotes where a name holds one, as in Helm."""
    if not any(set(',"') & set(text) or not text for text in texts):
        return texts
    import csv

    return tuple(name for row in csv.reader(texts) for name in row)
