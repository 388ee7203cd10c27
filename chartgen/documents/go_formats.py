"""`format` as Helm asserts it under the drafts 4 to 7: the checks of `santhosh-tekuri/jsonschema`, which are not others'.

`idn-email` and the like are names that Helm does not know; it lets every text pass there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from chartgen.documents.go_times import is_date, is_date_time, is_duration, is_period, is_time
from chartgen.documents.go_urls import UrlError, is_ipv6, parse_url, unescaped
from chartgen.documents.re2 import PatternError, re2_pattern

_LABEL = r"(?!-)[A-Za-z0-9-]{1,63}(?<!-)"
_LOCAL = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]*"
_DECIMAL = r"0|[1-9][0-9]{0,2}|\+[0-9]{1,3}|-0+"
_POINTER = r"(?s)(?:/(?:[^~/]|~[01])*)*"
_RELATIVE_POINTER = r"(?s)(?:0|[1-9][0-9]*)(?P<rest>.*)"
_UUID = r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}"
_NUMBER = r"(?:0|[1-9][0-9]*)"
_PRE_RELEASE = r"(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_SEMVER = (
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-{_PRE_RELEASE}(?:\.{_PRE_RELEASE})*)?(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_KEPT_IN_PATHS = r"(?:[A-Za-z0-9._~$&+,/:;=@-]|%[0-9A-F]{2})*"


def is_email(text: str) -> bool:
    """A part before the last `@`, quoted or not, and a host or an address in brackets."""
    local, at, domain = text.rpartition("@")
    if not at or _size(text) > 254 or _size(local) > 64:
        return False
    if len(local) > 1 and local.startswith('"') and local.endswith('"'):
        if "\\" in local or '"' in local[1:-1]:
            return False
    elif local.startswith(".") or local.endswith(".") or ".." in local or not re.fullmatch(_LOCAL, local):
        return False
    if len(domain) > 1 and domain.startswith("[") and domain.endswith("]"):
        inner = domain[1:-1]
        return is_ipv6(inner[5:]) if inner.startswith("IPv6:") else is_ipv4(inner)
    return is_hostname(domain)


def is_hostname(text: str) -> bool:
    """Labels of ASCII letters, digits and hyphens between dots."""
    name = text.removesuffix(".")
    return _size(name) <= 253 and all(re.fullmatch(_LABEL, label) for label in name.split("."))


def is_ipv4(text: str) -> bool:
    """Four decimals; a sign passes, since Go's Atoi reads it."""
    groups = text.split(".")
    return len(groups) == 4 and all(re.fullmatch(_DECIMAL, group) and 0 <= int(group) <= 255 for group in groups)


def is_uri(text: str) -> bool:
    """An absolute URL, which non-ASCII characters may be in: `iri` is the same check."""
    return _is_url(text) and bool(parse_url(text).scheme)


def is_uri_reference(text: str) -> bool:
    """A URL or a relative reference, without a backslash."""
    return "\\" not in text and _is_url(text)


def is_uri_template(text: str) -> bool:
    """A reference whose path has no open, nested or stray brace; one without odd characters is not looked at."""
    if not _is_url(text):
        return False
    path = parse_url(text).path
    if re.fullmatch(_KEPT_IN_PATHS, path) and not _needless_escape(path):
        return True
    return all(_braces_pair(unescaped(part)) for part in path.split("/"))


def _needless_escape(path: str) -> bool:
    """Whether a path escapes what Go would not."""
    return any(re.fullmatch(r"[A-Za-z0-9._~$&+,/:;=@-]", chr(int(code, 16))) for code in re.findall("%(..)", path))


def _braces_pair(text: str) -> bool:
    braces = re.sub(r"[^{}]", "", text)
    return braces == "{}" * (len(braces) // 2)


def _is_url(text: str) -> bool:
    try:
        url = parse_url(text)
    except UrlError:
        return False
    if ":" not in url.host:
        return True
    return "[" in str(url.authority) and is_ipv6(url.host)


def is_json_pointer(text: str) -> bool:
    """RFC 6901."""
    return bool(re.fullmatch(_POINTER, text))


def is_relative_json_pointer(text: str) -> bool:
    """A number, then `#` or a pointer."""
    found = re.fullmatch(_RELATIVE_POINTER, text)
    return found is not None and (found["rest"] == "#" or is_json_pointer(found["rest"]))


def is_regex(text: str) -> bool:
    """A pattern that Go reads."""
    try:
        re2_pattern(text)
    except PatternError:
        return False
    return True


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


FORMATS: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "date": is_date,
        "date-time": is_date_time,
        "duration": is_duration,
        "email": is_email,
        "hostname": is_hostname,
        "ipv4": is_ipv4,
        "ipv6": is_ipv6,
        "iri": is_uri,
        "iri-reference": is_uri_reference,
        "json-pointer": is_json_pointer,
        "period": is_period,
        "regex": is_regex,
        "relative-json-pointer": is_relative_json_pointer,
        "semver": lambda text: bool(re.fullmatch(_SEMVER, text)),
        "time": is_time,
        "uri": is_uri,
        "uri-reference": is_uri_reference,
        "uri-template": is_uri_template,
        "uuid": lambda text: bool(re.fullmatch(_UUID, text)),
    }
)
"""The formats that Helm knows, each with its check of a text; to a value of another type none of them applies."""
