r"""Patterns of JSON Schemas as Helm's Go reads them, spelled so that the JSON Schema engine gives Go's verdict.

Go's syntax is RE2's. The engine takes a pattern for JavaScript's and hands it to Rust's `regex`: `\Q..\E`, `[[:alpha:]]`,
`\pL` and `(?i)` are unknown there or mean something else, and so do `.`, `\s` and `\b`. So each pattern is read as Go's
`regexp/syntax` reads it, with Go's errors, and written anew. Which part of a text matches does not matter here: captures
and greediness are dropped.
"""

from __future__ import annotations

import re
from functools import lru_cache

from chartgen.documents.re2_class import (
    NOTHING,
    PatternError,
    bracketed,
    character,
    escape,
    group_of_characters,
    ranges,
)
from chartgen.documents.re2_names import MAX_RUNE
from chartgen.records import dataclass, field, replace

__all__ = ["PatternError", "re2_pattern"]

_MAX_REPEAT = 1000
_MAX_DEPTH = 200
_REPEAT = r"\{(0|[1-9][0-9]*)(,(0|[1-9][0-9]*)?)?\}"
_NAMED_GROUP = r"\(\?P?<([^>]*)>"
_FLAGS = r"\(\?([imsU]*)(-[imsU]+)?([:)])"
_NAME = r"(?a)[0-9A-Za-z_]+"
_ANY = f"[{ranges([(0, MAX_RUNE)])}]"
_NOT_NEWLINE = r"[^\u000A]"


@dataclass(frozen=True, slots=True)
class _Flags:
    fold: bool = False
    lines: bool = False
    dot_all: bool = False


@dataclass(frozen=True, slots=True)
class _Atom:
    """A part that can be repeated; `copies`: how often its innermost part stands in it, at most."""

    text: str
    copies: int = 1


@dataclass(slots=True)
class _Group:
    """An open group: its finished alternatives, the atoms of the current one, the flags outside."""

    outside: _Flags
    done: list[str] = field(default_factory=list)
    atoms: list[_Atom] = field(default_factory=list)
    copies: int = 1

    def end_alternative(self) -> None:
        self.copies = max([self.copies, *(atom.copies for atom in self.atoms)])
        self.done.append("".join(atom.text for atom in self.atoms))
        self.atoms.clear()


