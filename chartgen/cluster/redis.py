"""Redis, asked by address or by `redis-cli` in a pod: a few words, each answer as a list of lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias
from urllib.parse import urlsplit

from chartgen.cluster.api import Api
from chartgen.cluster.execution import run_in
from chartgen.cluster.pods import LivePod
from chartgen.finding import OutsideStop, UsageStop

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
    name = _name_of(url)
    try:
        from redis import ConnectionPool, exceptions
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
        connection = pool.get_connection()

        def ask(words: Sequence[str]) -> list[str]:
            connection.send_command(*words)
            return list(_flat(connection.read_response()))

        yield ask
    except (exceptions.ConnectionError, exceptions.TimeoutError) as error:
        what = "refuses" if isinstance(error, exceptions.AuthenticationError) else "cannot be reached"
        raise RedisStop(f"{name} {what}: {error}") from error
    except exceptions.RedisError as error:
        raise RedisStop(f"{name} refuses: {error}") from error
    finally:
        pool.disconnect()


def _name_of(url: str) -> str:
    """The address without what opens it."""
    try:
        parts = urlsplit(url)
        name = f"{parts.scheme}://{parts.hostname}:{parts.port or 6379}"
    except ValueError:
        parts, name = urlsplit(""), ""
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
        raise _no_address()
    return name


def _no_address() -> UsageStop:
    return UsageStop("--redis-url is no address of Redis", "write redis://HOST:PORT, or rediss:// for TLS")


def _flat(answer: object) -> Iterator[str]:
    if isinstance(answer, list):
        for each in answer:
            yield from _flat(each)
    elif answer is not None:
        yield str(answer)
