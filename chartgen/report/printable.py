"""Texts of others on a terminal: what would steer it, or hide a text, is shown as an escape."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text with every character that prints nothing escaped, but for line breaks, tabs and lone surrogates."""
    return "\n".join(line if line.isprintable() else "".join(map(_shown, line)) for line in text.split("\n"))


def _shown(character: str) -> str:
    kept = character.isprintable() or character in "\n\t" or "\ud800" <= character < "\ue000"
    return character if kept else character.encode("unicode_escape").decode()
