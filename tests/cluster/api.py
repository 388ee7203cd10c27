"""The Kubernetes API over one connection that stays open: a request costs what the API server takes, and no process."""

from __future__ import annotations

import http.client
import json
import re
import ssl
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tests.json_for_yaml import json_for_yaml

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
MERGE = "application/merge-patch+json"
APPLY = "application/apply-patch+yaml"
"""Media types of a PATCH."""

IDLE_SECONDS = 30
"""A connection that was not used for longer is opened anew: the API server ends idle ones after 90 s."""

_WARNING = re.compile(r'299 \S+ "((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Reply:
    """What the API server said: the status, the object or `Status` in JSON, and the texts of its warnings."""

    status: int
    body: Any
    warnings: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        """Why it refused."""
        return str(self.body["message"])


class Api:
    """The API server at a port of the loopback, as seen by the owner of a token or whom they impersonate."""

    def __init__(self, port: int, certificate: Path, token: str, user: str | None = None) -> None:
        context = ssl.create_default_context(cafile=str(certificate))
        self._connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=context)
        self._used = time.monotonic()
        self._headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        if user is not None:
            self._headers["Impersonate-User"] = user

    def call(self, method: Method, path: str, body: Any = None, media: str = "application/json") -> Reply:
        """One request.

        Raises:
            OSError: nobody answers, or not to the end.
        """
        text = None if body is None else json_for_yaml(body).encode()
        if time.monotonic() - self._used > IDLE_SECONDS:
            self._connection.close()
        try:
            self._connection.request(method, path, text, {**self._headers, "Content-Type": media})
            response = self._connection.getresponse()
            answer = response.read()
        except (OSError, http.client.HTTPException) as error:
            self._connection.close()  # the next request opens another
            if isinstance(error, OSError):
                raise
            raise ConnectionError(f"{method} {path}: {error!r}") from error
        self._used = time.monotonic()
        return Reply(response.status, _read(answer), tuple(_warnings(response.msg.get_all("Warning") or [])))

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def _read(answer: bytes) -> Any:
    try:
        return json.loads(answer)
    except ValueError:
        return answer.decode("utf-8", errors="replace")  # /readyz and a few others speak plain text


def _warnings(headers: list[str]) -> list[str]:
    return [re.sub(r"\\(.)", r"\1", text) for header in headers for text in _WARNING.findall(header)]
