"""How tasks are ended."""

from __future__ import annotations

import asyncio
from typing import Any

_AGAIN_S = 0.5


async def end(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks until they have ended, whatever they raise.

    Python 3.11's `wait_for`, by which Redis is waited for, can lose a cancellation: it is said again.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_AGAIN_S)
    await asyncio.gather(*tasks, return_exceptions=True)
