"""Colours on a terminal, and whether one is to have them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

Paint: TypeAlias = "Callable[[str, str], str]"
"""Gives a text the looks of what it is: a severity, a `title`, the `frame` around an excerpt."""

_LOOKS = {"error": "1;31", "warning": "1;33", "title": "1", "frame": "1;34"}


def plain(what: str, text: str) -> str:  # noqa: ARG001 - one form for all
    """The text as it is."""
    return text


def coloured(what: str, text: str) -> str:
    """The text in the colours of the terminal."""
    return f"\x1b[{_LOOKS[what]}m{text}\x1b[0m" if text else ""


def wants_colour(environ: Mapping[str, str], is_terminal: bool) -> bool:
    """Whether a stream gets colours: a terminal that has them, unless `NO_COLOR`; any, with `FORCE_COLOR`.

    `CLICOLOR_FORCE` is an older name of the latter, in which `0` means nothing, as it does in `FORCE_COLOR`.
    """
    if environ.get("NO_COLOR"):
        return False
    if any(environ.get(name, "0") not in {"", "0", "false"} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return is_terminal and environ.get("TERM") != "dumb"
