"""The name that was probably meant, for words that are not known."""

from __future__ import annotations

from collections.abc import Iterable

_CLEARLY = 0.1


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known name that is most like the word, or None where none is like it; case does not count."""
    from difflib import get_close_matches  # noqa: PLC0415 - for mistakes only, so clean runs do not pay for it

    by_folded = {name.casefold(): name for name in sorted(known, reverse=True)}
    found = get_close_matches(word.casefold(), list(by_folded), n=1)
    return by_folded[found[0]] if found else None


def likeliest(word: str, known: Iterable[str]) -> str | None:
    """The known name that is like the word and clearly more so than any other; None where that is a guess."""
    from difflib import SequenceMatcher, get_close_matches  # noqa: PLC0415 - as above

    by_folded: dict[str, list[str]] = {}
    for name in known:
        by_folded.setdefault(name.casefold(), []).append(name)
    close = get_close_matches(word.casefold(), list(by_folded), n=2)
    if not close or len(by_folded[close[0]]) > 1:
        return None
    ratio = [SequenceMatcher(None, name, word.casefold()).ratio() for name in close]
    return by_folded[close[0]][0] if ratio[0] - sum(ratio[1:]) >= _CLEARLY or len(close) == 1 else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """One sentence with the name that was probably meant, else with those that are known, else nothing."""
    names = sorted(known)
    guess = nearest(word, names)
    if guess is not None:
        return f'did you mean "{guess}"?'
    return f"known here: {', '.join(names)}" if names else ""
