"""Tasks end, whatever they make of it."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from backend.ending import end
from tests.app.coroutines import outcome


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_cancellation_that_is_lost_is_said_again(lost: int) -> None:
    async def deaf() -> None:
        for _ in range(lost):
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(60)
        await asyncio.sleep(60)

    async def ended() -> bool:
        task = asyncio.create_task(deaf())
        await asyncio.sleep(0)
        await asyncio.wait_for(end(task), 10)
        return task.cancelled()

    assert outcome(ended())


def test_what_a_task_raises_is_its_own() -> None:
    async def broken() -> None:
        raise ValueError("broken")

    async def ended() -> bool:
        task = asyncio.create_task(broken())
        await end(task)
        return task.done()

    assert outcome(ended())
