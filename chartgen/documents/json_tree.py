"""A JSON text becomes a tree with spans, by JSON's own rules (RFC 8259): the standard library gives no positions."""

from __future__ import annotations

import re
from typing import NoReturn

from chartgen.documents.json_problems import (
    Words,
    control_character,
    large_number,
    no_key,
    no_number,
    no_value,
    shown,
    written_twice,
)
from chartgen.documents.limits import MAX_DEPTH, MAX_NODES
from chartgen.documents.nodes import Entry, Mapping, Node, Scalar, Sequence
from chartgen.documents.scalars import whole
from chartgen.documents.yaml_faults import warn
from chartgen.finding import Finding, Severity, is_error
from chartgen.source import Source, Span

_BLANKS = frozenset(" \t\r\n")
_BLANK = re.compile(r"[ \t\r\n]*")
_PLAIN_KEY = re.compile(r'"([^"\\\x00-\x1f]*)"[ \t\r\n]*:[ \t\r\n]*')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_CHARACTERS = re.compile(r'[^"\\\x00-\x1f]*')
_WORD = re.compile(r"[A-Za-z0-9_.+-]*")
_WORDS = {"true": True, "false": False, "null": None}
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_HEX4 = re.compile(r"[0-9a-fA-F]{4}")


def parse_json(source: Source, *, exact: bool = False) -> tuple[Node | None, list[Finding]]:
    """The tree of a JSON text, and what there is to say of it; no tree if a finding is an error.

    Numbers are float64, as Helm's values are; with `exact`, integers keep all their digits, as in Helm's schemas.

    CG102: not JSON; CG103 (warning): a key written twice, the last one counts; CG104: a number that no float64 holds;
    CG105: too deep or too large.
    """
    scanner = _Scanner(source, exact=exact)
    try:
        tree = scanner.document()
    except _FaultError as fault:
        return None, [*scanner.findings, fault.finding]
    if any(is_error(finding) for finding in scanner.findings):
        return None, scanner.findings
    return tree, scanner.findings


def parse_json_value(source: Source, start: int) -> tuple[Node | None, int, list[Finding]]:
    """The JSON value that begins at an offset, and the offset behind it; findings as of `parse_json`."""
    scanner = _Scanner(source)
    scanner.at = start
    try:
        return scanner.value(0), scanner.at, scanner.findings
    except _FaultError as fault:
        return None, scanner.at, [*scanner.findings, fault.finding]


