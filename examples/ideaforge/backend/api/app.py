"""The app: routes, what becomes of errors, and what lives as long as the process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from redis.exceptions import MaxConnectionsError, RedisError, ResponseError
from starlette.routing import Match, Route

from backend import configuration, queueing, store
from backend.api import events, jobs, probes
from backend.api.access import AccessLog
from backend.api.service import Service, problem, soon_s
from backend.metrics import Metrics
from backend.pressure import Gate
from backend.reading import UnreadableError

_ROUTERS = (jobs.router, events.router, probes.router)
_OTHERS = 1024
"""How many connections to Redis there are for what is no poll: more than nginx lets through by itself."""


def create(settings: configuration.Configuration | None = None) -> FastAPI:
    """The app that an environment makes.

    Raises:
        ConfigurationError: the environment cannot be used.
    """
    settings = settings or configuration.read()
    redis = store.connect(settings.redis_url, most=settings.pressure.polls_in_flight + _OTHERS)
    service = Service(
        settings,
        store.JobStore(redis, settings.result_ttl_s),
        queueing.queue_of(redis),
        Gate(settings.pressure, settings.poll_interval_ms),
        Metrics(),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        watching = asyncio.create_task(service.gate.watch())
        yield
        service.is_stopping = True
        watching.cancel()
        await redis.aclose()

    app = FastAPI(title="IdeaForge", lifespan=lifespan, redirect_slashes=False)
    app.state.service = service
    for router in _ROUTERS:
        app.include_router(router)
    app.add_exception_handler(UnreadableError, _unreadable)
    app.add_exception_handler(MaxConnectionsError, _busy)
    for error in (RedisError, OSError):
        app.add_exception_handler(error, _away)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(405, _not_allowed)
    app.add_middleware(AccessLog, service=service)
    return app


async def _unreadable(_: Request, __: Exception) -> JSONResponse:
    found = problem(500, "unreadable", "what is kept of the job cannot be read; the log says why")
    return JSONResponse({"detail": found.detail}, found.status_code, found.headers)


async def _busy(_: Request, __: Exception) -> JSONResponse:
    found = problem(429, "busy", "too many requests: ask again later", soon_s())
    return JSONResponse({"detail": found.detail}, found.status_code, found.headers)


async def _away(_: Request, error: Exception) -> JSONResponse:
    code = _code(error)
    why = "Redis does not answer" if code is None else f"Redis refuses ({code})"
    found = problem(503, "unavailable", f"{why}: ask again later", soon_s())
    return JSONResponse({"detail": found.detail}, found.status_code, found.headers)


def _code(error: Exception) -> str | None:
    """The code with which Redis refused, such as OOM or NOAUTH: redis-py takes the ones that it knows out of the text."""
    if isinstance(error, RedisError) and error.status_code is not None:
        return error.status_code
    return str(error).split(" ", 1)[0] if isinstance(error, ResponseError) else None


async def _not_allowed(request: Request, _: Exception) -> JSONResponse:
    """With the methods of all routes of the path, where Starlette knows those of the first one."""
    routes = (route for router in _ROUTERS for route in router.routes if isinstance(route, Route))
    methods = {
        method for each in routes if each.matches(request.scope)[0] is not Match.NONE for method in each.methods or ()
    }
    return JSONResponse({"detail": "Method Not Allowed"}, 405, {"Allow": ", ".join(sorted(methods))})


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    """As FastAPI says it, without what was sent: that may be NaN or half a surrogate pair, which JSON cannot have."""
    said = error.errors() if isinstance(error, RequestValidationError) else ()
    detail = [{name: each[name] for name in ("type", "loc", "msg")} for each in said]
    return JSONResponse({"detail": detail}, 422)
