"""A use of `--set` or its kin, before it is read."""

from __future__ import annotations

from chartgen.records import dataclass

KINDS = ("set-json", "set", "set-string", "set-file", "set-literal")
"""The flags without their dashes, in the order in which Helm applies them."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One use of a flag: its kind, of `KINDS`, and its argument."""

    kind: str
    text: str

    @property
    def name(self) -> str:
        """The flag as the user wrote it."""
        return f"--{self.kind} {self.text}"
