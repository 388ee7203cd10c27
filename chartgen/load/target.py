"""Whose server it is: the load goes to this machine, or to what its owner names."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from chartgen.finding import OutsideStop, UsageStop

_PORTS = {"http": 80, "https": 443}
_TIMEOUT = 5.0


def check_target(name: str, address: str, *, is_owned: bool) -> None:
    """Check that an address may have the load, and that somebody listens there.

    Raises:
        UsageStop: it is no address of HTTP, or that of another machine, which nobody says is theirs.
        OutsideStop: nobody listens there.
    """
    host, port = _place(name, address)
    try:
        found = {str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise OutsideStop(f"{name}: there is no host {host}: {error}", "look at the address") from None
    if not is_owned and not all(ipaddress.ip_address(each.partition("%")[0]).is_loopback for each in found):
        message = f"{name}: {host} is not this machine: a load is for a server of your own"
        raise UsageStop(message, "if it is yours, and its other users know, say so: --i-own-this-server")
    try:
        socket.create_connection((host, port), _TIMEOUT).close()
    except OSError as error:
        raise OutsideStop(f"{name}: {host}:{port} does not answer: {error}", "start the server first") from None


def _place(name: str, address: str) -> tuple[str, int]:
    wrong = UsageStop(
        f"{name}: {address!r} is no address of HTTP", "such as http://127.0.0.1:8080/api/multi-agent/jobs"
    )
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        raise wrong from None
    if not host or port is None or parts.scheme not in _PORTS or parts.username is not None:
        raise wrong
    return host, port
