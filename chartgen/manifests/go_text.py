"""Texts as Go's templates and Helm's YAML writer print them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping
from functools import cmp_to_key
from itertools import takewhile

from chartgen.documents.scalars import resolve_plain

_ESCAPES = {
    '"': '\\"', "\\": "\\\\", "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
}  # fmt: skip
_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_LONGEST_KEY = 128  # of a key that stands on one line with its value


def quoted(text: str) -> str:
    """A text as the template function `quote` prints it.

    What is a printable character depends on the version of Unicode: one that is younger than Unicode 14 may be printed as
    itself or as its escape. YAML reads both alike.
    """
    return '"' + "".join(_ESCAPES.get(char) or _shown(char) for char in text) + '"'


def _shown(char: str) -> str:
    code = ord(char)
    if char.isprintable():
        return char
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def to_yaml(labels: Mapping[str, str]) -> Iterator[str]:
    """The lines that `toYaml` makes of labels: texts of letters, digits and `-_./` only."""
    for key in sorted(labels, key=cmp_to_key(_compare)):
        name, value = _scalar(key), _scalar(labels[key])
        if len(key) <= _LONGEST_KEY:
            yield f"{name}: {value}"
        else:
            yield f"? {name}"
            yield f": {value}"


def _scalar(text: str) -> str:
    """In quotes where it would be read as anything but a text."""
    is_text = isinstance(resolve_plain(text), str) and not _is_date(text)
    return text if is_text else quoted(text)


def _is_date(text: str) -> bool:
    match = _DATE.fullmatch(text)
    if match is None:
        return False
    year, month, day = map(int, match.groups())
    return 1 <= month <= 12 and 1 <= day <= monthrange(year or 4, month)[1]  # the year 0 is a leap year


def _compare(one: str, other: str) -> int:
    """The order of keys: numbers in them by size, letters after everything else."""
    place = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if place is None:
        return len(one) - len(other)
    a, b = one[place], other[place]
    if a.isalpha() or b.isalpha():
        return ord(a) - ord(b) if a.isalpha() and b.isalpha() else (1 if a.isalpha() else -1)
    # A zero in the middle of a number is a digit like others; one at its start is left out of the number.
    inside = "0" in (a, b) and bool("".join(_digits(reversed(one[:place]))).strip("0"))
    of_one, of_other = ("".join(_digits(text[place:])) for text in (one, other))
    numbers = [_int64(f"{int(inside)}{digits}") for digits in (of_one, of_other)]
    if numbers[0] != numbers[1]:
        return 1 if numbers[0] > numbers[1] else -1
    return len(of_one) - len(of_other) or ord(a) - ord(b)


def _int64(digits: str) -> int:
    """The number, as it comes out of an int64 that overflows."""
    return (int(digits) + 2**63) % 2**64 - 2**63


def _digits(chars: Iterable[str]) -> Iterator[str]:
    return takewhile(lambda char: char.isdecimal(), chars)
