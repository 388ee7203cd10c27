"""A ConfigMap in a file that somebody edits."""

from __future__ import annotations

from pathlib import Path
from typing import Self

import yaml


class RefusedError(Exception):
    """An API server would refuse the file; the text says why."""


class ConfigMapFile:
    """The file, and what it was when it was last looked at."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._text = path.read_bytes()
        self.data = read(self._text)

    @classmethod
    def copied(cls, source: Path, path: Path) -> Self:
        """A copy of a manifest to edit, without what says that it is generated."""
        lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.startswith("#")), encoding="utf-8")
        return cls(path)

    def changed(self) -> dict[str, str] | None:
        """The data, if the file says something new.

        Raises:
            RefusedError: it does, and cannot be applied; that is said once.
        """
        try:
            text = self.path.read_bytes()
        except FileNotFoundError:
            return None  # an editor is at it
        if text == self._text:
            return None
        self._text = text
        self.data = read(text)
        return self.data


def read(text: bytes) -> dict[str, str]:
    """The data of a ConfigMap.

    Raises:
        RefusedError: it is none.
    """
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise RefusedError(f"no YAML: {' '.join(str(error).split())}") from error
    data = found.get("data") if isinstance(found, dict) else None
    if not isinstance(data, dict):
        raise RefusedError("no ConfigMap with data")
    wrong = [str(name) for name, value in data.items() if not isinstance(value, str)]
    if wrong:
        raise RefusedError(f"{', '.join(wrong)}: a ConfigMap has texts alone, so quote it")
    return data
