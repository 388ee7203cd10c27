"""`.helmignore`: which files of a chart's folder Helm does not load.

Its rules are not those of `.gitignore`: the first rule that fits decides, a rule with `!` leaves out everything that it
does not fit, `**` is refused, and a pattern with a slash must fit the whole path.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from chartgen.finding import Finding, Severity
from chartgen.records import dataclass
from chartgen.source import Source, Span


@dataclass(frozen=True)
class Rule:
    """One line: its pattern, and whether it is for the last part of a path alone, for folders alone, turned round."""

    pattern: re.Pattern[str]
    by_name: bool
    folders_only: bool
    negated: bool

    def fits(self, path: str) -> bool:
        """Whether the pattern fits a path, or its last part."""
        return self.pattern.fullmatch(path.rpartition("/")[2] if self.by_name else path) is not None


Ignored: TypeAlias = "tuple[Rule, ...]"


def ignore_rules(source: Source) -> Ignored | Finding:
    """The rules of a `.helmignore`, or the finding of the first line that Helm refuses."""
    rules: list[Rule] = []
    start = 0
    for line in source.text.split("\n"):
        text = line.strip()
        if text and not text.startswith("#"):
            pattern = _pattern(_bare(text))
            if pattern is None or "**" in text or _pattern(text) is None:
                at = start + line.index(text)
                message = f"Helm does not read the pattern {text}"
                return Finding("CG108", Severity.ERROR, message, Span(source, at, at + len(text)))
            bare = text.removeprefix("!").removesuffix("/")
            rules.append(Rule(pattern, "/" not in bare, text.removeprefix("!").endswith("/"), text.startswith("!")))
        start += len(line) + 1
    return tuple(rules)


def _bare(text: str) -> str:
    """The pattern of a line, without the signs around it."""
    return text.removeprefix("!").removesuffix("/").removeprefix("/")


def ignored(rules: Ignored, path: str, *, is_folder: bool) -> bool:
    """Whether Helm leaves out a path, which is relative to the chart's folder."""
    for rule in rules:
        if rule.negated:
            if (rule.folders_only and not is_folder) or not rule.fits(path):
                return True
        elif (is_folder or not rule.folders_only) and rule.fits(path):
            return True
    return False


def _pattern(text: str) -> re.Pattern[str] | None:
    """Go's `filepath.Match` as a regular expression, or None for a pattern that it refuses."""
    parts: list[str] = []
    at = 0
    while at < len(text):
        letter = text[at]
        at += 1
        if letter == "*":
            parts.append("[^/]*+" if at == len(text) else "[^/]*")
        elif letter == "?":
            parts.append("[^/]")
        elif letter == "[":
            found = _class(text, at)
            if found is None:
                return None
            part, at = found
            parts.append(part)
        elif letter == "\\":
            if at == len(text):
                return None
            parts.append(re.escape(text[at]))
            at += 1
        else:
            parts.append(re.escape(letter))
    return re.compile("".join(parts), re.DOTALL)


def _class(text: str, at: int) -> tuple[str, int] | None:
    """The set of letters that begins behind a `[`, and the offset behind its end."""
    negated = text[at : at + 1] == "^"
    at += negated
    ranges: list[str] = []
    while not (ranges and text[at : at + 1] == "]"):
        low = _letter(text, at)
        if low is None:
            return None
        at = low[1]
        high = low
        if text[at : at + 1] == "-":
            found = _letter(text, at + 1)
            if found is None:
                return None
            high, at = found, found[1]
        if low[0] <= high[0]:  # else it fits nothing, to Go
            ranges.append(f"{re.escape(low[0])}-{re.escape(high[0])}")
        else:
            ranges.append("")
    inner = "".join(ranges)
    if not inner:
        return (r"[\s\S]" if negated else r"(?!)"), at + 1
    return f"[{'^' if negated else ''}{inner}]", at + 1


def _letter(text: str, at: int) -> tuple[str, int] | None:
    letter = text[at : at + 1]
    if not letter or letter in "-]":
        return None
    if letter == "\\":
        at += 1
        letter = text[at : at + 1]
    # A set that ends nowhere is refused behind its last letter, too.
    return (letter, at + 1) if letter and at + 1 < len(text) else None
