"""The changes of files as a unified diff that `patch -p1` and `git apply` take."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Iterator

from chartgen.documents.reading import STDIN, is_stream
from chartgen.mend import Fixed

_QUOTED = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def diff(fixed: Fixed, has_mark: Callable[[str], bool] = lambda _: False) -> str:
    """The changes, `a/` and `b/` before the names; `has_mark` tells files with a byte order mark.

    Names are those of the files themselves, not of links, from the working folder; a file that is not in it has its
    absolute path, which `patch -d / -p1` takes.
    """
    return "".join(
        line
        for name, (source, text) in sorted(fixed.texts.items())
        for line in _diff_lines(name, *(("\ufeff" if has_mark(name) else "") + side for side in (source.text, text)))
    )


def _diff_lines(name: str, old: str, new: str) -> Iterator[str]:
    for line in difflib.unified_diff(_lines(old), _lines(new), _label("a", name), _label("b", name)):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _label(side: str, name: str) -> str:
    """A name as diff and git write it: in quotes where it would break the line, with a tab behind blanks."""
    path = _from_here(name).replace(os.sep, "/")
    whole = path if path.startswith("/") else f"{side}/{path}"
    quoted = "".join(_QUOTED.get(sign) or (sign if sign.isprintable() else _octal(sign)) for sign in whole)
    if quoted != whole:
        return f'"{quoted}"'
    return f"{whole}\t" if " " in whole else whole


def _octal(sign: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in sign.encode("utf-8", "surrogateescape"))


def _from_here(name: str) -> str:
    if name == STDIN or is_stream(name):
        return name.lstrip(os.sep)
    here, file = os.path.realpath(os.curdir), os.path.realpath(name)
    below = os.path.join(here, "")
    return file.removeprefix(below) if file.startswith(below) else file


def _lines(text: str) -> list[str]:
    """The lines with their breaks, which are line feeds alone, as for every program that reads a diff."""
    return [line for line in text.replace("\n", "\n\0").split("\0") if line]
