"""The access log: a line a request, which `grep "GET /api/multi-agent/jobs"` finds, and which names job and status."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from backend.api.jobs import PATH
from backend.api.service import Service

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("access")
_CLIENT_LEFT: Final = 499
_FAULT: Final = 500


class AccessLog:
    """An app around the app: it logs each HTTP request once it is answered, and counts those that are polls."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self.app = app
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = _CLIENT_LEFT
        begun = time.perf_counter()

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._count(scope, status)
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception:
            status = _FAULT
            raise
        finally:
            self._tell(scope, status, time.perf_counter() - begun)

    def _count(self, scope: Scope, status: int) -> None:
        path, method = scope["path"], scope["method"]
        folder, _, job_id = path.rpartition("/")
        if method == "GET" and folder == PATH and job_id:
            self.service.metrics.polls.labels(str(status)).inc()

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        # As it came over the wire: percent-encoded, so no line is forged.
        raw = (scope.get("raw_path") or scope["path"].encode()) + (
            b"?" + scope["query_string"] if scope["query_string"] else b""
        )
        client = scope.get("client") or ("-", 0)
        _log.info(
            "%s - %s %s HTTP/%s %d",
            *(client[0], scope["method"], raw.decode("ascii", "backslashreplace"), scope["http_version"], status),
            extra={"fields": {"status": status, "ms": round(seconds * 1000, 2)}},
        )
