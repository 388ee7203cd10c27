"""The way to a cluster: a context of the kubeconfig, or the account of the pod that chartgen runs in."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Thread
from typing import TYPE_CHECKING, Any

from chartgen.cluster.api import Api
from chartgen.cluster.failures import Server
from chartgen.finding import OutsideStop, UsageStop
from chartgen.names import did_you_mean
from chartgen.records import dataclass

if TYPE_CHECKING:
    from kubernetes.client import Configuration

IN_CLUSTER = "in-cluster"
"""What the account of a pod is called where others have the name of a context."""

LOGIN_SECONDS = 60.0
"""How long a plugin may take that gives the credentials; it may have to ask a person."""

_NAMESPACE_FILE = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"


@dataclass(frozen=True)
class Connection:
    """An API server, and the namespace that its context is for; empty where it says none."""

    api: Api
    context: str
    namespace: str = ""


def connect(context: str, seconds: float) -> Connection:
    """The connection of a context, of the current one by default. No request is made yet.

    Raises:
        UsageStop: there is no context of that name.
        OutsideStop: Kubernetes' client is not installed; the kubeconfig or a plugin that it names fails.
    """
    try:
        from kubernetes.client import Configuration
    except ImportError:
        message = "the commands for clusters need Kubernetes' client, which is not installed"
        raise OutsideStop(message, "pip install 'chartgen[cluster]'") from None
    import urllib3

    # A kubeconfig that says insecure-skip-tls-verify means it.
    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    urllib3.disable_warnings(urllib3.exceptions.DependencyWarning)  # it is an error a moment later
    configuration = Configuration()
    path = os.environ.get("KUBECONFIG") or os.path.join("~", ".kube", "config")
    names = [os.path.expanduser(name) for name in path.split(os.pathsep) if name]
    if context != IN_CLUSTER and any(map(os.path.exists, names)):
        return _of_kubeconfig(path, context, configuration, seconds)
    if context in {"", IN_CLUSTER} and os.environ.get("KUBERNETES_SERVICE_HOST"):
        return _of_pod(configuration, seconds)
    raise OutsideStop(f"there is no kubeconfig at {path}", "log in to a cluster, or set KUBECONFIG")


def _of_kubeconfig(path: str, context: str, configuration: Configuration, seconds: float) -> Connection:
    from kubernetes.config.kube_config import KubeConfigLoader, KubeConfigMerger

    with _of_file(path):
        merged = KubeConfigMerger(path).config
        config: Mapping[str, Any] = merged.value if merged is not None else {}
        known = [str(each["name"]) for each in config.get("contexts") or []]
        context = context or config.get("current-context") or ""
    _check_context(path, context, known)
    with _of_file(path), _told() as told:
        loader = KubeConfigLoader(merged, active_context=context, config_base_path=None)
        _within(loader.load_and_set, configuration, f"the login of context {context}")
        chosen = loader.current_context["context"]
        user = _user(config, chosen.get("user") or "")
    if told:
        raise OutsideStop(f"the login of context {context} failed: {'; '.join(told)}", "log in to the cluster again")
    return _connection(configuration, context, chosen.get("namespace") or "", user, seconds)


def _check_context(path: str, context: str, known: list[str]) -> None:
    if not context:
        raise UsageStop(f"the kubeconfig {path} has no current context", "name one: --context NAME")
    if context not in known:
        raise UsageStop(f"the kubeconfig {path} has no context {context!r}", did_you_mean(context, known))


@contextmanager
def _of_file(path: str) -> Iterator[None]:
    """Whatever is wrong with a kubeconfig, whose form Kubernetes' client takes for granted, is told as that."""
    from kubernetes.config import ConfigException

    help_ = "correct it, or log in to the cluster again"
    try:
        yield
    except ConfigException as error:
        raise OutsideStop(f"the kubeconfig {path} cannot be used: {error}", help_) from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise OutsideStop(f"the kubeconfig {path} cannot be read: {error}", help_) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "yaml":
            raise
        raise OutsideStop(f"the kubeconfig {path} is not YAML: {' '.join(str(error).split())}", help_) from error


def _of_pod(configuration: Configuration, seconds: float) -> Connection:
    from kubernetes.config import ConfigException, load_incluster_config

    try:
        load_incluster_config(client_configuration=configuration)
        with open(_NAMESPACE_FILE, encoding="utf-8") as file:
            namespace = file.read().strip()
    except (ConfigException, OSError) as error:
        raise OutsideStop(f"this pod has no account that can be used: {error}", "give it a ServiceAccount") from error
    return _connection(configuration, IN_CLUSTER, namespace, {}, seconds)


def _connection(
    configuration: Configuration, context: str, namespace: str, user: Mapping[str, Any], seconds: float
) -> Connection:
    from kubernetes.client import ApiClient

    server = Server(context, configuration.host)
    try:
        client = ApiClient(configuration)
    except ImportError as error:
        message = f"context {context} is reached by a SOCKS proxy ({configuration.proxy}), which needs PySocks"
        raise OutsideStop(message, "pip install PySocks, or leave out proxy-url and HTTPS_PROXY") from error
    except (OSError, ValueError) as error:
        raise OutsideStop(
            f"context {context} cannot be used: {error}", "check its cluster in the kubeconfig"
        ) from error
    return Connection(Api(client, server, _impersonation(user), seconds), context, namespace)


def _user(config: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    for node in config.get("users") or []:
        if node["name"] == name:
            found = node["user"]
            return getattr(found, "value", found) or {}
    return {}


def _impersonation(user: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The headers by which a kubeconfig's user is someone else, which Kubernetes' client for Python does not send.

    Without them the request would be made with the rights of the one who impersonates.
    """
    from urllib.parse import quote

    headers = [("Impersonate-User", user.get("as")), ("Impersonate-Uid", user.get("as-uid"))]
    headers += [("Impersonate-Group", group) for group in user.get("as-groups") or []]
    for key, values in (user.get("as-user-extra") or {}).items():
        headers += [(f"Impersonate-Extra-{quote(key, safe='')}", value) for value in values]
    return tuple((key, str(value)) for key, value in headers if value)


@contextmanager
def _told() -> Iterator[list[str]]:
    """What Kubernetes' client logs while the context lasts: that a plugin failed, it tells in no other way."""
    told: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: told.append(record.getMessage())  # type: ignore[method-assign]
    root = logging.getLogger()
    root.addHandler(handler)
    try:
        yield told
    finally:
        root.removeHandler(handler)


def _within(load: Callable[[Configuration], None], configuration: Configuration, what: str) -> None:
    """Have the credentials loaded, in so much time: a plugin that waits for ever is not waited for."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            load(configuration)
        except BaseException as error:  # noqa: BLE001 - it is raised again, where it is waited for
            raised.append(error)

    thread = Thread(target=run, daemon=True)
    thread.start()
    thread.join(LOGIN_SECONDS)
    if thread.is_alive():
        raise OutsideStop(f"{what} takes longer than {LOGIN_SECONDS:g} s", "log in to the cluster first")
    if raised:
        raise raised[0]
