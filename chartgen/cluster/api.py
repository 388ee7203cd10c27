"""The Kubernetes API: plain JSON over the connection pool of Kubernetes' own client. Each request has its time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from chartgen.cluster.failures import Request, Server, no_api_server, refused, unanswered
from chartgen.cluster.warned import warned_of
from chartgen.finding import Stop

if TYPE_CHECKING:
    from kubernetes.client import ApiClient, Configuration

Headers: TypeAlias = "tuple[tuple[str, str], ...]"
"""Headers of each request; a name may come more than once."""

Body: TypeAlias = "Mapping[str, Any] | None"
"""An object in JSON."""

MERGE = "application/merge-patch+json"
_JSON = "application/json"
_METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
FIELD_MANAGER = "chartgen"
"""The name by which the fields that chartgen changes are known."""

CONNECT_SECONDS = 5.0
_BUSY = frozenset({429, 503})
_TRIES = 4
T = TypeVar("T")


def formed(server: Server, make: Callable[[Mapping[str, Any]], T], found: Mapping[str, Any]) -> T:
    """The record that is made of an object, whose form an API server gives and others may not.

    Raises:
        ClusterStop: what was found has another form.
    """
    try:
        return make(found)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise no_api_server(server) from error


class Api:
    """The API server of one context."""

    def __init__(self, client: ApiClient, server: Server, headers: Headers, seconds: float) -> None:
        self.server = server
        self._client = client
        self._headers = headers
        self._seconds = seconds
        self._warned: dict[str, bool] = {}
        self._patience = seconds

    def new_warnings(self) -> list[str]:
        """What the server warned of with its answers so far, each once, and not again what this gave before."""
        found = [text for text, is_new in self._warned.items() if is_new]
        self._warned |= dict.fromkeys(found, False)
        return found

    def get(self, path: str, request: Request) -> dict[str, Any]:
        """The object at a path.

        Raises:
            Stop: the server cannot be asked, or refuses.
        """
        return self._call("GET", path, request)

    def list_metadata(self, path: str, request: Request) -> list[dict[str, Any]]:
        """The objects of a list without what they hold, which the server does not send.

        Raises:
            Stop: as of `get`.
        """
        return self._call("GET", path, request, None, _METADATA).get("items") or []

    def text(self, path: str, request: Request) -> str:
        """The text at a path, such as a log; what is no UTF-8 in it is replaced.

        Raises:
            Stop: as of `get`.
        """
        status, found, _ = self._send("GET", path, request)
        if status >= 300:
            raise refused(self.server, request, status, _read(found))
        return found.decode(errors="replace")

    def create(self, path: str, request: Request, body: Body, *, dry_run: bool = False) -> dict[str, Any]:
        """What the server makes of an object that is posted, or would make of it.

        Raises:
            Stop: as of `get`.
        """
        return self._call("POST", path + _writing(dry_run=dry_run), request, body)

    def patch(self, path: str, request: Request, body: Body, *, dry_run: bool = False) -> dict[str, Any]:
        """The object after a merge patch, or as it would be, for which the server does all but write it.

        Raises:
            Stop: as of `get`.
        """
        return self._call("PATCH", path + _writing(dry_run=dry_run), request, body)

    def _call(self, method: str, path: str, request: Request, body: Body = None, accept: str = _JSON) -> dict[str, Any]:
        for attempt in range(1, _TRIES + 1):
            status, answer, pause = self._send(method, path, request, body, accept)
            found = _read(answer)
            if status < 300:
                if not _is_answer(found, request):
                    raise no_api_server(self.server)
                self._patience = self._seconds
                return found
            # A server that is busy says when to come back, and has done nothing. All requests together wait no longer than one may.
            if status not in _BUSY or pause is None or attempt == _TRIES or pause > self._patience:
                raise self._refused(request, status, found)
            self._patience -= pause
            time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _refused(self, request: Request, status: int, found: Mapping[str, Any]) -> Stop:
        return refused(self.server, request, status, found)

    def _send(
        self, method: str, path: str, request: Request, body: Body = None, accept: str = _JSON
    ) -> tuple[int, bytes, float | None]:
        """The status, the answer, and after how many seconds to ask again."""
        from urllib3 import HTTPHeaderDict, Timeout
        from urllib3.exceptions import HTTPError

        text = None if body is None else json.dumps(body).encode()
        headers = HTTPHeaderDict(self._headers)
        headers.update(
            {**self._authorization(), "Accept": accept, "Content-Type": MERGE if method == "PATCH" else _JSON}
        )
        try:
            response = self._client.rest_client.pool_manager.request(
                method,
                f"{self.server.address}{path}",
                body=text,
                headers=headers,
                timeout=Timeout(connect=min(CONNECT_SECONDS, self._seconds), read=self._seconds),
                retries=False,
                redirect=False,
            )
        except HTTPError as error:
            raise unanswered(self.server, request, error, self._seconds) from error
        for warning in warned_of(response.headers.getlist("Warning")):
            self._warned.setdefault(warning, True)
        after = response.headers.get("Retry-After", "")
        return response.status, response.data, float(after) if after.isdecimal() else None

    @property
    def configuration(self) -> Configuration:
        """How the server is reached: what a connection of another kind needs, too."""
        found: Configuration = self._client.configuration
        return found

    @property
    def seconds(self) -> float:
        """How long one request may take."""
        return self._seconds

    def identity(self) -> list[str]:
        """The headers that say who asks, a line each."""
        return [f"{key}: {value}" for key, value in (*self._authorization().items(), *self._headers)]

    def _authorization(self) -> dict[str, str]:
        """Asked for each time: the client makes a token that ran out anew."""
        found = self._client.configuration.auth_settings().get("BearerToken")
        return {found["key"]: found["value"]} if found and found["value"] else {}


def _writing(*, dry_run: bool) -> str:
    return f"?fieldManager={FIELD_MANAGER}{'&dryRun=All' if dry_run else ''}"


def _read(answer: bytes) -> dict[str, Any]:
    try:
        found = json.loads(answer)
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {"message": answer[:200].decode(errors="replace")}


def _is_answer(found: Mapping[str, Any], request: Request) -> bool:
    """Whether an answer has the form of what was asked for, as far as all objects have it."""
    if not isinstance(found.get("kind"), str):
        return False
    if request.verb == "list":
        items = found.get("items") or []
        return isinstance(items, list) and all(_has(each, "metadata") for each in items)
    if request.resource.startswith("selfsubject"):
        return _has(found, "status")
    return _has(found, "metadata") and (request.resource == "configmaps" or _has(found, "spec"))


def _has(found: object, field: str) -> bool:
    return isinstance(found, dict) and isinstance(found.get(field), dict)
