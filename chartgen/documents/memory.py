"""Large trees without the garbage collector, which would walk them again and again as they grow, and find nothing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_LARGE = 100_000


@contextmanager
def no_collections(size: int) -> Iterator[None]:
    """Hold the collector off while a text of this many characters is read, if it is a large one."""
    if size < _LARGE or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
