"""The files that findings are in, as programs on other machines name them: relative to the repository's folder."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from types import ModuleType
from urllib.parse import quote_from_bytes

from chartgen.finding import Finding
from chartgen.report.run import Run
from chartgen.source import Span

NOWHERE = "."
"""The repository itself: the place of what is in no file, where a format insists on one."""

_ROOTS = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""What GitHub and GitLab call the folder of the repository."""


def repository_root(environ: Mapping[str, str]) -> str:
    """The folder of the repository that the working folder is in; the working folder itself where there is none."""
    here = os.path.realpath(os.getcwd())
    for name in _ROOTS:
        given = os.path.realpath(environ[name]) if environ.get(name) else ""
        if given and f"{here}{os.sep}".startswith(f"{given.rstrip(os.sep)}{os.sep}"):
            return given
    folder = here
    while not os.path.exists(os.path.join(folder, ".git")):
        folder, before = os.path.dirname(folder), folder
        if folder == before:
            return here
    return folder


def is_file(span: Span | None) -> bool:
    """Whether a place is in a file, and not in a flag or on the standard input."""
    return span is not None and not span.source.name.startswith(("--", "<"))


def repository_path(name: str, root: str = "", here: str = "", flavour: ModuleType = os.path) -> str:
    """A file's path below the root, with slashes; the absolute one of a file elsewhere.

    The name is relative to `here`, by default the working folder; `flavour` is the module of the system's paths.
    """
    here = here or os.path.realpath(os.getcwd())
    whole = flavour.normpath(flavour.join(here, name))
    try:
        path = flavour.relpath(whole, root or here)
    except ValueError:  # on another drive
        path = whole
    if path.split(flavour.sep)[0] == "..":
        path = whole
    return str(path.replace(flavour.sep, "/"))


def uri(path: str) -> str:
    """A path of `repository_path` as a URI reference; an absolute one has the scheme `file`."""
    if path[1:3] == ":/":  # a drive of Windows
        return f"file:///{path[:2]}{uri(path[2:]).removeprefix('file://')}"
    try:
        name = os.fsencode(path)
    except UnicodeEncodeError:  # no file of this system has such a name, but a report may be of one that was asked for
        name = path.encode("utf-8", "backslashreplace")
    encoded = quote_from_bytes(name, safe="/!$&'()*+,;=@~")
    return f"file://{encoded}" if path.startswith("/") else encoded


def file_path(finding: Finding, run: Run) -> str:
    """The path of a finding's file; of the first file that was judged, where it is in none."""
    if finding.primary is not None and is_file(finding.primary):
        return repository_path(finding.primary.source.name, run.root)
    return fallback(run.judged, run.root)


def fallback(judged: Sequence[str], root: str) -> str:
    """The path that stands for no file."""
    files = [name for name in judged if not name.startswith(("-", "<"))]
    return repository_path(files[0], root) if files else NOWHERE


def utf16_column(span: Span, line: int, column: int) -> int:
    """A column counted in UTF-16 code units, of one counted in code points."""
    return column + sum(character > "\uffff" for character in span.source.line(line)[: column - 1])
