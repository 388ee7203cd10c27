"""Golden texts: what a program says, kept in a file under `tests/golden/` and compared whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "golden"


@dataclass(frozen=True)
class Golden:
    """Compares a text with its golden file; with `update` (`--update-golden`), writes the file instead."""

    folder: Path
    update: bool

    def __call__(self, name: str, actual: str) -> None:
        """Assert that `actual` is the text of the golden file `name` (a path below the folder)."""
        file = self.folder / name
        if self.update:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(actual, encoding="utf-8", newline="\n")
        assert file.exists(), f"{file} is not there: run pytest with --update-golden and read what it wrote"
        expected = file.read_bytes().decode()

        assert expected == actual
