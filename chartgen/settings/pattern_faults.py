r"""Why a pattern is refused, in words: what each spelling outside the common syntax is, and what to write instead."""

from __future__ import annotations

from chartgen.records import dataclass

_ESCAPES = {
    "s": ("\\s is not the same in RE2, Python and JavaScript", "write [ \\t\\r\\n\\f\\v]"),
    "S": ("\\S is not the same in RE2, Python and JavaScript", "write [^ \\t\\r\\n\\f\\v]"),
    "b": ("\\b is not the same in every enforcer", "write out what may stand beside the word, or use ^ and $"),
    "B": ("\\B is not the same in every enforcer", "write out what may stand beside the word"),
    "A": ("\\A is not known to JavaScript", "write ^"),
    "Z": ("\\Z is not known to RE2 and JavaScript", "write $"),
    "z": ("\\z is not known to JavaScript", "write $"),
    "p": ("\\p is not known to Python", "write the characters as a class, such as [A-Za-zÀ-ÿ]"),
    "P": ("\\P is not known to Python", "write the characters as a class, such as [^A-Za-z]"),
    "u": ("\\u is not known to RE2", "write the character itself, or \\xHH up to \\xFF"),
    "U": ("\\U is not known to RE2 and JavaScript", "write the character itself"),
    "x": ("\\x needs two hexadecimal digits", "write \\x41 for A, or the character itself"),
    "k": ("backreferences are not known to RE2", "write the repeated part out"),
    "Q": ("\\Q is known to RE2 only", "put a backslash before each character that has a meaning"),
    "0": ("octal escapes are not the same everywhere", "write \\x00 and the like"),
}
_GROUPS = {
    "=": ("lookahead is not known to RE2", "say what must match instead, or use a rule with two matches()"),
    "!": ("lookahead is not known to RE2", "say what must match instead, or use a rule with !self.name.matches(…)"),
    "<=": ("lookbehind is not known to RE2", "match what stands before, too"),
    "<!": ("lookbehind is not known to RE2", "match what stands before, too"),
    "<": ("named groups are not written alike in RE2, Python and JavaScript", "write ( or (?:"),
    "P<": ("named groups are not written alike in RE2, Python and JavaScript", "write ( or (?:"),
    "P=": ("backreferences are not known to RE2", "write the repeated part out"),
    ">": ("atomic groups are not known to RE2 and JavaScript", "write (?:"),
    "#": ("comments are not known to RE2 and JavaScript", 'use "$comment"'),
    "(": ("conditions are not known to RE2 and JavaScript", "write the alternatives with |"),
}
_FLAGS = (
    "flags inside a pattern are not the same in RE2, Python and JavaScript",
    "write both cases as a class: [Aa]",
)


@dataclass(frozen=True)
class PatternFault:
    """Why a pattern is refused: the index of the code point, a message without a full stop, and what to write."""

    index: int
    message: str
    help: str = ""


def escape_fault(char: str) -> tuple[str, str]:
    """The message and the help for a backslash before a character that must not follow one."""
    if char in _ESCAPES:
        return _ESCAPES[char]
    if char.isdigit():
        return "backreferences are not known to RE2", "write the repeated part out"
    if char.isalpha():
        return f"\\{char} is not the same everywhere", f"write {char} for the letter"
    return f"\\{char} is refused by JavaScript", f"write {char} without the backslash"


def group_fault(after: str) -> tuple[str, str]:
    """The message and the help for a group that begins with `(?` and then this text."""
    signs = (sign for sign in sorted(_GROUPS, key=len, reverse=True) if after.startswith(sign))
    return next((_GROUPS[sign] for sign in signs), _FLAGS)


def ambiguity_fault() -> tuple[str, str]:
    """The message and the help for a repetition that can match one text in too many ways."""
    return (
        "what this repeats can match the same text in so many ways that Python and JavaScript try them for hours",
        r"let each repetition end at a character that what it repeats cannot hold: \w+(,\w+)*",
    )
