"""What can be looked at, and what cannot: a part that is refused or absent does not end the whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from chartgen.cluster.failures import ClusterStop
from chartgen.records import dataclass

T = TypeVar("T")


@dataclass(frozen=True)
class Unseen:
    """What was not seen, and why. `is_refused` says that it is there, perhaps, and that it may not, or cannot, be read."""

    why: str
    is_refused: bool = True


def look(read: Callable[[], T]) -> T | Unseen:
    """What is read, or why the API server does not give it.

    Raises:
        ClusterStop: the server cannot be asked at all, or does not know the caller.
    """
    try:
        return read()
    except ClusterStop as stop:
        if stop.status in {0, 401}:
            raise
        return Unseen(stop.message, is_refused=stop.status != 404)
