"""Much work of one kind, done on all cores.

By processes, since Python's threads share one core; forked ones, which have what was compiled already and share its
memory. This process does its part, too: for two cores there is one process more. Nothing is forked where the work is
small, or where forking is not safe (elsewhere than on Linux, or in a program that has threads).
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

PATIENCE = 0.05
"""Seconds of work after which helpers are called; a fork costs a tenth of it."""

_SHARES = 64
_NUMBER = 2  # bytes of a share's number in the queue
_CHUNK = 1 << 16


def on_all_cores(
    function: Callable[[Sequence[Item]], Result], items: Sequence[Item], patience: float = PATIENCE
) -> list[Result]:
    """The results of a function of a few items, for all of the items in order, as if each were got here.

    What is got elsewhere travels as a pickle. What the function raises is raised here; the work of a process that dies
    is done anew.
    """
    shares = [items[:1], *_shares(items[1:])]
    results: dict[int, Result] = {}
    start = time.monotonic()
    for number, share in enumerate(shares):
        if time.monotonic() - start > patience and (helpers := min(_cores(), len(shares) - number) - 1):
            results |= _with_helpers(helpers, function, shares, number)
            break
        results[number] = function(share)
    # What nobody brought is got here, and fails as it would with one core.
    return [results[number] if number in results else function(share) for number, share in enumerate(shares)]


def _shares(items: Sequence[Item]) -> list[Sequence[Item]]:
    size = -(-len(items) // _SHARES) or 1
    return [items[start : start + size] for start in range(0, len(items), size)]


def _cores() -> int:
    """The cores that this process may use by forking."""
    try:
        alone = sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1
    except OSError:
        alone = False
    return len(os.sched_getaffinity(0)) if alone else 1


def _with_helpers(
    count: int, function: Callable[[Sequence[Item]], Result], shares: list[Sequence[Item]], first: int
) -> dict[int, Result]:
    """The results of the shares from `first` on, by number; those of a helper that failed are missing."""
    from signal import SIGKILL  # noqa: PLC0415 - small work does not need it

    queue, feed = os.pipe()
    os.write(feed, b"".join(number.to_bytes(_NUMBER, "big") for number in range(first, len(shares))))
    os.close(feed)
    gc.freeze()  # the collector would write into pages that are shared
    helpers: list[tuple[int, int]] = []
    try:
        with suppress(OSError):  # no more processes are to be had
            helpers += (_helper(function, shares, queue) for _ in range(count))
        results = _work(function, shares, queue)
        for _, pipe in helpers:
            results |= _received(pipe)
    finally:
        gc.unfreeze()
        os.close(queue)
        for process, pipe in helpers:
            os.close(pipe)
            with suppress(ProcessLookupError):
                os.kill(process, SIGKILL)
            os.waitpid(process, 0)
    return results


def _work(function: Callable[[Sequence[Item]], Result], shares: list[Sequence[Item]], queue: int) -> dict[int, Result]:
    """The results of the shares that this process gets: whoever is free takes the next one."""
    results: dict[int, Result] = {}
    while taken := os.read(queue, _NUMBER):
        number = int.from_bytes(taken, "big")
        results[number] = function(shares[number])
    return results


def _helper(function: Callable[[Sequence[Item]], Result], shares: list[Sequence[Item]], queue: int) -> tuple[int, int]:
    """A new process that works until the queue is empty: its number, and the pipe that its results come from."""
    import pickle  # noqa: PLC0415 - small work does not need it
    import signal  # noqa: PLC0415 - the same

    here, there = os.pipe()
    process = os.fork()
    if process:
        os.close(there)
        return process, here
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # the one who asked is told by the other process
        _send(there, pickle.dumps(_work(function, shares, queue), pickle.HIGHEST_PROTOCOL))
    finally:
        os._exit(0)  # without what the other process does at its end


def _send(pipe: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(pipe, view) :]


def _received(pipe: int) -> dict[int, Result]:
    """What a helper sent; nothing if it died or failed."""
    import pickle  # noqa: PLC0415 - small work does not need it

    data = bytearray()
    while chunk := os.read(pipe, _CHUNK):
        data += chunk
    try:
        results: dict[int, Result] = pickle.loads(data)  # noqa: S301 - from a process of our own, by a pipe of our own
    except (EOFError, pickle.UnpicklingError):
        return {}
    return results
