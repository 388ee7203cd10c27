"""A text as git has it: `REV:PATH`, as `git show` takes it."""

from __future__ import annotations

import os
import re

from chartgen.documents.reading import read_source, source_of
from chartgen.finding import Finding, UsageStop
from chartgen.source import Source

_SPEC = re.compile(r"(?P<revision>[^:]{2,}|[^:A-Za-z]?):(?P<path>.+)")  # one letter alone is a drive of Windows


def path_in_git(name: str) -> str | None:
    """The path of `REV:PATH`, as written there; None for what is a file, or is to be one."""
    spec = _SPEC.fullmatch(name)
    return None if spec is None or os.path.exists(name) else spec["path"]


def read_version(name: str) -> Source | Finding:
    """The text of a file, or of `REV:PATH` where there is no file of that name; or the finding that it cannot be read.

    Raises:
        UsageStop: git is not there, or does not have it.
    """
    return read_source(name) if path_in_git(name) is None else _read_from_git(name)


def _read_from_git(spec: str) -> Source | Finding:
    import subprocess  # noqa: PLC0415 - files alone do not need it

    command = ["git", "cat-file", "blob", spec]
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, check=False)  # noqa: S603 - no shell
    except FileNotFoundError:
        message = f"there is no file {spec}, and git, which could have it, is not installed"
        raise UsageStop(message, "name a file") from None
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().partition("\n")[0].removeprefix("fatal: ")
        message = f"there is no file {spec}, and git does not have it: {said}"
        raise UsageStop(message, "name a file, or REV:PATH as 'git show' takes it, such as main:settings.schema.json")
    return source_of(spec, done.stdout)
