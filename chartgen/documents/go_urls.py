"""URLs as Go's `net/url` reads them, so far as a JSON Schema's identifiers, references and formats need it."""

from __future__ import annotations

import re

from chartgen.records import dataclass

_SCHEME = r"(?s)([A-Za-z][A-Za-z0-9+.-]*):(.*)"
_CONTROL = r"[\x00-\x1f\x7f]"
_BAD_ESCAPE = r"%(?![0-9A-Fa-f]{2})"
_USER = r"[A-Za-z0-9._:~!$&'()*+,;=%@-]*"
_HOST = r"(?:[^\x00-\x20#%/?@\\^`{|}\x7f]|%25|%[89A-Fa-f][0-9A-Fa-f])*"
_PORT = r"(?::[0-9]*)?"
_ESCAPED = r"(?:%[0-9A-Fa-f]{2})+"


class UrlError(ValueError):
    """A text that is no URL, and no reference to one either."""


@dataclass(frozen=True, slots=True)
class Url:
    """A URL without its fragment. `opaque` is what follows a scheme without a slash; `host` is without user and port."""

    scheme: str
    opaque: str
    authority: str | None
    host: str
    path: str
    query: str | None

    def __str__(self) -> str:
        scheme = f"{self.scheme}:" if self.scheme else ""
        authority = "" if self.authority is None else f"//{self.authority}"
        query = "" if self.query is None else f"?{self.query}"
        return f"{scheme}{self.opaque}{authority}{self.path}{query}"

    def join(self, reference: Url) -> Url:
        """What a reference means below this URL; below `urn:a:b` every relative one means that itself, as for Helm."""
        if reference.scheme:
            return _cleaned(reference, reference.path)
        if self.opaque:
            return self
        if reference.authority is not None:
            path = _cleaned(reference, reference.path).path
            return Url(self.scheme, "", reference.authority, reference.host, path, reference.query)
        query = self.query if not reference.path and reference.query is None else reference.query
        path = reference.path or self.path
        if reference.path and not reference.path.startswith("/"):
            path = self.path[: self.path.rfind("/") + 1] + reference.path
        return _cleaned(Url(self.scheme, "", self.authority, self.host, path, query), path)


def parse_url(text: str) -> Url:
    """A URL or a relative reference, a fragment left out.

    Raises:
        UrlError: Go does not read it.
    """
    text, _, fragment = text.partition("#")
    if re.search(_CONTROL, text) or re.search(_BAD_ESCAPE, fragment) or text.startswith(":"):
        raise UrlError(text)
    found = re.fullmatch(_SCHEME, text)
    scheme, rest = (found[1].lower(), found[2]) if found else ("", text)
    rest, mark, query = rest.partition("?")
    asked = query if mark else None
    if scheme and not rest.startswith("/"):
        return Url(scheme, rest, None, "", "", asked)
    if not scheme and ":" in rest.partition("/")[0]:
        raise UrlError(text)
    if not rest.startswith("//") or (not scheme and rest.startswith("///")):
        return Url(scheme, "", None, "", _path(rest), asked)
    authority, slash, path = rest[2:].partition("/")
    return Url(scheme, "", authority, _host(scheme, authority), _path(slash + path), asked)


def unescaped(text: str) -> str:
    """A text without its `%XX`.

    Raises:
        UrlError: a `%` is not followed by two hexadecimal digits.
    """
    if re.search(_BAD_ESCAPE, text):
        raise UrlError(text)
    return re.sub(_ESCAPED, lambda run: bytes.fromhex(run[0].replace("%", "")).decode("utf-8", "replace"), text)


def _path(path: str) -> str:
    unescaped(path)
    return path


def _host(scheme: str, authority: str) -> str:
    user, at, host = authority.rpartition("@")
    if at and (not re.fullmatch(_USER, user) or re.search(_BAD_ESCAPE, user)):
        raise UrlError(authority)
    if host.startswith("["):
        return _bracketed(host)
    strict = scheme in {"http", "https"}
    name, colon, port = host.partition(":") if strict else host.rpartition(":")
    if not colon:
        name, port = host, ""
    if "[" in host or not re.fullmatch(_PORT, colon + port) or not re.fullmatch(_HOST, host):
        raise UrlError(authority)
    return name


def _bracketed(host: str) -> str:
    name, bracket, port = host[1:].rpartition("]")
    if not bracket or "[" in name or not re.fullmatch(_PORT, port) or not is_ipv6(name.partition("%25")[0]):
        raise UrlError(host)
    return unescaped(name)


def is_ipv6(text: str) -> bool:
    """Whether a text is an IPv6 address without a zone."""
    if ":" not in text or "%" in text:
        return False
    from ipaddress import AddressValueError, IPv6Address  # noqa: PLC0415 - few schemas ask

    try:
        IPv6Address(text)
    except AddressValueError:
        return False
    return True


def _cleaned(url: Url, path: str) -> Url:
    """The URL with a path whose `.` and `..` are resolved."""
    if not path or (not url.scheme and url.authority is None):
        return Url(url.scheme, url.opaque, url.authority, url.host, path, url.query)
    kept: list[str] = []
    parts = path.removeprefix("/").split("/")
    for part in parts:
        if part == "..":
            del kept[-1:]
        elif part != ".":
            kept.append(part)
    if parts[-1] in {".", ".."}:
        kept.append("")
    return Url(url.scheme, url.opaque, url.authority, url.host, "/" + "/".join(kept), url.query)
