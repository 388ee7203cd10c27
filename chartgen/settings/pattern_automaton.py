"""A sound pattern as an automaton: one state for each character or class in it, and the number of ways between them.

Small counts are written out, larger ones are loops.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from chartgen.records import dataclass, field

MAX_COPIES = 3
"""A count up to this is written out; a larger one is a loop."""

MAX_STEPS = 200_000
"""How many ways and steps are looked at; a pattern that needs more is too ambiguous to be judged."""

_PIECE = re.compile(r"\\x[0-9A-Fa-f]{2}|\\.|\[\^?(?:\\.|[^\]\\])*\]|\(\?:|\{\d+(?:,\d*)?\}|.", re.DOTALL)
_ENDPOINT = re.compile(r"\\x[0-9A-Fa-f]{2}|\\.|[^\\]", re.DOTALL)
_EDGES = "\t\n\x0b/09:@AZ[^_`az{"


@dataclass(frozen=True)
class Loop:
    """A repetition: where its sign is, its states, from `first` to below `last`, and whether its count is one number."""

    index: int
    first: int
    last: int
    exact: bool


@dataclass(frozen=True)
class Fragment:
    """A part of the automaton: where it begins and ends, with the number of ways, and in how many ways it is empty.

    `length` is how many characters it takes, None where that is not one number.
    """

    first: Counter[int] = field(default_factory=Counter)
    last: Counter[int] = field(default_factory=Counter)
    empty: int = 1
    length: int | None = 0


class TooManyStepsError(Exception):
    """There are more steps than are looked at."""


class Automaton:
    """Reads a pattern once; each method leaves `at` behind what it read.

    `ways` counts those from a state to a state, `optional` is where something may stand or not, once for each time.
    """

    def __init__(self, pattern: str) -> None:
        self.pieces = [(found[0], found.start()) for found in _PIECE.finditer(pattern)]
        self.at = 0
        self.atoms: list[str] = []
        self.ways: Counter[tuple[int, int]] = Counter()
        self.loops: list[Loop] = []
        self.empty_loop: Loop | None = None
        self.optional: list[Loop] = []
        self.steps = 0

    def step(self, count: int = 1) -> None:
        """Count the work.

        Raises:
            TooManyStepsError: it is too much.
        """
        self.steps += count
        if self.steps > MAX_STEPS:
            raise TooManyStepsError

    def _peek(self) -> str:
        return self.pieces[self.at][0] if self.at < len(self.pieces) else ""

    def alternatives(self) -> Fragment:
        """Read what stands up to the end of a group, or of the whole."""
        made = self._sequence()
        while self._peek() == "|":
            self.at += 1
            other = self._sequence()
            length = made.length if made.length == other.length else None
            made = Fragment(made.first + other.first, made.last + other.last, made.empty + other.empty, length)
        return made

    def _sequence(self) -> Fragment:
        made = Fragment()
        while self._peek() not in {"", "|", ")"}:
            made = self._joined(made, self._repeated())
        return made

    def _joined(self, left: Fragment, right: Fragment) -> Fragment:
        self._link(left.last, right.first)
        return Fragment(
            left.first + _times(right.first, left.empty),
            right.last + _times(left.last, right.empty),
            left.empty * right.empty,
            left.length + right.length if left.length is not None and right.length is not None else None,
        )

    def _link(self, ends: Counter[int], starts: Counter[int], *, once: bool = False) -> None:
        self.step(len(ends) * len(starts))
        for end, count in ends.items():
            for start, times in starts.items():
                self.ways[end, start] = max(self.ways[end, start], 1) if once else self.ways[end, start] + count * times

    def _repeated(self) -> Fragment:
        start, first = self.at, len(self.atoms)
        made = self._atom()
        end, sign = self.at, self._peek()
        if not sign or sign[0] not in "*+?{":
            return made
        self.at += 1
        if self._peek() == "?":
            self.at += 1
        behind = self.at
        low, high = _counts(sign)
        loop = Loop(self.pieces[end][1], first, len(self.atoms), low == high)
        if high is not None and high <= MAX_COPIES:
            self.optional += [loop] * (high - low)
            return self._copied(made, low, high, start, behind)
        self.loops.append(loop)
        if made.empty and low > MAX_COPIES:
            self.empty_loop = self.empty_loop or loop
        # A count of what has one length divides a text in one way, however it is nested.
        self._link(made.last, made.first, once=loop.exact and made.length is not None)
        length = made.length * low if made.length is not None and loop.exact else None
        return Fragment(made.first, made.last, 1 if low == 0 or made.empty else 0, length)

    def _copied(self, made: Fragment, low: int, high: int, start: int, behind: int) -> Fragment:
        """The part as often as it may stand there, each time with states of its own."""
        whole = Fragment()
        for number in range(high):
            if number:
                self.at = start
                made = self._atom()
            part = made if number < low else Fragment(made.first, made.last, 1, None)
            whole = self._joined(whole, part)
        self.at = behind
        return whole

    def _atom(self) -> Fragment:
        piece = self._peek()
        self.at += 1
        if piece in {"(", "(?:"}:
            made = self.alternatives()
            self.at += 1
            return made
        if piece in {"^", "$"}:
            return Fragment()
        self.atoms.append(piece)
        state = Counter({len(self.atoms) - 1: 1})
        return Fragment(state, state, 0, 1)

    def characters(self) -> list[frozenset[str]]:
        """For each state, which of the characters that matter it takes: those at an end of a range, and beside one."""
        ends = {ord(char) for char in _EDGES} | {end for atom in set(self.atoms) for end in _endpoints(atom)}
        sample = "".join(chr(point) for end in ends for point in (end - 1, end, end + 1) if 0 <= point < 0xD800)
        sample += "".join(chr(end) for end in ends if end > 0xDFFF)
        self.step(len(sample) * len(set(self.atoms)) // 20)
        taken = {atom: frozenset(re.findall(atom, sample, re.ASCII)) for atom in set(self.atoms)}
        return [taken[atom] for atom in self.atoms]


def _counts(sign: str) -> tuple[int, int | None]:
    if sign in {"*", "+", "?"}:
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
    low, comma, high = sign[1:-1].partition(",")
    return int(low), int(high) if high else None if comma else int(low)


def _times(counts: Counter[int], times: int) -> Counter[int]:
    return Counter({state: min(count * times, 2) for state, count in counts.items() if times})


def _endpoints(atom: str) -> Iterator[int]:
    for part in _ENDPOINT.findall(atom[1:-1] if atom[0] == "[" else atom):
        if part[:2] == "\\x":
            yield int(part[-2:], 16)
        else:
            yield ord({"\\n": "\n", "\\r": "\r", "\\t": "\t", "\\f": "\f", "\\v": "\v"}.get(part, part[-1]))
