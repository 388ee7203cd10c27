r"""Escapes and bracketed classes of Go's regular expressions, spelled for a reader that knows few spellings.

What is written here are letters and digits, `\uXXXX` or `\u{X}` for every other character, and `\p{...}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from chartgen.documents.re2_names import MAX_RUNE, PERL, POSIX, negated, property_name

_ESCAPE = r"x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|0[0-7]{0,2}|[1-7][0-7]{1,2}|[afnrtv]|[\x00-/:-@\[-`{-\x7f]"
_LETTERS = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_POSIX = r"(?s)\[:(.*?):\]"
_SURROGATES = (0xD800, 0xDFFF)

NOTHING = r"[^\u{0}-\u{10FFFF}]"
"""The class that no character is in."""


class PatternError(ValueError):
    """A pattern that Go's regexp does not read; the message says why, in Go's words where it has some."""


def character(code: int) -> str:
    """One character, a code point, as it may stand inside a class and outside."""
    letter = chr(code)
    if code < 0x80 and letter.isalnum():
        return letter
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\u{{{code:X}}}"


def ranges(pairs: Iterable[tuple[int, int]]) -> str:
    """The inside of a class for ranges of code points; surrogates, which no text holds, are left out."""
    return "".join(_range(low, high) for low, high in pairs)


def _range(low: int, high: int) -> str:
    first, last = _SURROGATES
    if low <= last and high >= first:
        return (_range(low, first - 1) if low < first else "") + (_range(last + 1, high) if high > last else "")
    return character(low) if low == high else f"{character(low)}-{character(high)}"


def escape(text: str, start: int) -> tuple[int, int]:
    r"""The code point that the escape at `start`, a `\`, means, and where it ends.

    Raises:
        PatternError: Go knows no such escape.
    """
    if start + 1 >= len(text):
        raise PatternError("trailing backslash at end of expression")
    found = re.compile(_ESCAPE).match(text, start + 1)
    code = _code(found[0]) if found else MAX_RUNE + 1
    if found is None or code > MAX_RUNE:
        raise PatternError(f"invalid escape sequence: `{text[start : start + 2]}`")
    return code, found.end()


def _code(name: str) -> int:
    if name[0] == "x":
        return int(name[1:].strip("{}"), 16)
    if name[0].isdigit():
        return int(name, 8)
    return _LETTERS.get(name, ord(name[0]))


def group_of_characters(text: str, start: int) -> tuple[str, int] | None:
    r"""The inside of a class for `\d`, `\pL` and the like at `start`, and where that ends; None if there is none.

    Raises:
        PatternError: Go knows no property of that name.
    """
    kind = text[start + 1 : start + 2]
    if text[start : start + 1] != "\\" or not kind:
        return None
    if kind in "pP":
        return _property(text, start, positive=kind == "p")
    perl = PERL.get(kind.lower())
    if perl is None:
        return None
    return ranges(perl if kind.islower() else negated(perl)), start + 2


def _property(text: str, start: int, *, positive: bool) -> tuple[str, int] | None:
    if start + 2 >= len(text):
        return None  # `\p` alone is no escape
    end = start + 3
    if text[start + 2] == "{":
        end = text.find("}", start) + 1 or len(text) + 1
    name = text[start + 2 : end].removeprefix("{").removesuffix("}")
    if name.startswith("^"):
        positive, name = not positive, name[1:]
    known = property_name(name) if end <= len(text) else None
    if known is None:
        raise PatternError(f"invalid character class range: `{text[start:end]}`")
    if known in {"Cs", "Surrogate"}:
        return ("" if positive else ranges([(0, MAX_RUNE)])), end
    return f"\\{'p' if positive else 'P'}{{{known}}}", end


def bracketed(text: str, start: int) -> tuple[str, int]:
    """The class in brackets at `start`, and where it ends.

    Raises:
        PatternError: Go does not read it.
    """
    place = start + 1
    positive = text[place : place + 1] != "^"
    first = place = place if positive else place + 1
    inside = ""
    while place >= len(text) or text[place] != "]" or place == first:
        more, place = _member(text, place, start)
        inside += more
    if not inside:
        return (NOTHING if positive else f"[{ranges([(0, MAX_RUNE)])}]"), place + 1
    return f"[{'' if positive else '^'}{inside}]", place + 1


def _member(text: str, place: int, start: int) -> tuple[str, int]:
    named = re.compile(_POSIX).match(text, place)
    if named is not None:
        return _posix(named[1]), named.end()
    group = group_of_characters(text, place)
    if group is not None:
        return group
    low, end = _class_character(text, place, start)
    high = low
    if text[end : end + 1] == "-" and text[end + 1 : end + 2] not in {"]", ""}:
        high, end = _class_character(text, end + 1, start)
        if high < low:
            raise PatternError(f"invalid character class range: `{text[place:end]}`")
    return ranges([(low, high)]), end


def _posix(name: str) -> str:
    members = POSIX.get(name.removeprefix("^"))
    if members is None:
        raise PatternError(f"invalid character class range: `[:{name}:]`")
    return ranges(negated(members) if name.startswith("^") else members)


def _class_character(text: str, place: int, start: int) -> tuple[int, int]:
    if place >= len(text):
        raise PatternError(f"missing closing ]: `{text[start:]}`")
    return escape(text, place) if text[place] == "\\" else (ord(text[place]), place + 1)
