"""`.helmignore`: which files of a chart's folder Helm does not load.

Its rules are not those of `.gitignore`: the first rule that fits decides, a rule with `!` leaves out everything that it
does not fit, `**` is refused, and a pattern with a slash must fit the whole path.
"""

from __future__ import annotations

from typing import TypeAlias

from chartgen.finding import Finding, Severity
from chartgen.records import dataclass
from chartgen.source import Source, Span

_SPECIAL = frozenset("*?[\\")
_LONGEST_LINE = 64 * 1024
# Go's blanks: Python's own `strip` takes off four more.
_BLANKS = " \t\n\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


@dataclass(frozen=True)
class Rule:
    """One line: its pattern, and whether it is for the last part of a path alone, for folders alone, turned round.

    `exact` and `ending` are what a path has to be, or to end with, where the pattern says no more.
    """

    pattern: str
    by_name: bool
    folders_only: bool
    negated: bool
    exact: bool = False
    ending: str = ""

    def fits(self, path: str) -> bool:
        """Whether the pattern fits a path, or its last part; one that is wrong fits nothing."""
        name = path.rpartition("/")[2] if self.by_name else path
        if self.exact:
            return self.pattern == name
        if self.ending:
            return name.endswith(self.ending)
        try:
            return go_match(self.pattern, name)
        except BadPatternError:
            return False


Ignored: TypeAlias = "tuple[Rule, ...]"


def _rule(text: str) -> Rule:
    """The rule of a line that Helm takes."""
    bare = text.removeprefix("!").removesuffix("/")
    pattern, by_name = bare.removeprefix("/"), "/" not in bare
    ending = pattern[1:] if by_name and pattern[:1] == "*" and not _SPECIAL & set(pattern[1:]) else ""
    folders_only = text.removeprefix("!").endswith("/")
    return Rule(pattern, by_name, folders_only, text.startswith("!"), not _SPECIAL & set(pattern), ending)


DEFAULT_RULES: Ignored = (_rule("templates/.?*"),)
"""What Helm leaves out of every chart."""


class BadPatternError(ValueError):
    """A pattern that cannot be read as far as it was read."""


def ignore_rules(source: Source) -> Ignored | Finding:
    """The rules of a `.helmignore`, or the finding of the first line that Helm refuses."""
    rules: list[Rule] = []
    start = 0
    for line in source.text.split("\n"):
        text = line.strip(_BLANKS)
        if len(line) * 4 >= _LONGEST_LINE and len(line.encode("utf-8", "surrogateescape")) >= _LONGEST_LINE:
            message = f"this line is longer than {_LONGEST_LINE // 1024} KiB, which Helm does not read"
            return Finding("CG108", Severity.ERROR, message, Span(source, start, start))
        if text and not text.startswith("#"):
            if "**" in text or _is_refused(text):
                at = start + line.index(text)
                message = f"Helm does not read the pattern {text}"
                return Finding("CG108", Severity.ERROR, message, Span(source, at, at + len(text)))
            rules.append(_rule(text))
        start += len(line) + 1
    return tuple(rules)


def _is_refused(text: str) -> bool:
    """Helm tries each line as it stands on a word, which finds some of the wrong ones."""
    if not {"[", "\\"} & set(text):
        return False
    try:
        go_match(text, "abc")
    except BadPatternError:
        return True
    return False


def ignored(rules: Ignored, path: str, *, is_folder: bool) -> bool:
    """Whether Helm leaves out a path, which is relative to the chart's folder."""
    for rule in rules:
        if rule.negated:
            if (rule.folders_only and not is_folder) or not rule.fits(path):
                return True
        elif (is_folder or not rule.folders_only) and rule.fits(path):
            return True
    return False


def go_match(pattern: str, name: str) -> bool:
    """Go's `filepath.Match`.

    Raises:
        BadPatternError: the pattern is wrong in a part that had to be read.
    """
    while pattern:
        star, chunk, pattern = _chunk(pattern)
        if star and not chunk:
            return "/" not in name
        rest = _behind(chunk, name)
        if rest is None or (rest and not pattern):
            rest = _behind_star(chunk, name, is_last=not pattern) if star else None
            if rest is None:
                return False
        name = rest
    return not name


def _behind_star(chunk: str, name: str, *, is_last: bool) -> str | None:
    """What is left of a name when a star has taken a letter or more of it, and the chunk the next; None for no fit."""
    for place, letter in enumerate(name):
        if letter == "/":
            return None
        rest = _behind(chunk, name[place + 1 :])
        if rest is not None and not (is_last and rest):
            return rest
    return None


def _chunk(pattern: str) -> tuple[bool, str, str]:
    """Whether stars come first, the part up to the next one, and the rest."""
    bare = pattern.lstrip("*")
    in_set, place = False, 0
    while place < len(bare):
        letter = bare[place]
        if letter == "\\":
            place += 1
        elif letter in "[]":
            in_set = letter == "["
        elif letter == "*" and not in_set:
            break
        place += 1
    return bare != pattern, bare[:place], bare[place:]


def _behind(chunk: str, name: str) -> str | None:
    """What is left of a name behind the chunk, which has no star; None where the name does not begin with it."""
    failed = False
    at = 0
    while at < len(chunk):
        failed = failed or not name
        letter = chunk[at]
        at += 1
        if letter == "[":
            fits, at = _set(chunk, at, "" if failed else name[0])
        elif letter == "?":
            fits = not failed and name[0] != "/"
        else:
            if letter == "\\":
                if at == len(chunk):
                    raise BadPatternError
                letter = chunk[at]
                at += 1
            fits = not failed and name[0] == letter
        failed = failed or not fits
        name = name[1:]
    return None if failed else name


def _set(chunk: str, at: int, letter: str) -> tuple[bool, int]:
    """Whether the set that begins at an offset, behind its bracket, has a letter; and the offset behind its end."""
    negated = chunk[at : at + 1] == "^"
    at += negated
    found, is_first = False, True
    while is_first or chunk[at : at + 1] != "]":
        low, at = _letter(chunk, at)
        high = low
        if chunk[at] == "-":
            high, at = _letter(chunk, at + 1)
        found = found or low <= letter <= high
        is_first = False
    return found != negated, at + 1


def _letter(chunk: str, at: int) -> tuple[str, int]:
    """A letter of a set, which may be escaped; something has to follow it."""
    if chunk[at : at + 1] in {"", "-", "]"}:
        raise BadPatternError
    at += chunk[at] == "\\"
    if at + 1 >= len(chunk) or "\udc80" <= chunk[at] <= "\udcff":  # a byte that is no UTF-8
        raise BadPatternError
    return chunk[at], at + 1
