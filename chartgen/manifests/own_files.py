"""What a chart's folder holds beside chartgen's own files, copied into another folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from chartgen.documents.chart_files import MAX_FILES, MAX_FOLDERS
from chartgen.finding import OutsideStop

_NEVER = frozenset({".git", ".venv", "node_modules"})  # of a chart that lies in the project's own folder


def copy_files(folder: Path, target: Path, without: Collection[str]) -> None:
    """Copy a folder's files but for some (POSIX paths below it); links are followed, as Helm does it.

    Raises:
        OutsideStop: there are too many, one is no file, or the disk refuses something.
    """
    for number, name in enumerate(_below(folder, "", 0)):
        if number == MAX_FILES:
            raise _refusal(folder, f"holds more than {MAX_FILES} files")
        if name in without:
            continue
        source, copy = folder / name, target / name
        if not source.is_file():  # a pipe or a device would be read without end
            raise _refusal(source, "is neither a file nor a folder, nor a link to one that is there")
        try:
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
        except OSError as error:
            raise _refusal(source, f"cannot be copied: {error.strerror or error}") from error


def _below(folder: Path, name: str, depth: int) -> Iterator[str]:
    if depth > MAX_FOLDERS:
        raise _refusal(folder / name, f"is nested deeper than {MAX_FOLDERS} levels")
    try:
        entries = sorted(os.listdir(folder / name))
    except OSError as error:
        raise _refusal(folder / name, f"cannot be read: {error.strerror or error}") from error
    for entry in entries:
        path = f"{name}{entry}"
        if (folder / path).is_dir():
            yield from _below(folder, f"{path}/", depth + 1) if entry not in _NEVER else ()
        else:
            yield path


def _refusal(path: Path, reason: str) -> OutsideStop:
    return OutsideStop(f"{path} {reason}", "correct it, or move it out of the chart's folder")
