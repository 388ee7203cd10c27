"""The grammar of `--set` and its kin, as Helm's `pkg/strvals` has it, its quirks included.

A flag changes the values as it is read; what it changed is in `touched`. Where Helm stops at the end of the text without
a word, `Ended` says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn

from chartgen.documents.json_tree import parse_json_value
from chartgen.documents.nodes import Scalar
from chartgen.documents.set_values import List, Map, Value, thawed
from chartgen.finding import Finding, Severity
from chartgen.source import Source, Span

MAX_INDEX = 65536
MAX_LEVEL = 30

_INTEGER = re.compile(r"[+-]?[0-9]+")
_BLANKS = re.compile(r"(?:[^\S\x1c-\x1f])*")
_WORDS = {"true": True, "false": False, "null": None}

Path = tuple[str, ...]


class FlagError(Exception):
    """Helm refuses the flag."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


class Ended(Exception):  # noqa: N818 - not an error: the text is read
    """The text has ended, at a place where Helm takes what it has."""


class SetParser:
    """`--set`, `--set-string`, `--set-file`: `convert` makes the value of a text at a place."""

    stops = "=[,."

    def __init__(self, source: Source, convert: Callable[[str, Span], Scalar]) -> None:
        self.source = source
        self.text = source.text
        self.convert = convert
        self.at = 0
        self.touched: dict[Path, Span] = {}
        self.path: Path = ()
        self.lists = 0

    def run(self, values: Map) -> None:
        """Apply the flag.

        Raises:
            FlagError: Helm refuses it; the values may be changed in part.
        """
        while True:
            try:
                self.key(values, 0)
            except Ended:
                return

    def fail(self, message: str, start: int, help_text: str = "") -> NoReturn:
        span = self.span(min(start, len(self.text)))
        raise FlagError(Finding("CG102", Severity.ERROR, message, span, help=help_text))

    def span(self, start: int) -> Span:
        return Span(self.source, start, max(start, self.at))

    def until(self, stops: str) -> tuple[str, str]:
        """The text up to one of the characters, and that one, which is read; a backslash takes the next as it is."""
        parts = []
        while self.at < len(self.text):
            character = self.text[self.at]
            self.at += 1
            if character in stops:
                return "".join(parts), character
            if character == "\\":
                character = self.text[self.at : self.at + 1]
                self.at += 1
            parts.append(character)
        self.at = len(self.text)
        return "".join(parts), ""

    def key(self, values: Map, level: int) -> None:
        """One `key=value`, or what there is of it below `a.` or `a[0].`."""
        start = self.at
        name, stop = self.until(self.stops)
        span = Span(self.source, start, max(start, self.at - 1 if stop else self.at))
        if stop == "":
            if name == "":
                raise Ended
            self.fail(f"the key {name} has no value", start, "write `key=value`")
        if stop == ",":
            self.fail(f"the key {name} has no value", start, "write `key=value`; a comma in a key or a value is `\\,`")
        if stop == "[":
            self.list_key(values, name, span, level)
        elif stop == ".":
            self.map_key(values, name, span, level + 1)
        else:
            self.value(lambda value: self.put(values, name, span, value))

    def put(self, values: Map, name: str, span: Span, value: Value) -> None:
        if name == "":
            return
        values.put(name, span, value)
        if not self.lists:
            self.touched[(*self.path, name)] = span

    def list_key(self, values: Map, name: str, span: Span, level: int) -> None:
        index = self.index()
        items = values.get(name, List(span))
        if not isinstance(items, List):
            self.wrong_kind(name, span, "list")
        self.lists += 1
        try:
            self.item(items, index, level)
        finally:
            self.lists -= 1
            self.put(values, name, span, items)

    def map_key(self, values: Map, name: str, span: Span, level: int) -> None:
        if level > MAX_LEVEL:
            self.fail(f"a key has at most {MAX_LEVEL} levels below the first", span.start)
        inner = values.get(name, Map(span))
        if not isinstance(inner, Map):
            self.wrong_kind(name, span, "mapping")
        outer, touched = self.path, dict(self.touched)
        self.path = (*outer, name)
        try:
            self.key(inner, level)
            if not inner:
                self.fail(f"the key {name} has no value", span.start, "write `key.key=value`")
        finally:
            self.path = outer
            if name == "":
                self.touched = touched
            elif inner:
                values.put(name, span, inner)

    def wrong_kind(self, name: str, span: Span, kind: str) -> NoReturn:
        self.fail(f"{name} is no {kind} in the values before this flag", span.start, "set it as a whole")

    def index(self) -> int:
        start = self.at
        text, stop = self.until("]")
        if stop == "":
            self.fail("an index has no `]`", start - 1)
        if not _INTEGER.fullmatch(text):
            self.fail(f"`{text}` is not an index", start, "write a whole number from 0")
        if not 0 <= int(text) <= MAX_INDEX:
            self.fail(f"the index {text} is not between 0 and {MAX_INDEX}", start)
        return int(text)

    def item(self, items: List, index: int, level: int) -> None:
        """What follows `a[0]`."""
        start = self.at
        name, stop = self.until("[.=")
        if name:
            self.fail(f"`{name}` cannot stand behind an index", start, "write `[0]=`, `[0].key=` or `[0][0]=`")
        if stop == "":
            raise Ended
        here = items[index] if index < len(items) else None
        if stop == "=":
            self.value(lambda value: items.put(index, value))
        elif stop == "[":
            next_index = self.index()
            if here is None or (isinstance(here, Scalar) and here.value is None):
                here = List(self.span(start))
            if not isinstance(here, List):
                self.wrong_kind(f"[{index}]", self.span(start), "list")
            self.item(here, next_index, level)
            items.put(index, here)
        else:
            inner = here if isinstance(here, Map) else Map(self.span(start))
            if here is not None:
                items[index] = inner
            self.key(inner, level)
            items.put(index, inner)

    def value(self, put: Callable[[Value], None]) -> None:
        """The value behind `=`: `{a,b}` is a list, else the text up to a comma."""
        start = self.at
        if start == len(self.text):
            put(Scalar("", self.span(start)))
            return
        if self.text[start] == "{":
            put(self.list_value(start))
            return
        text, stop = self.until(",")
        put(self.convert(text, Span(self.source, start, self.at - bool(stop))))

    def list_value(self, start: int) -> List:
        self.at += 1
        items = List(self.span(start))
        while True:
            begin = self.at
            text, stop = self.until(",}")
            if stop == "":
                self.fail("a list has no `}`", start)
            items.append(self.convert(text, Span(self.source, begin, self.at - 1)))
            if stop == "}":
                items.span = self.span(start)
                self.at += self.text[self.at : self.at + 1] == ","
                return items


class JsonParser(SetParser):
    """`--set-json` in the form `key=JSON,key=JSON`."""

    def value(self, put: Callable[[Value], None]) -> None:
        start = self.at
        if self.blank():
            put(Scalar(None, Span(self.source, start, start)))
            return
        node, self.at, findings = parse_json_value(self.source, self.at)
        if node is None:
            raise FlagError(findings[-1])
        put(thawed(node))
        self.blank()

    def blank(self) -> bool:
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

    def until(self, stops: str) -> tuple[str, str]:
        start = self.at
        end = min((place for stop in stops if (place := self.text.find(stop, start)) >= 0), default=len(self.text))
        self.at = min(end + 1, len(self.text))
        return self.text[start:end], self.text[end : end + 1]

    def value(self, put: Callable[[Value], None]) -> None:
        start, self.at = self.at, len(self.text)
        put(Scalar(self.text[start:], self.span(start)))


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
