"""What a pattern costs, part by part: its size, its counts, and whether it takes exponential time."""

from __future__ import annotations

from chartgen.records import dataclass


@dataclass(frozen=True)
class Part:
    """What a part of a pattern is like.

    `size` counts ranges with counts written out, `repeats` is the largest product of nested counts. A part is `empty`
    if it can match without taking a character, `void` if it never takes one, and `loose` if it can be nothing but one
    unbounded repetition: to repeat that takes exponential time in Python and JavaScript.
    """

    size: int = 0
    repeats: int = 1
    empty: bool = True
    void: bool = True
    loose: bool = False


def either(parts: list[Part]) -> Part:
    """Alternatives: one of the parts."""
    return Part(
        sum(part.size for part in parts) + len(parts) - 1,
        max(part.repeats for part in parts),
        any(part.empty for part in parts),
        all(part.void for part in parts),
        any(part.loose for part in parts),
    )


def in_order(parts: list[Part]) -> Part:
    """A sequence: all of the parts, one after the other."""
    needed = [part for part in parts if not part.empty]
    return Part(
        sum(part.size for part in parts),
        max((part.repeats for part in parts), default=1),
        not needed,
        all(part.void for part in parts),
        any(part.loose for part in needed or parts) and len(needed) <= 1,
    )
