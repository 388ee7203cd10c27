"""`python -m backend serve|worker`: the processes of the backend. SIGTERM and SIGINT end each in good order."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import socket
import sys

from backend import configuration, logs

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_log = logging.getLogger("backend")


def main(arguments: list[str] | None = None) -> int:
    """Run one of the processes; 0 once it was told to end, 2 where the configuration is wrong."""
    for number in _SIGNALS:
        # The first process of a container gets no signal that it does not handle; the rest takes a second to load.
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    options = _parser().parse_args(arguments)
    logs.configure(options.log_level.upper())
    try:
        settings = configuration.read()
    except configuration.ConfigurationError as error:
        for line in str(error).splitlines():
            print(f"error: {line}", file=sys.stderr)  # noqa: T201 - before there is anybody to log for
        return 2
    for line in settings.warnings:
        _log.warning(line)
    if options.command == "check":
        return 0
    return _serve(settings, options) if options.command == "serve" else _work(settings, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m backend", description=__doc__)
    parser.add_argument(
        "--log-level", default=os.environ.get("LOG_LEVEL", "info"), choices=("debug", "info", "warning", "error")
    )
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="the API")
    serve.add_argument("--host", default=os.environ.get("BACKEND_HOST", "127.0.0.1"))
    serve.add_argument(
        "--port", type=int, default=int(os.environ.get("BACKEND_PORT", "8000")), help="0: a free one, which is logged"
    )
    worker = commands.add_parser("worker", help="what does the jobs")
    worker.add_argument("--concurrency", type=int, default=int(os.environ.get("WORKER_CONCURRENCY", "20")))
    commands.add_parser("check", help="judge the environment, and end")
    return parser


def _serve(settings: configuration.Configuration, options: argparse.Namespace) -> int:
    import uvicorn

    from backend.api import app

    class Server(uvicorn.Server):
        """Tells the app that it stops before it does: /readyz says so, and websockets end by themselves."""

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            api.state.service.is_stopping = True
            await super().shutdown(sockets)

    api = app.create(settings)
    config = uvicorn.Config(
        api,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=10,
        timeout_keep_alive=75,  # longer than nginx keeps a connection: who ends it first must not be the server
        ws="websockets-sansio",
        server_header=False,
    )
    listening = socket.create_server((options.host, options.port), reuse_port=False, backlog=2048)
    server = Server(config)

    def stop(*_: object) -> None:
        server.should_exit = True

    for number in _SIGNALS:
        # uvicorn handles both while it runs, and raises them again when it has ended, which is to be the end of that.
        signal.signal(number, stop)
    with listening:
        host, port = listening.getsockname()[:2]
        _log.info("the API listens on http://%s:%d", host, port, extra={"fields": {"port": port}})
        server.run(sockets=[listening])
    return 0


def _work(settings: configuration.Configuration, options: argparse.Namespace) -> int:
    from backend import worker

    asyncio.run(worker.run(settings, options.concurrency))
    return 0


if __name__ == "__main__":
    sys.exit(main())
