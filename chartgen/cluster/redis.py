"""Redis, asked by address or by `redis-cli` in a pod: a few words, each answer as a list of lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from socket import gaierror
from typing import TypeAlias
from urllib.parse import urlsplit

from chartgen.cluster.api import Api
from chartgen.cluster.execution import run_in
from chartgen.cluster.pods import LivePod
from chartgen.finding import OutsideStop, UsageStop
from chartgen.records import dataclass

Ask: TypeAlias = "Callable[[Sequence[str]], list[str]]"
"""Sends one command, and gives its answer flat: each number and text of it a line."""

_ERROR = re.compile(r"(\(error\) )?(ERR|NOAUTH|NOPERM|WRONGTYPE|WRONGPASS|LOADING|MASTERDOWN|MOVED) ")


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


@contextmanager
def by_address(url: str, seconds: float) -> Iterator[Ask]:
    """Asks a server at an address, over one connection.

    Raises:
        UsageStop: it is no address of Redis.
        RedisStop: it cannot be reached, or refuses; in the context, the same of each command.
    """
    server = _server_of(url)
    try:
        from redis import ConnectionPool
        from redis.backoff import NoBackoff
        from redis.retry import Retry
    except ImportError:
        message = "--redis-url needs the client of Redis, which is not installed"
        raise OutsideStop(message, "pip install 'chartgen[cluster]'") from None

    try:
        pool = ConnectionPool.from_url(
            url,
            socket_timeout=seconds,
            socket_connect_timeout=seconds,
            protocol=2,  # texts, as `redis-cli` prints them
            decode_responses=True,
            encoding_errors="replace",
            retry=Retry(NoBackoff(), 0),
        )
        pool.make_connection()
    except (TypeError, ValueError) as error:  # what follows the `?`
        raise _no_address() from error
    try:
        with _told(server, ()):
            connection = pool.get_connection()

        def ask(words: Sequence[str]) -> list[str]:
            with _told(server, words):
                connection.send_command(*words)
                return list(_flat(connection.read_response()))

        yield ask
    finally:
        pool.disconnect()


@dataclass(frozen=True)
class _Server:
    """An address without what opens it; who asks there, and whether with a password."""

    name: str
    user: str
    has_password: bool

    @property
    def is_tls(self) -> bool:
        return self.name.startswith("rediss:")


def _server_of(url: str) -> _Server:
    try:
        parts = urlsplit(url)
        (parts.hostname or "").encode("idna")  # as it is for every look-up
        name = f"{parts.scheme}://{parts.hostname}:{parts.port or 6379}"
    except ValueError:
        parts, name = urlsplit(""), ""
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
        raise _no_address()
    return _Server(name, parts.username or "default", bool(parts.password))


@contextmanager
def _told(server: _Server, words: Sequence[str]) -> Iterator[None]:
    """Whatever fails is told as what it is; `words` are the command."""
    from redis import exceptions

    try:
        yield
    except exceptions.AuthenticationError as error:
        raise RedisStop(_of_password(server, error)) from error
    except exceptions.NoPermissionError as error:
        raise RedisStop(_of_rights(server, words, error)) from error
    except (exceptions.ConnectionError, exceptions.TimeoutError) as error:
        raise RedisStop(_of_connection(server, error)) from error
    except exceptions.RedisError as error:
        raise RedisStop(f"{server.name} refuses: {error}") from error


def _of_password(server: _Server, error: Exception) -> str:
    if server.has_password:
        return f"{server.name} refuses the password: {error}"
    there = "give it in the address, redis://USER:PASSWORD@HOST, best in CHARTGEN_REDIS_URL"
    return f"{server.name} wants a password: {error}; {there}"


def _of_rights(server: _Server, words: Sequence[str], error: Exception) -> str:
    if words[:1] == ["SCAN"]:
        there = "the user needs ACL +scan, or name the sorted set of jobs: --job-index KEY"
        return f"{server.name} does not let user {server.user} send SCAN; {there}"
    return f"{server.name} does not let user {server.user} send {' '.join(words[:2])}: {error}"


def _of_connection(server: _Server, error: Exception) -> str:
    """A server that was reached, and then said nothing that is understood, may speak TLS, or none."""
    import ssl

    causes = [*_causes(error)]
    if (found := next((each for each in causes if isinstance(each, ssl.SSLCertVerificationError)), None)) is not None:
        there = "name the one that signed it: rediss://...?ssl_ca_certs=FILE"
        return f"{server.name} has a certificate that this machine does not trust: {found.verify_message}; {there}"
    other = "if it does not speak TLS, write redis://" if server.is_tls else "if it speaks TLS, write rediss://"
    is_reached = not any(isinstance(each, (ConnectionRefusedError, gaierror)) for each in causes)
    return f"{server.name} cannot be reached: {error}{f'; {other}' if is_reached else ''}"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _no_address() -> UsageStop:
    return UsageStop("--redis-url is no address of Redis", "write redis://HOST:PORT, or rediss:// for TLS")


def _flat(answer: object) -> Iterator[str]:
    if isinstance(answer, list):
        for each in answer:
            yield from _flat(each)
    elif answer is not None:
        yield str(answer)
