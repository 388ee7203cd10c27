"""A websocket that tells how a job is whenever that changes, and ends when the job does."""

from __future__ import annotations

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, WebSocket
from redis.exceptions import RedisError

from backend.api.jobs import PATH
from backend.api.service import Service, service_of_socket
from backend.ending import end
from backend.models.schemas import JobStatusResponse
from backend.reading import UnreadableError

EVERY_S = 1.0
"""How often the store is asked for each socket: one command."""

router = APIRouter()
_GONE, _LATER, _FAULT = 4404, 1013, 1011


@router.websocket(PATH + "/{job_id}/events")
async def events(socket: WebSocket, job_id: str, service: Annotated[Service, Depends(service_of_socket)]) -> None:
    """Send each change as a JobStatusResponse; close with 1000 behind the last, 4404 where there is no job, 1013 without Redis."""
    await socket.accept()
    sending = asyncio.create_task(_send(socket, job_id, service))
    try:
        await asyncio.wait(
            {sending, leaving := asyncio.create_task(_left(socket))}, return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        await end(sending, leaving)


async def _send(socket: WebSocket, job_id: str, service: Service) -> None:
    last: JobStatusResponse | None = None
    while not service.is_stopping:
        try:
            record = await service.store.read(job_id)
        except (RedisError, OSError):
            break
        except UnreadableError:
            return await socket.close(_FAULT, "what is kept of the job cannot be read")
        if record is None:
            return await socket.close(_GONE, "no such job")
        if record.status != last:
            last = record.status
            await socket.send_json(last.model_dump())
        if last.state.is_final:
            return await socket.close()
        await asyncio.sleep(EVERY_S)
    return await socket.close(_LATER, "ask again later")


async def _left(socket: WebSocket) -> None:
    while (await socket.receive())["type"] != "websocket.disconnect":
        pass  # whatever they say, a text or not
