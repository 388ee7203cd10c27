"""JSON pointers, followed as Helm's engine follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chartgen.documents.dialects import Steps
    from chartgen.documents.nodes import Plain

_MOST_DIGITS = 9


def pointed(document: Plain, pointer: str) -> Steps | None:
    """The steps that a pointer takes through a document; None where it leads nowhere, or is none."""
    here, place = document, []
    for token in pointer.split("/")[1:]:
        step = _step(token, here)
        if step is None:
            return None
        here = here[step]  # type: ignore[index]
        place.append(step)
    return tuple(place)


def _step(token: str, here: Plain) -> str | int | None:
    if token.count("~") != token.count("~0") + token.count("~1"):
        return None
    name = token.replace("~1", "/").replace("~0", "~")
    if isinstance(here, dict):
        return name if name in here else None
    index = _index(name)
    return index if isinstance(here, list) and index in range(len(here)) else None


def _index(text: str) -> int:
    """A number as Go reads it: with a sign and zeros before it; -1 for none, and for one that no list has."""
    digits = text[1:] if text[:1] in {"+", "-"} else text
    if not (digits.isascii() and digits.isdigit()):
        return -1
    digits = digits.lstrip("0")
    return 0 if not digits else -1 if text[0] == "-" or len(digits) > _MOST_DIGITS else int(digits)
