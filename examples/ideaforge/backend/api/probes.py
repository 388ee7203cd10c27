"""What a cluster asks: is it alive, may it have traffic, what has it counted."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from redis.exceptions import RedisError

from backend.api.service import Service, problem, service_of, soon_s

router = APIRouter(tags=["probes"])
Serving = Annotated[Service, Depends(service_of)]


@router.get("/healthz")
async def healthz() -> JSONResponse:
    """The process answers; Redis has no say, since a restart would not bring it back."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz")
async def readyz(service: Serving) -> JSONResponse:
    """Redis answers, and the process is not stopping."""
    if service.is_stopping:
        raise problem(503, "stopping", "this process is about to end", soon_s())
    await service.store.ping()
    return JSONResponse({"status": "ok"})


@router.get("/metrics")
async def metrics(service: Serving) -> Response:
    """For Prometheus."""
    try:
        counts = await service.store.counts()
    except (RedisError, OSError):
        counts = None
    service.metrics.lag.set(service.gate.lag_s)
    service.metrics.stretch.set(service.gate.stretch)
    return Response(service.metrics.text(counts), media_type=CONTENT_TYPE_LATEST)
