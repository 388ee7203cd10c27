"""The grammar of `--set` and its kin, as Helm's `pkg/strvals` has it, its quirks included.

A flag changes the values as it is read; what it changed is in `touched`. Where Helm stops at the end of the text without
a word, `Ended` says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NoReturn

from chartgen.documents.limits import MAX_DEPTH, MAX_NULLS
from chartgen.documents.nodes import Scalar
from chartgen.documents.set_faults import cut, flag_fault, no_value, wrong_kind
from chartgen.documents.set_values import List, Map, Room, Value
from chartgen.finding import Finding
from chartgen.source import Source, Span

MAX_INDEX = 65536
MAX_LEVEL = 30

# What Python makes of a byte of an argument that is no UTF-8.
_BYTE = re.compile("[\ud800-\udfff]")
_INTEGER = re.compile(r"[+-]?[0-9]+")

Path = tuple[str, ...]


def utf8(text: str) -> str:
    """The text of an argument without what is no UTF-8: Go's JSON has one replacement character for each such byte."""
    return text if text.isascii() else _BYTE.sub("\ufffd", text)


class Ended(Exception):  # noqa: N818 - not an error: the text is read
    """The text has ended, at a place where Helm takes what it has."""


class SetParser:
    """`--set`, `--set-string`, `--set-file`: `convert` makes the value of a text at a place; lists grow into `room`."""

    stops = "=[,."

    def __init__(self, source: Source, convert: Callable[[str, Span], Scalar], room: Room) -> None:
        self.source = source
        self.text = source.text
        self.convert = convert
        self.room = room
        self.at = 0
        # The paths that are set, and the place of each key on the way; a list is set as a whole.
        self.touched: list[Path] = []
        self.spans: dict[Path, Span] = {}
        self.path: Path = ()
        self.lists = 0
        self.indexes = 0
        self.warnings: list[Finding] = []

    def run(self, values: Map) -> None:
        """Apply the flag.

        Raises:
            FlagError: Helm refuses it; the values may be changed in part.
        """
        while True:
            self.indexes = 0
            try:
                self._key(values, 0)
            except Ended:
                return

    def _fail(self, message: str, start: int, help_text: str = "", end: int | None = None) -> NoReturn:
        start = min(start, len(self.text))
        raise flag_fault(message, Span(self.source, start, max(start, self.at if end is None else end)), help_text)

    def _span(self, start: int) -> Span:
        return Span(self.source, start, max(start, self.at))

    def _until(self, stops: str) -> tuple[str, str]:
        """The text up to one of the characters, and that one, which is read; a backslash takes the next as it is."""
        parts: list[str] = []
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

    def _key(self, values: Map, level: int) -> None:
        """One `key=value`, or what there is of it below `a.` or `a[0].`."""
        start = self.at
        name, stop = self._until(self.stops)
        name = utf8(name)
        span = Span(self.source, start, max(start, self.at - 1 if stop else self.at))
        if stop == "":
            if name == "":
                raise Ended
            raise no_value(name, span)
        if stop == ",":
            raise no_value(name, span)
        if stop == "[":
            self._list_key(values, name, span, level)
        elif stop == ".":
            self._map_key(values, name, span, level + 1)
        elif self._value(lambda value: self._put(values, name, span, value)):
            raise Ended

    def _put(self, values: Map, name: str, span: Span, value: Value) -> None:
        if name == "":
            return
        values.put(name, span, value)
        if not self.lists:
            self.touched.append((*self.path, name))
            self.spans[self.touched[-1]] = span

    def _list_key(self, values: Map, name: str, span: Span, level: int) -> None:
        index = self._index()
        items = values.get(name, List(span))
        if not isinstance(items, List):
            raise wrong_kind((*self.path, name), span, items, "a list")
        self.lists += 1
        try:
            self._item(items, index, level, (*self.path, name))
        finally:
            self.lists -= 1
            self._put(values, name, span, items)

    def _map_key(self, values: Map, name: str, span: Span, level: int) -> None:
        if level > MAX_LEVEL:
            help_text = "Helm reads no more: set a mapping, by --set-json"
            self._fail(f"a key has at most {MAX_LEVEL} levels below the first", span.start, help_text, span.end)
        inner = values.get(name, Map(span))
        if not isinstance(inner, Map):
            raise wrong_kind((*self.path, name), span, inner, "a mapping")
        outer, before = self.path, len(self.touched)
        self.path = (*outer, name)
        self.spans[self.path] = span
        try:
            self._key(inner, level)
            if not inner:
                self._fail(f"the key {name} has no value", span.start, "write `key.key=value`", span.end)
        finally:
            self.path = outer
            if name == "":
                del self.touched[before:]
            elif inner:
                values.put(name, span, inner)

    def _index(self) -> int:
        start = self.at
        self.indexes += 1
        if self.indexes > MAX_DEPTH:
            self._fail(f"a key has more than {MAX_DEPTH} indexes", start - 1, "set a list, by --set-json", start)
        text, stop = self._until("]")
        if stop == "":
            self._fail("an index has no `]`", start - 1, "write `[0]`")
        end = self.at - 1
        if not _INTEGER.fullmatch(text):
            self._fail(f"`{cut(text)}` is not an index", start, "write a whole number from 0", end)
        # A number of many digits is not even read.
        index = int(text) if len(text.lstrip("+-0")) <= len(str(MAX_INDEX)) else MAX_INDEX + 1
        if not 0 <= index <= MAX_INDEX:
            help_text = "Helm does not count from the end" if text[0] == "-" else "set the whole list"
            self._fail(f"the index {cut(text)} is not between 0 and {MAX_INDEX}", start, help_text, end)
        return index

    def _item(self, items: List, index: int, level: int, path: tuple[str | int, ...]) -> None:
        """What follows `a[0]`; `path` leads to the list."""
        start = self.at
        if not self.room.takes(max(index - len(items), 0)):
            help_text = "set the whole list, by --set-json or in a values file"
            digits = self.text.rfind("[", 0, start) + 1
            self._fail(f"the flags fill lists with more than {MAX_NULLS} nulls", digits, help_text, start - 1)
        name, stop = self._until("[.=")
        if name:
            help_text = "write `[0]=`, `[0].key=` or `[0][0]=`"
            self._fail(f"`{cut(name)}` cannot stand behind an index", start, help_text, start + len(name))
        if stop == "":
            raise Ended
        here = items[index] if index < len(items) else None
        if stop == "=":
            self._value(lambda value: items.put(index, value))
        elif stop == "[":
            next_index = self._index()
            if here is None or (isinstance(here, Scalar) and here.value is None):
                here = List(self._span(start))
            if not isinstance(here, List):
                raise wrong_kind((*path, index), Span(self.source, start, self.at), here, "a list")
            self._item(here, next_index, level, (*path, index))
            items.put(index, here)
        else:
            inner = here if isinstance(here, Map) else Map(self._span(start))
            if here is not None:
                items[index] = inner
            self._key(inner, level)
            items.put(index, inner)

    def _value(self, put: Callable[[Value], None]) -> bool:
        """The value behind `=`: `{a,b}` is a list, else the text up to a comma. Whether there was nothing."""
        start = self.at
        if start == len(self.text):
            put(Scalar("", self._span(start)))
            return True
        if self.text[start] == "{":
            put(self._list_value(start))
        else:
            text, stop = self._until(",")
            put(self.convert(text, Span(self.source, start, self.at - bool(stop))))
        return False

    def _list_value(self, start: int) -> List:
        self.at += 1
        items = List(self._span(start))
        while True:
            begin = self.at
            text, stop = self._until(",}")
            if stop == "":
                self._fail("a list has no `}`", start, "write it, or `\\{` for a text that begins with a brace")
            items.append(self.convert(text, Span(self.source, begin, self.at - 1)))
            if stop == "}":
                items.span = self._span(start)
                self.at += self.text[self.at : self.at + 1] == ","
                return items
