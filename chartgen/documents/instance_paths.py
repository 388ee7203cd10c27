"""Where in a value the engine found a fault: its own paths make a number of a key of digits, and leave out an empty key.

What it says of a fault in words has the keys as they are: `On instance["a"][01]["x~1y"]`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from chartgen.documents.dialects import Steps
    from chartgen.documents.nodes import Plain

_PLACE = "\n\nOn instance"
_NUMBER = re.compile(r"\[([0-9]+)\]")


class Told(Protocol):
    """What there is of an error of the engine's."""

    args: tuple[Any, ...]

    @property
    def instance_path(self) -> list[str | int]:
        """The path as the engine splits it."""


def instance_path(error: Told, root: Plain) -> Steps:
    """The path of an error's value in the value that was judged: texts in mappings, numbers in lists."""
    path = tuple(error.instance_path)
    words = str(error.args[0])
    if '[""]' not in words and not any(isinstance(step, int) for step in path):
        return path
    return _spelled(words, words.rfind(_PLACE) + len(_PLACE), root) or path


def _spelled(words: str, at: int, here: Plain) -> Steps | None:
    """The path in words that begins at an index; None where it does not lead through the value."""
    steps: Steps = ()
    while words.startswith("[", at):
        number = _NUMBER.match(words, at)
        step: str | int | None
        if isinstance(here, list) and number is not None and int(number[1]) < len(here):
            step, at = int(number[1]), number.end()
            here = here[step]
        elif isinstance(here, dict):
            step, at = (number[1], number.end()) if number is not None else _quoted(words, at + 2, here)
            if step not in here:
                return None
            here = here[step]
        else:
            return None
        steps += (step,)
    return steps


def _quoted(words: str, start: int, here: dict[str, Plain]) -> tuple[str, int]:
    """The key of a mapping that begins at an index, and the index behind it; a key may hold what ends one."""
    end = words.find('"]', start)
    while end >= 0:
        key = words[start:end].replace("~1", "/").replace("~0", "~")
        if key in here:
            return key, end + 2
        end = words.find('"]', end + 1)
    return "", len(words)
