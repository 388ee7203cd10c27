"""What an API server warns of beside its answer, in headers: policies that warn, API versions that will go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_VALUE = re.compile(r'\d{3} \S+ "((?:[^"\\]|\\.)*)"')


def warned_of(headers: Iterable[str]) -> Iterator[str]:
    """The texts of `Warning` headers, each of which may hold several."""
    for header in headers:
        for text in _VALUE.findall(header):
            yield _as_written(re.sub(r"\\(.)", r"\1", text))


def _as_written(text: str) -> str:
    """Kubernetes writes UTF-8, which Python reads as Latin-1 in headers."""
    return text.encode("latin-1", "replace").decode(errors="replace")
