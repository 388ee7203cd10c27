"""Redis, asked by address or by `redis-cli` in a pod: a few words, each answer as a list of lines."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Self, TypeAlias
from urllib.parse import unquote, urlsplit

from chartgen.cluster.api import Api
from chartgen.cluster.execution import run_in
from chartgen.cluster.pods import LivePod
from chartgen.finding import OutsideStop, UsageStop

if TYPE_CHECKING:
    from types import TracebackType

Ask: TypeAlias = "Callable[[Sequence[str]], list[str]]"
"""Sends one command, and gives its answer flat: each number and text of it a line."""

_ERROR = re.compile(r"(\(error\) )?(ERR|NOAUTH|NOPERM|WRONGTYPE|WRONGPASS|LOADING|MASTERDOWN|MOVED) ")
_MOST_BYTES = 8 * 2**20


class RedisStop(OutsideStop):
    """Redis cannot be reached, or refuses."""


def by_exec(api: Api, pod: LivePod, container: str) -> Ask:
    """Asks in a pod, as `kubectl exec POD -- redis-cli` does."""

    def ask(words: Sequence[str]) -> list[str]:
        ran = run_in(api, pod, container, ["redis-cli", "--raw", *words])
        lines = ran.output.splitlines()
        if ran.failure or (lines and _ERROR.match(lines[0])):
            said = " ".join((ran.errors or ran.output or ran.failure).split())
            raise RedisStop(f"redis-cli in pod {pod.name} failed: {said}")
        return lines

    return ask


class Connection:
    """A connection to an address; a context, which closes it."""

    def __init__(self, url: str, seconds: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
            raise UsageStop("--redis-url is no address of Redis", "write redis://HOST:PORT, or rediss:// for TLS")
        self.name = f"{parts.scheme}://{parts.hostname}:{parts.port or 6379}"
        try:
            plain = socket.create_connection((parts.hostname, parts.port or 6379), seconds)
            is_safe = parts.scheme == "rediss"
            self._socket = (
                ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname) if is_safe else plain
            )
        except OSError as error:
            raise RedisStop(f"{self.name} cannot be reached: {error.strerror or error}") from error
        self._file = self._socket.makefile("rb")
        if parts.password is not None:
            self.ask(["AUTH", *filter(None, [unquote(parts.username or "")]), unquote(parts.password)])
        if database := parts.path.strip("/"):
            self.ask(["SELECT", database])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._file.close()
            self._socket.close()

    def ask(self, words: Sequence[str]) -> list[str]:
        """Send a command.

        Raises:
            RedisStop: the connection breaks, or Redis refuses.
        """
        parts = [f"*{len(words)}\r\n".encode()]
        for word in words:
            text = word.encode()
            parts.append(b"$%d\r\n%b\r\n" % (len(text), text))
        try:
            self._socket.sendall(b"".join(parts))
            return self._answer()
        except (OSError, ValueError) as error:
            raise RedisStop(f"{self.name} broke off: {error}") from error

    def _answer(self) -> list[str]:
        line = self._file.readline(_MOST_BYTES)
        if not line.endswith(b"\r\n"):
            raise ConnectionError("it ended in the middle of an answer")
        kind, text = line[:1], line[1:-2].decode(errors="replace")
        match kind:
            case b"+" | b":":
                return [text]
            case b"-":
                raise RedisStop(f"{self.name} refuses: {text}")
            case b"$":
                return [] if int(text) < 0 else [self._bulk(int(text))]
            case b"*":
                return [each for _ in range(int(text)) for each in self._answer()]
            case _:
                raise ValueError("it does not speak Redis' protocol")

    def _bulk(self, length: int) -> str:
        if length > _MOST_BYTES:
            raise ValueError("an answer is too long")
        found = self._file.read(length + 2)
        if len(found) < length + 2:
            raise ConnectionError("it ended in the middle of an answer")
        return found[:-2].decode(errors="replace")
