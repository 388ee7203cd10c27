"""`python -m backend serve|worker`: the processes of the backend. SIGTERM and SIGINT end each in good order."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable

from backend import configuration, logs

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_log = logging.getLogger("backend")


def main(arguments: list[str] | None = None) -> int:
    """Run one of the processes; 0 once it was told to end, 2 where the configuration is wrong."""
    for number in _SIGNALS:
        # The first process of a container gets no signal that it does not handle; the rest takes a second to load.
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    options = _parser().parse_args(arguments)
    try:
        settings = configuration.read()
    except configuration.ConfigurationError as error:
        return _refused(str(error))
    logs.configure((options.log_level or settings.process.log_level).upper())
    for line in settings.warnings:
        _log.warning(line)
    if options.command == "check":
        return 0
    return _serve(settings, options) if options.command == "serve" else _work(settings, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m backend", description=__doc__)
    parser.add_argument("--log-level", choices=configuration.LEVELS)
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="the API")
    serve.add_argument("--host")
    serve.add_argument("--port", type=_whole(0, 65535), help="0: a free one, which is logged")
    worker = commands.add_parser("worker", help="what does the jobs")
    worker.add_argument("--concurrency", type=_whole(1, 10**4))
    commands.add_parser("check", help="judge the environment, and end")
    return parser


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdecimal() and least <= int(text[:9]) <= most):
            raise argparse.ArgumentTypeError(f"expected a whole number from {least} to {most}")
        return int(text)

    return read


def _refused(why: str) -> int:
    for line in why.splitlines():
        print(f"error: {line}", file=sys.stderr)  # noqa: T201 - before there is anybody to log for
    return 2


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
    host = options.host or settings.process.host
    port = settings.process.port if options.port is None else options.port
    try:
        listening = socket.create_server((host, port), reuse_port=False, backlog=2048)
    except OSError as error:
        why = str(error.strerror).partition(" (while")[0]
        return _refused(f"cannot listen on {host}, port {port}: {why}")
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

    asyncio.run(worker.run(settings, options.concurrency or settings.process.concurrency))
    return 0


if __name__ == "__main__":
    sys.exit(main())
