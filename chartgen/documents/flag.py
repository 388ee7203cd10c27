"""A use of `--set` or its kin, or of `-f`, before it is read."""

from __future__ import annotations

import re

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


def file_names(text: str) -> list[str]:
    """The files that one `-f` names: several between commas, in quotes where a name holds a comma or a quote.

    It is the first line that is not empty of what Go's reader of CSV takes.

    Raises:
        ValueError: a quote stands where none may, or there is no line.
    """
    if not text or not {",", '"', "\n", "\r"} & set(text):
        return [text] if text else []
    line = re.sub(r"\r\Z", "", text.replace("\r\n", "\n")).lstrip("\n")
    names: list[str] = []
    at = 0 if line else -1
    while at >= 0:
        quoted = re.compile(r'"((?:[^"]|"")*+)"(?=[,\n]|\Z)').match(line, at)
        bare = re.compile(r'([^",\n]*+)(?=[,\n]|\Z)').match(line, at)
        found = quoted or bare
        if found is None:
            break
        names.append(found[1].replace('""', '"'))
        if line[found.end() : found.end() + 1] != ",":
            return names
        at = found.end() + 1
    raise ValueError


def is_name_to_helm(name: str) -> bool:
    """Whether Helm looks for a file of this name: it takes each for a URL first, and some are none."""
    if name.isprintable() and not {"%", ":"} & set(name) and not name.startswith("//"):
        return True
    from chartgen.documents.go_urls import UrlError, parse_url  # noqa: PLC0415 - few names need it

    try:
        parse_url(name)
    except UrlError:
        return False
    return True
