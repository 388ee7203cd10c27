"""The five programs of a control plane, and the words that each is started with."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass

NODE = "kwok-0"
LOOPBACK = "127.0.0.1"
PROGRAMS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok", "kubectl")
"""What a plane is made of, by the names of `tests.tools.build`; kubectl is for those who use it."""


@dataclass(frozen=True)
class Ports:
    """Where the plane's programs listen on the loopback."""

    etcd: int
    etcd_peer: int
    api: int
    kubelet: int


@dataclass(frozen=True)
class Part:
    """One program and its arguments; paths are below the plane's folder, its working folder."""

    program: str
    arguments: tuple[str, ...]


def free_ports() -> Ports:
    """Ports that nobody has now. Somebody may take one before its program does: then the plane is to be started anew."""
    with contextlib.ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(4)]
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return Ports(*(probe.getsockname()[1] for probe in probes))


def etcd(ports: Ports) -> Part:
    """Where the API server keeps the objects. What is lost with the machine may be lost: nothing is synced to the disk."""
    client, peer = f"http://{LOOPBACK}:{ports.etcd}", f"http://{LOOPBACK}:{ports.etcd_peer}"
    arguments = (
        "--data-dir=etcd",
        "--unsafe-no-fsync",
        f"--listen-client-urls={client}",
        f"--advertise-client-urls={client}",
        f"--listen-peer-urls={peer}",
        "--log-level=warn",
    )
    return Part("etcd", arguments)


def api_server(ports: Ports) -> Part:
    """The API server, with the admission plugins that it has by default, RBAC, and users by their tokens."""
    arguments = (
        f"--etcd-servers=http://{LOOPBACK}:{ports.etcd}",
        f"--bind-address={LOOPBACK}",
        f"--advertise-address={LOOPBACK}",
        f"--secure-port={ports.api}",
        # Its address is no Pod's business, and a loopback address is refused as an endpoint.
        "--endpoint-reconciler-type=none",
        "--tls-cert-file=tls.crt",
        "--tls-private-key-file=tls.key",
        "--token-auth-file=tokens.csv",
        "--authorization-mode=RBAC",
        "--service-cluster-ip-range=10.0.0.0/24",
        "--service-account-key-file=tls.pub",
        "--service-account-signing-key-file=tls.key",
        "--service-account-issuer=https://kubernetes.default.svc",
        # kwok answers for logs and exec where the node says that its kubelet is, with the same certificate.
        "--kubelet-certificate-authority=tls.crt",
        "--kubelet-preferred-address-types=InternalIP",
        "--profiling=false",
    )
    return Part("kube-apiserver", arguments)


def controllers(ports: Ports) -> tuple[Part, ...]:
    """What works on the objects once the API server answers: controllers, the scheduler, kwok for the kubelet."""
    alone = ("--leader-elect=false", "--secure-port=0")
    manager = (
        "--kubeconfig=kube-controller-manager.kubeconfig",
        *alone,
        # Without these it has hardly a right, and the node's taint stays.
        "--use-service-account-credentials",
        "--service-account-private-key-file=tls.key",
        "--root-ca-file=tls.crt",
        # With its own limits, the first few hundred requests alone take 5 s longer.
        "--kube-api-qps=500",
        "--kube-api-burst=1000",
    )
    kwok = (
        "--kubeconfig=kwok.kubeconfig",
        "--config=stages.yaml",
        "--manage-all-nodes",
        f"--node-ip={LOOPBACK}",
        # Without a name, a node that was not ready for a while comes back without addresses; without leases, it is lost.
        f"--node-name={NODE}",
        "--node-lease-duration-seconds=40",
        "--cidr=10.244.0.0/24",
        f"--node-port={ports.kubelet}",
        f"--server-address={LOOPBACK}:{ports.kubelet}",
        "--tls-cert-file=tls.crt",
        "--tls-private-key-file=tls.key",
    )
    return (
        Part("kube-controller-manager", manager),
        Part("kube-scheduler", ("--kubeconfig=kube-scheduler.kubeconfig", *alone)),
        Part("kwok", kwok),
    )
