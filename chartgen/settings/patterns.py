r"""The regular expressions that every enforcer reads alike.

Helm and Kubernetes judge by RE2, the entrypoint by Python's `re`, the page by JavaScript, chartgen itself by Rust's
`regex`. Patterns may use only what the four have in common and mean the same by: literals, `.`, anchors, groups,
alternation, classes, `\d \D \w \W`, the usual escapes, and counted or lazy repetition within RE2's limits.
"""

from __future__ import annotations

import re

from chartgen.settings.pattern_ambiguity import ambiguous_loop
from chartgen.settings.pattern_faults import PatternFault, ambiguity_fault, escape_fault, group_fault
from chartgen.settings.pattern_parts import Part, either, in_order

__all__ = ["PatternFault", "check_pattern", "to_javascript", "to_python"]

SYNTAX = frozenset("^$\\.*+?()[]{}|/")
"""What a backslash may stand before to mean the character itself; in a class a `-`, too."""

MAX_REPEAT = 1000
"""RE2's limit of a count, and of the product of nested counts."""

MAX_SIZE = 5_000
"""The limit of ranges in a pattern whose counts are written out; within it, every engine compiles it."""

MAX_DEPTH = 50

MAX_LOOSE = 10
"""How often a repetition may be repeated: a count is polynomial, no count is exponential."""

_TOKEN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|[.$]", re.DOTALL)
_COUNT = re.compile(r"\{(0|[1-9][0-9]*)(,(0|[1-9][0-9]*)?)?\}")
_HEX = re.compile(r"[0-9A-Fa-f]{2}")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v"}
_SETS = frozenset("dDwW")
_DOUBLED = frozenset("&-~|")
_LITERALLY = "put a backslash before it to mean the character itself"


class _RefusedError(Exception):
    def __init__(self, index: int, message: str, help_text: str = "") -> None:
        super().__init__(message)
        self.fault = PatternFault(index, message, help_text)


def check_pattern(pattern: str) -> PatternFault | None:
    """The first thing in a pattern that not every enforcer reads alike, or None where it is sound."""
    try:
        _Parser(pattern).whole()
    except _RefusedError as refused:
        return refused.fault
    loop = ambiguous_loop(pattern) if any(sign in pattern for sign in "*+?{") else None
    return None if loop is None else PatternFault(loop.index, *ambiguity_fault())


def to_python(pattern: str) -> str:
    r"""The same for Python's `re` under `re.ASCII`: there `$` also matches before a last line break, `\Z` does not.

    The pattern must be sound: see `check_pattern`.
    """
    return _TOKEN.sub(lambda found: r"\Z" if found[0] == "$" else found[0], pattern)


def to_javascript(pattern: str) -> str:
    r"""The same for JavaScript's `new RegExp(text, "u")`: there `.` leaves out `\r`, U+2028 and U+2029, too.

    The pattern must be sound: see `check_pattern`.
    """
    return _TOKEN.sub(lambda found: r"[^\n]" if found[0] == "." else found[0], pattern)