@lru_cache(maxsize=1024)
def re2_pattern(pattern: str) -> str:
    """The pattern in the engine's spelling.

    Raises:
        PatternError: Go's regexp refuses the pattern, or its groups nest deeper than the engine reads.
    """
    return _Reader(pattern).read()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.flags = _Flags()
        self.groups = [_Group(self.flags)]

    def read(self) -> str:
        repeated = False
        while self.place < len(self.text):
            repeated = self._step(repeated)
        if len(self.groups) > 1:
            raise PatternError(f"missing closing ): `{self.text}`")
        self.groups[0].end_alternative()
        return "|".join(self.groups[0].done)

    def _step(self, repeated: bool) -> bool:
        """Read one token; whether it was a repetition, which another may not follow."""
        letter = self.text[self.place]
        if letter in "*+?":
            self._repeat(letter, repeated, self.place + 1)
            return True
        if letter == "{" and (found := re.compile(_REPEAT).match(self.text, self.place)):
            self._counted(found, repeated)
            return True
        if letter == "(":
            self._open()
        elif letter == ")":
            self._close()
        elif letter == "|":
            self.groups[-1].end_alternative()
            self.place += 1
        elif letter == "\\":
            self._escape()
        else:
            self._simple(letter)
        return False

    def _simple(self, letter: str) -> None:
        if letter == "[":
            text, self.place = bracketed(self.text, self.place)
            self._push(self._folded(text))
            return
        self.place += 1
        if letter == ".":
            self._push(_ANY if self.flags.dot_all else _NOT_NEWLINE)
        elif letter in "^$":
            self._push(f"(?m:{letter})" if self.flags.lines else letter)
        else:
            self._literal(ord(letter))

    def _push(self, text: str) -> None:
        self.groups[-1].atoms.append(_Atom(text))

    def _literal(self, code: int) -> None:
        self._push(NOTHING if 0xD800 <= code <= 0xDFFF else self._folded(character(code)))

    def _folded(self, text: str) -> str:
        return f"(?i:{text})" if self.flags.fold else text

    def _escape(self) -> None:
        kind = self.text[self.place + 1 : self.place + 2]
        if kind == "Q":
            quoted, _, _ = self.text[self.place + 2 :].partition(r"\E")
            for letter in quoted:
                self._literal(ord(letter))
            self.place = min(self.place + 4 + len(quoted), len(self.text))
        elif kind in _BOUNDARIES:
            self._push(_BOUNDARIES[kind])
            self.place += 2
        elif (group := group_of_characters(self.text, self.place)) is not None:
            text, self.place = group
            self._push(self._folded(f"[{text}]") if text else NOTHING)
        else:
            code, self.place = escape(self.text, self.place)
            self._literal(code)

    def _open(self) -> None:
        if not self.text.startswith("(?", self.place):
            self._start_group(1)
        elif (named := re.compile(_NAMED_GROUP).match(self.text, self.place)) is not None:
            if not re.fullmatch(_NAME, named[1]):
                raise PatternError(f"invalid named capture: `{named[0]}`")
            self._start_group(len(named[0]))
        elif (flags := re.compile(_FLAGS).match(self.text, self.place)) is not None:
            changed = self._changed(flags[1], flags[2] or "")
            if flags[3] == ":":
                self._start_group(0)
            self.flags = changed
            self.place = flags.end()
        else:
            raise PatternError(f"invalid or unsupported Perl syntax: `{self.text[self.place : self.place + 3]}`")

    def _start_group(self, length: int) -> None:
        self.groups.append(_Group(self.flags))
        if len(self.groups) > _MAX_DEPTH:
            raise PatternError("expression nests too deeply")
        self.place += length

    def _changed(self, on: str, off: str) -> _Flags:
        flags = self.flags
        for letters, value in ((on, True), (off, False)):
            for letter, name in (("i", "fold"), ("m", "lines"), ("s", "dot_all")):
                if letter in letters:
                    flags = replace(flags, **{name: value})
        return flags

    def _close(self) -> None:
        if len(self.groups) == 1:
            raise PatternError(f"unexpected ): `{self.text}`")
        group = self.groups.pop()
        group.end_alternative()
        self.groups[-1].atoms.append(_Atom(f"(?:{'|'.join(group.done)})", group.copies))
        self.flags = group.outside
        self.place += 1

    def _counted(self, found: re.Match[str], repeated: bool) -> None:
        low = int(found[1])
        high = low if found[2] is None else int(found[3]) if found[3] else None
        if low > _MAX_REPEAT or (high is not None and not low <= high <= _MAX_REPEAT):
            raise PatternError(f"invalid repeat count: `{found[0]}`")
        atoms = self._repeat(found[0], repeated, found.end())
        copies = low if high is None else high
        if (low >= 2 or (high or 0) >= 2) and atoms[-1].copies * max(copies, 1) > _MAX_REPEAT:
            raise PatternError(f"invalid repeat count: `{found[0]}`")
        atoms[-1] = _Atom(atoms[-1].text, 1 if high == 0 else atoms[-1].copies * max(copies, 1))

    def _repeat(self, operator: str, repeated: bool, end: int) -> list[_Atom]:
        if self.text[end : end + 1] == "?":  # as few as possible: the same verdict
            end += 1
        atoms = self.groups[-1].atoms
        if repeated:
            raise PatternError(f"invalid nested repetition operator: `{self.text[self.place - 1 : end]}`")
        if not atoms:
            raise PatternError(f"missing argument to repetition operator: `{self.text[self.place : end]}`")
        atoms[-1] = _Atom(f"(?:{atoms[-1].text}){operator}", atoms[-1].copies)
        self.place = end
        return atoms


_BOUNDARIES = {"A": "^", "z": "$", "b": r"(?-u:\b)", "B": r"(?-u:\B)"}
