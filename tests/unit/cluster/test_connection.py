"""Kubeconfigs: which context is taken, and as whom requests are made."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from kubernetes.config import incluster_config

from chartgen.cluster import connection
from chartgen.cluster.connection import connect
from chartgen.finding import OutsideStop, UsageStop


def kubeconfig(path: Path, name: str = "one", user: dict[str, Any] | None = None, **context: str) -> Path:
    config = {
        "current-context": name,
        "clusters": [{"name": name, "cluster": {"server": f"https://{name}.example.com"}}],
        "users": [{"name": name, "user": user or {"token": "t"}}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name, **context}}],
    }
    path.write_text(json.dumps(config), encoding="utf-8")
    return path


def test_the_current_context_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "a", namespace="shop")))
    found = connect("", 1)

    assert (found.context, found.namespace, found.api.server.address) == ("one", "shop", "https://one.example.com")


def test_several_files_are_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [kubeconfig(tmp_path / "a"), tmp_path / "not-there", kubeconfig(tmp_path / "b", "two")]
    monkeypatch.setenv("KUBECONFIG", os.pathsep.join(map(str, paths)))

    assert connect("two", 1).api.server.address == "https://two.example.com"


def test_whoever_the_kubeconfig_impersonates_is_who_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    user = {"token": "t", "as": "olga", "as-uid": "7", "as-groups": ["a", "b"], "as-user-extra": {"x/y": ["1"]}}
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "a", user=user)))

    assert connect("", 1).api._headers == (
        ("Impersonate-User", "olga"),
        ("Impersonate-Uid", "7"),
        ("Impersonate-Group", "a"),
        ("Impersonate-Group", "b"),
        ("Impersonate-Extra-x%2Fy", "1"),
    )


def test_a_context_that_is_not_there_is_told_with_those_that_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "a")))

    with pytest.raises(UsageStop, match="has no context 'prod'") as stop:
        connect("prod", 1)
    assert stop.value.next_step == "known here: one"


def test_a_plugin_that_never_ends_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = {"apiVersion": "client.authentication.k8s.io/v1", "command": "sleep", "args": ["5"]}
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "a", user={"exec": plugin})))
    monkeypatch.setattr(connection, "LOGIN_SECONDS", 0.2)

    with pytest.raises(OutsideStop, match="the login of context one takes longer than"):
        connect("", 1)


def test_outside_of_a_cluster_there_is_no_account_of_a_pod(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)

    with pytest.raises(OutsideStop, match="there is no kubeconfig"):
        connect("in-cluster", 1)


def test_a_pod_without_an_account_is_told_as_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "443")

    with pytest.raises(OutsideStop, match="this pod has no account that can be used"):
        connect("", 1)


def test_a_pod_asks_as_its_account_in_its_own_namespace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {"token": "secret", "namespace": "shop\n", "ca.crt": "-----BEGIN"}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(incluster_config, "SERVICE_TOKEN_FILENAME", str(tmp_path / "token"))
    monkeypatch.setattr(incluster_config, "SERVICE_CERT_FILENAME", str(tmp_path / "ca.crt"))
    monkeypatch.setattr(connection, "_NAMESPACE_FILE", str(tmp_path / "namespace"))
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", "10.0.0.1")
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", "443")
    found = connect("", 1)

    assert (found.context, found.namespace, found.api.server.address) == ("in-cluster", "shop", "https://10.0.0.1:443")
    assert found.api._authorization() == {"authorization": "bearer secret"}


def test_without_kubernetes_client_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kubernetes.client", None)

    with pytest.raises(OutsideStop, match="is not installed") as stop:
        connect("", 1)
    assert "chartgen[cluster]" in stop.value.next_step


@pytest.mark.parametrize("scheme", ["socks5", "socks5h", "ftp"])
def test_a_proxy_of_a_kind_that_is_not_there_is_told_as_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setitem(sys.modules, "urllib3.contrib.socks", None)
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig(tmp_path / "a")))
    monkeypatch.setenv("HTTPS_PROXY", f"{scheme}://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)

    with pytest.raises(OutsideStop, match=r"SOCKS proxy .*, which needs PySocks|cannot be used: .*ftp"):
        connect("", 1)