class _Parser:
    """Reads a pattern once, from left to right; each method starts at `at` and leaves it behind what it read."""

    def __init__(self, pattern: str) -> None:
        self.text = pattern
        self.at = 0
        self.depth = 0

    def whole(self) -> None:
        for index, char in enumerate(self.text):
            if char == "\0" or "\ud800" <= char <= "\udfff":
                raise _RefusedError(index, "this character cannot stand in a pattern", "write \\x00 for NUL")
        part = self.alternatives()
        if self.at < len(self.text):
            raise _RefusedError(self.at, "this ) closes no group", _LITERALLY)
        if part.size > MAX_SIZE:
            raise _RefusedError(
                0, f"with its counts written out, the pattern is larger than {MAX_SIZE}", "lower the counts"
            )

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def alternatives(self) -> Part:
        parts = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            parts.append(self.sequence())
        return either(parts)

    def sequence(self) -> Part:
        parts = []
        while self.peek() and self.peek() not in "|)":
            parts.append(self.repeated())
        return in_order(parts)

    def repeated(self) -> Part:
        part = self.atom()
        sign = self.at
        count = self.quantifier()
        if count is None:
            return part
        low, high = count
        if self.peek() == "?":
            self.at += 1
        if self.peek() and self.peek() in "*+?{":
            message = "a repetition cannot be repeated, and possessive repetition is not known to RE2 and JavaScript"
            raise _RefusedError(self.at, message, "put the inner one into (?: )")
        if part.void:
            raise _RefusedError(sign, "there is nothing here that could be repeated", "leave the repetition out")
        if part.loose and (high is None or high > MAX_LOOSE):
            message = "a repetition of nothing but a repetition takes Python and JavaScript exponential time"
            raise _RefusedError(sign, message, r"write one of them, or what must stand between: \w+(,\w+)*")
        most = low if high is None else high
        repeats = part.repeats * max(most, 1)
        if repeats > MAX_REPEAT:
            raise _RefusedError(sign, f"nested counts multiply to more than RE2's {MAX_REPEAT}", "lower the counts")
        size = part.size * max(most + (high is None), 1)
        return Part(size, repeats, part.empty or low == 0, void=False, loose=part.loose or high is None)

    def quantifier(self) -> tuple[int, int | None] | None:
        sign = self.peek()
        if sign and sign in "*+?":
            self.at += 1
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        if sign != "{":
            return None
        found = _COUNT.match(self.text, self.at)
        if found is None:
            raise _RefusedError(self.at, "this { begins no count", "write {2}, {2,} or {2,5}; \\{ means the character")
        low = int(found[1])
        high = low if found[2] is None else int(found[3]) if found[3] else None
        if max(low, high or 0) > MAX_REPEAT:
            raise _RefusedError(self.at, f"a count is larger than RE2's {MAX_REPEAT}", "lower the count")
        if high is not None and high < low:
            raise _RefusedError(self.at, "the counts are in the wrong order", f"write {{{high},{low}}}")
        self.at = found.end()
        return low, high

    def atom(self) -> Part:
        char, start = self.peek(), self.at
        self.at += 1
        if char == "(":
            return self.group(start)
        if char == "[":
            return self.char_class(start)
        if char in "^$":
            return Part(1)
        if char == "\\":
            self.escape(start, in_class=False)
        elif char in "*+?{":
            raise _RefusedError(start, f"there is nothing that {char} could repeat", _LITERALLY)
        elif char in "]}":
            raise _RefusedError(start, f"this {char} closes nothing", _LITERALLY)
        return Part(1, empty=False, void=False)

    def group(self, start: int) -> Part:
        if self.peek() == "?":
            self.group_kind(start)
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _RefusedError(start, f"groups are nested deeper than {MAX_DEPTH}", "write it flatter")
        part = self.alternatives()
        if self.peek() != ")":
            raise _RefusedError(start, "this ( is not closed", "close it with ), or write \\(")
        self.at += 1
        self.depth -= 1
        return part

    def group_kind(self, start: int) -> None:
        self.at += 1
        if self.peek() == ":":
            self.at += 1
            return
        raise _RefusedError(start, *group_fault(self.text[self.at :]))

    def escape(self, start: int, *, in_class: bool) -> str | None:
        r"""The character that an escape means, None for a set such as `\d`."""
        char = self.peek()
        if not char:
            raise _RefusedError(start, "the pattern ends in a backslash", "write \\\\ for a backslash")
        self.at += 1
        if char in _SETS:
            return None
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char in SYNTAX or (in_class and char == "-"):
            return char
        if char == "x" and (found := _HEX.match(self.text, self.at)):
            self.at = found.end()
            return chr(int(found[0], 16))
        raise _RefusedError(start, *escape_fault(char))

    def char_class(self, start: int) -> Part:
        if self.peek() == "^":
            self.at += 1
        if self.peek() == "]":
            message = "a class that begins with ] is empty in JavaScript, and not in RE2 and Python"
            raise _RefusedError(self.at, message, "write \\] for the character")
        ranges = 0
        while self.peek() != "]":
            if not self.peek():
                raise _RefusedError(start, "this [ is not closed", "close it with ], or write \\[")
            self.class_range()
            ranges += 1
        self.at += 1
        return Part(ranges, empty=False, void=False)

    def class_range(self) -> None:
        start = self.at
        low = self.class_char()
        if self.peek() != "-" or self.text[self.at + 1 : self.at + 2] in {"]", ""}:
            return
        dash = self.at
        self.at += 1
        if self.peek() == "-":
            raise _RefusedError(dash, "-- in a class is an operation on sets to some", "write \\- for the character")
        high = self.class_char()
        if low is None or high is None:
            raise _RefusedError(dash, "a range needs a character at each end", "write \\- for the character")
        if high < low:
            raise _RefusedError(start, "the range is in the wrong order", f"write {high}-{low}")

    def class_char(self) -> str | None:
        char, start = self.peek(), self.at
        self.at += 1
        if char == "[":
            raise _RefusedError(start, "a [ in a class is not read alike: nested sets, [:alpha:]", "write \\[")
        if char in _DOUBLED and self.peek() == char:
            raise _RefusedError(
                start,
                f"{char}{char} in a class is an operation on sets to some",
                f"write \\{char}" if char in SYNTAX | {"-"} else "write it once",
            )
        return self.escape(start, in_class=True) if char == "\\" else char
