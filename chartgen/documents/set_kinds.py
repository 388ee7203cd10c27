"""The kinds of `--set`: what each makes of a value."""

from __future__ import annotations

import re
from collections.abc import Callable

from chartgen.documents.flag import is_name_to_helm
from chartgen.documents.json_tree import parse_json_value
from chartgen.documents.nodes import Scalar
from chartgen.documents.set_faults import FlagError, flag_fault, refused
from chartgen.documents.set_grammar import SetParser
from chartgen.documents.set_values import Room, Value, thawed
from chartgen.finding import Finding, Note
from chartgen.records import replace
from chartgen.source import Source, Span

_INTEGER = re.compile(r"[+-]?[0-9]+")
_BLANKS = re.compile(r"(?:[^\S\x1c-\x1f])*")
_WORDS = {"true": True, "false": False, "null": None}


def parser_of(kind: str, source: Source, read: Callable[[str], Source | Finding], room: Room) -> SetParser:
    """The parser of a flag, by its kind without dashes; `read` reads the files of `set-file`, lists grow into `room`."""
    if kind == "set-json":
        return JsonParser(source, typed, room)
    if kind == "set-literal":
        return LiteralParser(source, typed, room)
    if kind == "set-file":
        return SetParser(source, lambda path, span: _content(path, span, read), room)
    return SetParser(source, typed if kind == "set" else Scalar, room)


def _content(path: str, span: Span, read: Callable[[str], Source | Finding]) -> Scalar:
    if not is_name_to_helm(path):
        raise flag_fault("Helm takes names for URLs, and does not look for a file of this one", span)
    found = read(path)
    if isinstance(found, Finding):
        raise FlagError(replace(found, notes=(Note("this flag reads the file", span),)))
    return Scalar(found.text, span)


class JsonParser(SetParser):
    """`--set-json` in the form `key=JSON,key=JSON`."""

    def _value(self, put: Callable[[Value], None]) -> bool:
        start = self.at
        if self._blank():
            put(Scalar(None, Span(self.source, start, start)))
            return False
        node, self.at, findings = parse_json_value(self.source, self.at)
        if node is None:
            raise refused(findings)
        self.warnings += findings
        put(thawed(node))
        self._blank()
        return False

    def _blank(self) -> bool:
        """Skip white space and one comma behind it; whether nothing else stood there."""
        match = _BLANKS.match(self.text, self.at)
        self.at = match.end() if match else self.at
        if self.at == len(self.text):
            return True
        if self.text[self.at] == ",":
            self.at += 1
            return True
        return False


class LiteralParser(SetParser):
    """`--set-literal`: the value is the rest, and nothing is escaped."""

    stops = "=[."

    def _until(self, stops: str) -> tuple[str, str]:
        start = self.at
        end = min((place for stop in stops if (place := self.text.find(stop, start)) >= 0), default=len(self.text))
        self.at = min(end + 1, len(self.text))
        return self.text[start:end], self.text[end : end + 1]

    def _value(self, put: Callable[[Value], None]) -> bool:
        start, self.at = self.at, len(self.text)
        put(Scalar(self.text[start:], self._span(start)))
        return False


def typed(text: str, span: Span) -> Scalar:
    """What `--set` makes of a text: true, false, null, an int64 in plain digits; else a string."""
    word = text.casefold()
    if word in _WORDS:
        return Scalar(_WORDS[word], span)
    if text == "0" or (not text.startswith("0") and len(text) < 25 and _INTEGER.fullmatch(text)):
        number = int(text)
        if -(2**63) <= number < 2**63:
            return Scalar(number, span)
    return Scalar(text, span)
