"""Waiting for what comes about by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import IO, TypeVar

T = TypeVar("T")


def wait_for(what: str, look: Callable[[], T | None], seconds: float = 30) -> T:
    """What `look` finds, once it finds something true; nobody answering (OSError) is nothing found.

    Raises:
        TimeoutError: it found nothing in so many seconds.
    """
    end = time.monotonic() + seconds
    seen: object = None
    while time.monotonic() < end:
        try:
            found = look()
        except OSError as error:
            seen = error
        else:
            seen = found
            if found:
                return found
        time.sleep(0.05)
    raise TimeoutError(f"{what}: not within {seconds} s; last seen: {seen!r}")


def read_until(stream: IO[str] | None, words: str) -> None:
    """Read what a process says up to the line with the words.

    Raises:
        EOFError: it never said that.
    """
    said = []
    for line in stream or ():
        said.append(line)
        if words in line:
            return
    raise EOFError(f"it ended without {words!r}: {''.join(said)}")
