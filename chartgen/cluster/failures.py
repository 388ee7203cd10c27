"""Every way in which a cluster can fail, as one error that says what to do next. Nothing else makes a stop of one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chartgen.finding import OutsideStop, RefusedStop, Stop
from chartgen.records import dataclass
from chartgen.report.printable import printable

if TYPE_CHECKING:
    from urllib3.exceptions import HTTPError

_USER = re.compile(r'User "([^"]*)" cannot ')
_KINDS = {"configmaps": "ConfigMap", "deployments": "Deployment", "namespaces": "namespace"}
_DENIED = re.compile(r"denied (?:the )?request: (.*)", re.DOTALL)


@dataclass(frozen=True)
class Server:
    """Who was asked: the context by which it was found, and the address."""

    context: str
    address: str


@dataclass(frozen=True)
class Request:
    """What was asked for, in the words of Kubernetes' rights: `patch` of `configmaps`, one by name, in a namespace."""

    verb: str
    resource: str
    name: str = ""
    namespace: str = ""

    @property
    def words(self) -> str:
        """`patch configmaps/settings in namespace shop`."""
        where = f" in namespace {self.namespace}" if self.namespace else ""
        return f"{self.verb} {self.resource}{'/' if self.name else ''}{self.name}{where}"


class ClusterStop(OutsideStop):
    """The cluster did not do what was asked for. `status` is the API server's, 0 where it gave none.

    `is_unsure` says that a change was on its way: it may have been made all the same.
    """

    def __init__(self, message: str, next_step: str = "", status: int = 0, *, is_unsure: bool = False) -> None:
        super().__init__(printable(message), printable(next_step))
        self.status = status
        self.is_unsure = is_unsure


def refused(server: Server, request: Request, status: int, body: Mapping[str, Any]) -> Stop:
    """The stop for an answer that is not what was asked for."""
    said = str(body.get("message", "")).strip() or f"status {status}"
    if status == 401:
        message = f"{server.address} does not accept the credentials of context {server.context}: expired, or withdrawn"
        return ClusterStop(message, "log in to the cluster again, or name another context: --context NAME", status)
    if status == 403 and (user := _USER.search(said)):
        message = f"user {user[1]} may not {request.words}"
        return ClusterStop(message, "ask for the rights that 'chartgen rbac' prints", status)
    if status in {400, 403, 422} and (denied := _DENIED.search(said)):
        return RefusedStop(
            f"an admission policy of the cluster refuses it: {printable(denied[1])}", "change what it names"
        )
    if status == 404 and request.verb == "create":
        return no_namespace(server, request.namespace)
    if status == 404:
        kind = _KINDS.get(request.resource, request.resource)
        message = f"there is no {kind} {request.name}{_where(server, request)}"
        return ClusterStop(message, "install the release first, or name where it is: --env, -n, --context", status)
    if status == 429:
        message = f"{server.address} has too much to do to {request.words}: {said}"
        return ClusterStop(message, "try again later, or wait longer: --request-timeout SECONDS", status)
    if status >= 500:
        message = f"{server.address} failed to {request.words}: {said}"
        return ClusterStop(message, "try again later", status, is_unsure=request.verb != "get")
    return ClusterStop(f"{server.address} refused to {request.words}: {said}", "", status)


def no_namespace(server: Server, name: str) -> ClusterStop:
    """The stop for an object whose namespace is not there."""
    message = f"there is no namespace {name} in context {server.context}"
    next_step = "name another namespace (-n NS), environment (--env NAME) or context (--context NAME)"
    return ClusterStop(message, next_step, 404)


def no_api_server(server: Server) -> ClusterStop:
    """The stop for an answer that is no object, such as the page of a proxy that wants a login."""
    message = f"{server.address} (context {server.context}) does not answer as an API server of Kubernetes"
    return ClusterStop(message, "check the cluster's server in the kubeconfig, and the network's login page")


def unanswered(server: Server, request: Request, error: HTTPError, seconds: float) -> ClusterStop:
    """The stop for a request without an answer; what may have reached the server is unsure."""
    from urllib3 import exceptions

    at = f"{server.address} (context {server.context})"
    changes = request.verb != "get"
    match error:
        case exceptions.SSLError():
            message = f"{at} has a certificate that the context does not trust: {_reason(error)}"
            return ClusterStop(message, "check the cluster's certificate-authority in the kubeconfig")
        case exceptions.ProxyError():
            message = f"the proxy on the way to {at} does not answer: {_reason(error)}"
            return ClusterStop(message, "check proxy-url in the kubeconfig, or HTTPS_PROXY and NO_PROXY")
        # A connection that was refused is a kind of one that timed out, to urllib3.
        case exceptions.NewConnectionError() | exceptions.NameResolutionError():
            return ClusterStop(f"{at} cannot be reached: {_reason(error)}", _NETWORK)
        case exceptions.ConnectTimeoutError():
            return ClusterStop(f"{at} cannot be reached: no answer within {seconds:g} s", _NETWORK)
        case exceptions.ReadTimeoutError():
            message = f"{at} did not answer within {seconds:g} s to {request.words}"
            return ClusterStop(message, "try again, or wait longer: --request-timeout SECONDS", is_unsure=changes)
        case exceptions.LocationValueError():
            return ClusterStop(f"{at} is not an address: {_reason(error)}", "correct the cluster's server")
        case _:
            return ClusterStop(f"{at} broke off: {_reason(error)}", "try again", is_unsure=changes)


_NETWORK = "check that the cluster runs, the network, a VPN; or name another context: --context NAME"


def _where(server: Server, request: Request) -> str:
    return f" in namespace {request.namespace} of context {server.context}" if request.namespace else ""


def _reason(error: BaseException) -> str:
    """The innermost reason, which is what people know: `Connection refused`."""
    inner = error
    while True:
        found = getattr(inner, "reason", None) or getattr(inner, "original_error", None)
        found = found if isinstance(found, BaseException) else inner.__cause__ or inner.__context__
        if not isinstance(found, BaseException) or found is inner:
            break
        inner = found
    text = getattr(inner, "verify_message", "") or getattr(inner, "strerror", "") or str(inner)
    return str(text).partition("\n")[0]
