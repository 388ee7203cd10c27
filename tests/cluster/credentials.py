"""The files that the parts of a control plane know each other by: a certificate, tokens, kubeconfigs."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
from pathlib import Path

ADMIN = "admin"
USERS = {
    ADMIN: ("admin", "system:masters"),
    "kwok": ("kwok", "system:masters"),
    "kube-controller-manager": ("system:kube-controller-manager", ""),
    "kube-scheduler": ("system:kube-scheduler", ""),
}
"""Who has a token, and so a kubeconfig of that name: the user and its group. Anybody else is impersonated by the admin."""

CERTIFICATE = """
req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=tests -keyout tls.key -out tls.crt
-addext subjectAltName=IP:127.0.0.1,DNS:localhost -addext extendedKeyUsage=serverAuth
-addext keyUsage=critical,digitalSignature,keyCertSign
""".split()
PUBLIC_KEY = "pkey -in tls.key -pubout -out tls.pub".split()


def write(folder: Path, address: str) -> str:
    """All the files, in a folder that others cannot read; `address` is the API server's. Gives the admin's token.

    Raises:
        FileNotFoundError: there is no openssl.
        subprocess.CalledProcessError: it failed.
    """
    program = shutil.which("openssl")
    if program is None:
        raise FileNotFoundError("there is no openssl, which makes the control plane's certificate")
    folder.chmod(0o700)
    for words in (CERTIFICATE, PUBLIC_KEY):
        subprocess.run([program, *words], cwd=folder, check=True, capture_output=True)
    tokens = {name: secrets.token_hex(16) for name in USERS}
    lines = [f'{tokens[name]},{user},{name},"{group}"\n' for name, (user, group) in USERS.items()]
    _write(folder / "tokens.csv", "".join(lines))
    for name, token in tokens.items():
        write_kubeconfig(path_of(folder, name), address, {"token": token})
    return tokens[ADMIN]


def path_of(folder: Path, name: str) -> Path:
    """The kubeconfig of a user."""
    return folder / f"{name}.kubeconfig"


def write_kubeconfig(path: Path, address: str, user: dict[str, str]) -> None:
    """A kubeconfig, beside the certificate, for the API server at an address and a user as kubeconfigs have them."""
    cluster = {"server": address, "certificate-authority": str(path.parent / "tls.crt")}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "tests",
        "clusters": [{"name": "tests", "cluster": cluster}],
        "users": [{"name": "tests", "user": user}],
        "contexts": [{"name": "tests", "context": {"cluster": "tests", "user": "tests"}}],
    }
    _write(path, json.dumps(config))


def _write(path: Path, text: str) -> None:
    """A file that only its owner reads, from its first moment; helm warns of others."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