class _FaultError(Exception):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class _Scanner:
    """One pass over the text; `at` is the offset of the next character."""

    def __init__(self, source: Source, *, exact: bool = False) -> None:
        self.source = source
        self.text = source.text
        self.exact = exact
        self.at = 0
        self.count = 0
        self.findings: list[Finding] = []

    def fail(self, words: str | Words, start: int, end: int | None = None, code: str = "CG102") -> NoReturn:
        message, help_text = (words, "") if isinstance(words, str) else words
        stop = min(start + 1, len(self.text)) if end is None else end
        raise _FaultError(Finding(code, Severity.ERROR, message, Span(self.source, start, stop), help=help_text))

    def blank(self) -> str:
        """Skip white space; the character that follows, empty at the end."""
        character = self.text[self.at : self.at + 1]
        if character not in _BLANKS:
            return character
        match = _BLANK.match(self.text, self.at)
        self.at = match.end() if match else self.at
        return self.text[self.at : self.at + 1]

    def document(self) -> Node:
        if not self.blank():
            self.fail("the file is empty: expected a JSON value", self.at)
        node = self.value(0)
        if self.blank():
            self.fail(("expected the end of the text after the JSON value", "remove what follows"), self.at)
        return node

    def value(self, depth: int) -> Node:
        self.count += 1
        if self.count > MAX_NODES:
            self.fail(
                (f"the file holds more than {MAX_NODES} values", "keep the data out of it"), self.at, code="CG105"
            )
        character = self.blank()
        if character == "{":
            return self.object(depth)
        if character == "[":
            return self.array(depth)
        start = self.at
        if character == '"':
            text = self.string()
            return Scalar(text, Span(self.source, start, self.at))
        if character and character in "-0123456789":
            return self.number()
        return self.word()

    def open(self, depth: int) -> int:
        if depth >= MAX_DEPTH:
            words = f"the text is nested deeper than {MAX_DEPTH} levels", "keep the values flatter"
            self.fail(words, self.at, code="CG105")
        self.at += 1
        return self.at - 1

    def object(self, depth: int) -> Mapping:
        start = self.open(depth)
        entries: dict[str, Entry] = {}
        if self.blank() != "}":
            while True:
                entry = self.entry(depth)
                first = entries.pop(entry.key, None)
                if first is not None:
                    warn(self.findings, written_twice(first, entry))
                entries[entry.key] = entry
                if not self.goes_on("}", entry.value):
                    break
        self.at += 1
        return Mapping(tuple(entries.values()), Span(self.source, start, self.at))

    def entry(self, depth: int) -> Entry:
        plain = _PLAIN_KEY.match(self.text, self.at)
        if plain is not None:
            self.at = plain.end()
            return Entry(plain[1], Span(self.source, plain.start(), plain.end(1) + 1), self.value(depth + 1))
        if self.blank() != '"':
            self.fail(no_key(self.text[self.at : self.at + 1]), self.at)
        start = self.at
        key = self.string()
        span = Span(self.source, start, self.at)
        if self.blank() != ":":
            self.fail((f'expected `:` after the key "{shown(key)}"', "write it, and a value behind it"), self.at)
        self.at += 1
        return Entry(key, span, self.value(depth + 1))

    def array(self, depth: int) -> Sequence:
        start = self.open(depth)
        items: list[Node] = []
        if self.blank() != "]":
            while True:
                items.append(self.value(depth + 1))
                if not self.goes_on("]", items[-1]):
                    break
        self.at += 1
        return Sequence(tuple(items), Span(self.source, start, self.at))

    def goes_on(self, closing: str, last: Node) -> bool:
        """Whether a comma follows the last value; else the closing bracket does."""
        character = self.blank()
        if character == closing:
            return False
        if character != ",":
            place = self.at if character else last.span.end
            self.fail((f"expected `,` or `{closing}`", "write the one that is missing"), place)
        comma = self.at
        self.at += 1
        if self.blank() == closing:
            self.fail((f"expected another value, not a comma before `{closing}`", "remove the comma"), comma)
        return True

    def number(self) -> Scalar:
        start = self.at
        match = _NUMBER.match(self.text, start)
        word = _WORD.match(self.text, start)
        end = word.end() if word else start
        if match is None or match.end() != end:
            end = max(end, start + 1)
            self.fail(no_number(self.text[start:end]), start, end)
        number = float(match[0])
        if number - number != 0:
            self.fail(large_number(match[0]), start, end, "CG104")
        if self.exact and not number and match[0].lower().partition("e")[0].strip("-.0"):
            message = f"{match[0]} is nearer to 0 than any other number that JSON readers hold"
            self.fail((message, "write 0"), start, end, "CG104")
        self.at = end
        value = int(match[0]) if self.exact and match[0].lstrip("-").isdecimal() else whole(number)
        return Scalar(value, Span(self.source, start, end))

    def word(self) -> Scalar:
        match = _WORD.match(self.text, self.at)
        word = match[0] if match else ""
        if word not in _WORDS:
            found = word or self.text[self.at : self.at + 1]
            self.fail(no_value(found), self.at, self.at + len(found))
        start = self.at
        self.at += len(word)
        return Scalar(_WORDS[word], Span(self.source, start, self.at))

    def string(self) -> str:
        opening = self.at
        at = opening + 1
        parts: list[str] = []
        while True:
            match = _CHARACTERS.match(self.text, at)
            end = match.end() if match else at
            parts.append(self.text[at:end])
            character = self.text[end : end + 1]
            if character == '"':
                self.at = end + 1
                return "".join(parts)
            if character != "\\":
                self.unended(opening, end)
            part, at = self.escape(end)
            parts.append(part)

    def unended(self, opening: int, end: int) -> NoReturn:
        if self.text[end : end + 1] in ("", "\n", "\r"):
            words = "the string has no closing quote on its line", 'write `"`, or `\\n` for a line break'
            self.fail(words, opening, end)
        self.fail(control_character(ord(self.text[end])), end)

    def escape(self, at: int) -> tuple[str, int]:
        """The character that an escape at `at` stands for, and the offset behind it."""
        letter = self.text[at + 1 : at + 2]
        if letter in _ESCAPES:
            return _ESCAPES[letter], at + 2
        if letter != "u":
            words = f"`\\{letter}` is not an escape in JSON", "write `\\\\` for a backslash"
            self.fail(words, at, min(at + 2, len(self.text)))
        code = self.unit(at)
        if 0xD800 <= code < 0xDC00 and self.text[at + 6 : at + 8] == "\\u":
            low = self.unit(at + 6)
            if 0xDC00 <= low < 0xE000:
                return chr(0x10000 + ((code - 0xD800) << 10) + low - 0xDC00), at + 12
        if 0xD800 <= code < 0xE000:
            words = "half a surrogate pair is not a character", "write both halves, or the character itself"
            self.fail(words, at, at + 6)
        return chr(code), at + 6

    def unit(self, at: int) -> int:
        match = _HEX4.match(self.text, at + 2)
        if match is None:
            self.fail("expected four hexadecimal digits after `\\u`", at, min(at + 2, len(self.text)))
        return int(match[0], 16)
