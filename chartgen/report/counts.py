"""What a report counts beside its findings."""

from __future__ import annotations

from chartgen.records import dataclass


@dataclass(frozen=True)
class Counts:
    """How much was judged, and how many findings are accepted and so not told."""

    files: int = 0
    charts: int = 0
    environments: int = 0
    ignored: int = 0

    def judged(self) -> str:
        """`3 files, 2 environments`."""
        numbers = {"file": self.files, "chart": self.charts, "environment": self.environments}
        return ", ".join(counted(number, word) for word, number in numbers.items() if number)


def counted(number: int, word: str) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {word}{'' if number == 1 else 's'}"
