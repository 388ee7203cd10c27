"""The name that was probably meant, for words that are not known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from typing import Any

MOST_KNOWN = 5000
"""Among more known names than these, none is looked for."""

_CLOSE = 0.6
_CLEARLY = 0.1
_MOST_NAMES = 1000
_LONGEST = 100
_LISTED = 60
_COMPARED = 6
"""How many names are compared with the word letter by letter: those that share most pairs of letters with it."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name that is most like the word, or None where none is like it; case does not count."""
    by_folded = {name.casefold(): name for name in sorted(_few(known), reverse=True)}
    close = _close(word.casefold(), tuple(by_folded))
    return by_folded[close[0][1]] if close else None


def likeliest(word: str, known: Iterable[str]) -> str | None:
    """The known name that is like the word and clearly more so than any other; None where that is a guess."""
    by_folded: dict[str, list[str]] = {}
    for name in _few(known):
        by_folded.setdefault(name.casefold(), []).append(name)
    close = _close(word.casefold(), tuple(by_folded))[:2]
    if not close or len(by_folded[close[0][1]]) > 1:
        return None
    return by_folded[close[0][1]][0] if len(close) == 1 or close[0][0] - close[1][0] >= _CLEARLY else None


def _few(known: Iterable[str]) -> list[str]:
    """The names, or none where they are too many to be gone through for each word that is not known."""
    names = [*islice(known, MOST_KNOWN + 1)]
    return names if len(names) <= MOST_KNOWN else []


def _close(word: str, names: tuple[str, ...]) -> list[tuple[float, str]]:
    """The names that are like the word, with how much they are, the nearest first."""
    if word in names:
        return [(1.0, word)]
    if len(names) > _MOST_NAMES or len(word) > _LONGEST:
        return []
    from difflib import SequenceMatcher  # noqa: PLC0415 - for mistakes only, so clean runs do not pay for it

    pairs = _pairs(word)
    shared = ((len(pairs & those) / (len(pairs) + len(those)), name) for name, those in _all_pairs(names))
    matcher = SequenceMatcher(None, "", word)
    found = []
    for _, name in sorted(shared, reverse=True)[:_COMPARED]:
        matcher.set_seq1(name)
        if matcher.quick_ratio() >= _CLOSE and (ratio := matcher.ratio()) >= _CLOSE:
            found.append((ratio, name))
    return sorted(found, reverse=True)


@lru_cache(maxsize=8)
def _all_pairs(names: tuple[str, ...]) -> list[tuple[str, frozenset[str]]]:
    return [(name, _pairs(name)) for name in names if len(name) <= _LONGEST]


def _pairs(word: str) -> frozenset[str]:
    """Its letters, and its pairs of neighbours."""
    return frozenset((*word, *map("".join, pairwise(word))))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """One sentence with the name that was probably meant, else with those that are known, else nothing."""
    return suggestion(word, sorted(known))


def suggestion(word: str, names: Sequence[str]) -> str:
    """As `did_you_mean`, of names that are sorted."""
    guess = nearest(word, names)
    if guess is not None:
        return f'did you mean "{guess}"?'
    return f"known here: {listed(names)}" if names else ""


def listed(names: Sequence[object], show: Callable[[Any], str] = str) -> str:
    """The names with commas between them, as `show` has them; of very many the first ones."""
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    return ", ".join(map(show, names[:_LISTED])) + more
