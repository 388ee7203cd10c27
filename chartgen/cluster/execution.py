"""A command that is run in a container, as `kubectl exec` does: over a web socket."""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from chartgen.cluster.api import Api
from chartgen.cluster.failures import ClusterStop, Request, refused
from chartgen.cluster.pods import LivePod
from chartgen.records import dataclass

if TYPE_CHECKING:
    from websocket import WebSocket

_STDOUT, _STDERR, _STATUS = 1, 2, 3
_CLOSE = 8
_VERB = re.compile(" cannot ([a-z]+) resource ")
_MOST_BYTES = 8 * 2**20


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it said; `failure` is empty where it ended well."""

    output: str
    errors: str
    failure: str


def run_in(api: Api, pod: LivePod, container: str, words: Sequence[str]) -> Ran:
    """Run a command in a container, the pod's first by default.

    Raises:
        ClusterStop: the API server refuses or fails, or the command does not end in time.
    """
    from websocket import WebSocketBadStatusException, WebSocketException

    asked = [("container", container or pod.containers[0]), ("stdout", "1"), ("stderr", "1")]
    query = urlencode([*asked, *(("command", word) for word in words)])
    url = f"{api.server.address}{pod.path}/exec?{query}".replace("http", "ws", 1)
    try:
        socket = _connected(api, url)
        try:
            return _ran(socket)
        finally:
            socket.shutdown()  # type: ignore[no-untyped-call]
    except WebSocketBadStatusException as error:
        body = _said(error.resp_body)
        # A web socket is opened by a GET, for which the API server asks for the right to create as well.
        found = _VERB.search(str(body.get("message", "")))
        verb = found[1] if found else "create"
        if error.status_code == 403 and not found:
            where = f"in namespace {pod.namespace}"
            raise ClusterStop(
                f"the user of context {api.server.context} may not create pods/exec {where}", "", 403
            ) from error
        raise refused(api.server, Request(verb, "pods/exec", "", pod.namespace), error.status_code, body) from error
    except (WebSocketException, OSError) as error:
        message = f"{api.server.address} (context {api.server.context}) broke off: {error}"
        raise ClusterStop(message, "try again", 500) from error


def _connected(api: Api, url: str) -> WebSocket:
    from kubernetes.stream.ws_client import websocket_proxycare
    from websocket import WebSocket

    configuration = api.configuration
    options: dict[str, Any] = {"cert_reqs": ssl.CERT_REQUIRED if configuration.verify_ssl else ssl.CERT_NONE}
    if configuration.verify_ssl and configuration.ssl_ca_cert:
        options["ca_certs"] = configuration.ssl_ca_cert
    if not configuration.verify_ssl:
        options["check_hostname"] = False
    names = (("certfile", "cert_file"), ("keyfile", "key_file"), ("server_hostname", "tls_server_name"))
    options |= {name: found for name, given in names if (found := getattr(configuration, given, None))}
    headers = [*api.identity(), "sec-websocket-protocol: v5.channel.k8s.io,v4.channel.k8s.io"]
    connecting: dict[str, Any] = {"header": headers}
    if configuration.proxy or configuration.proxy_headers:
        connecting = websocket_proxycare(connecting, configuration, url, {})
    socket = WebSocket(sslopt=options)
    socket.settimeout(api.seconds)
    socket.connect(url, **connecting)  # type: ignore[no-untyped-call]
    return socket


def _ran(socket: WebSocket) -> Ran:
    """Each message begins with the number of its channel; the last of them tells how it ended."""
    texts: dict[int, bytearray] = {_STDOUT: bytearray(), _STDERR: bytearray(), _STATUS: bytearray()}
    while sum(map(len, texts.values())) < _MOST_BYTES:
        kind, found = socket.recv_data()
        if kind == _CLOSE:
            break
        if found and found[0] in texts:
            texts[found[0]] += found[1:]
    status = _said(bytes(texts[_STATUS]))
    failure = "" if status.get("status") == "Success" else str(status.get("message") or "it did not say how it ended")
    output, errors = (bytes(texts[each]).decode(errors="replace") for each in (_STDOUT, _STDERR))
    return Ran(output, errors, failure)


def _said(answer: bytes | str | None) -> dict[str, Any]:
    try:
        found = json.loads(answer or "")
    except ValueError:
        found = None
    return found if isinstance(found, dict) else {}
