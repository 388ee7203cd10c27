"""Policies are objects of the whole cluster: who may not create them installs without, and an admin adds them."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from chartgen.__main__ import main
from tests.cluster.control_plane import ControlPlane
from tests.cluster.policies import in_force, patched
from tests.cluster.release import Release
from tests.cluster.waiting import wait_for

WAIT = ("--wait", "--timeout=60s")
TOO_LONG = "timeoutMs is smaller than maxPollAttempts * pollIntervalMs"


@pytest.fixture
def namespace_admin(control_plane: ControlPlane, namespace: str) -> str:
    """A user who may do everything in the namespace, and nothing outside of it."""
    user = f"admin-{secrets.token_hex(4)}"
    words = ("create", "rolebinding", user, "--clusterrole=admin", f"--user={user}", f"--namespace={namespace}")
    assert control_plane.kubectl(*words).returncode == 0
    configmaps = f"/api/v1/namespaces/{namespace}/configmaps"
    wait_for("the rights are in force", lambda: control_plane.api_as(user).call("GET", configmaps).status == 200)
    return user


def helm_as(user: str, release: Release, *words: str) -> tuple[int, str, str]:
    command = (release.helm, "install", release.name, str(release.chart), f"--namespace={release.namespace}", *WAIT)
    done = release.plane.run(*command, *words, user=user)
    return done.returncode, done.stdout, done.stderr


def test_who_has_no_right_to_policies_installs_without_and_is_told(any_release: Release, namespace_admin: str) -> None:
    code, said, errors = helm_as(namespace_admin, any_release, "--set=admissionPolicy.enabled=false")

    assert (code, errors) == (0, "")
    assert "NOTE: this release has no admission policy." in said
    assert f"chartgen manifests --policy --release {any_release.name} --namespace {any_release.namespace}" in said
    assert patched(any_release, ("JOB_POLL_INTERVAL_MS", "1e+06")) == ""


def test_who_has_no_right_to_policies_is_refused_with_them(release: Release, namespace_admin: str) -> None:
    code, _, errors = helm_as(namespace_admin, release)

    assert code == 1
    assert "forbidden" in errors


def test_a_cluster_admin_guards_what_such_a_user_installed(
    release: Release,
    namespace_admin: str,
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    release = replace(release, config_map="own-name")
    off = ("--set=admissionPolicy.enabled=false", f"--set=names.configMap={release.config_map}")
    said = helm_as(namespace_admin, release, *off)[1]
    command = next(line.split() for line in said.splitlines() if line.startswith("  chartgen manifests --policy "))
    monkeypatch.chdir(repository)
    assert main(command[1:]) == 0

    done = release.plane.kubectl("apply", "--server-side", "--filename=-", stdin=capsys.readouterr().out)

    assert done.returncode == 0, done.stderr
    in_force(release)
    assert TOO_LONG in patched(release, ("JOB_POLL_INTERVAL_MS", "10000"))
    assert (
        release.plane.kubectl(
            "delete",
            "validatingadmissionpolicies,validatingadmissionpolicybindings",
            "--selector=app.kubernetes.io/managed-by=chartgen",
        ).returncode
        == 0
    )


def test_the_rights_that_the_page_names_are_enough(
    any_release: Release, namespace_admin: str, repository: Path
) -> None:
    page = (repository / "docs" / "how-to" / "guard-the-config-map.md").read_text(encoding="utf-8")
    rules = next(block for block in page.split("```yaml\n") if block.startswith("- apiGroups")).partition("```")[0]
    role = {"metadata": {"name": namespace_admin}, "rules": yaml.safe_load(rules)}
    api, group = any_release.plane.api, "/apis/rbac.authorization.k8s.io/v1"
    assert api.call("POST", f"{group}/clusterroles", role).status == 201
    words = (
        "create",
        "clusterrolebinding",
        namespace_admin,
        f"--clusterrole={namespace_admin}",
        f"--user={namespace_admin}",
    )
    assert any_release.plane.kubectl(*words).returncode == 0
    policies = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/none"
    user = any_release.plane.api_as(namespace_admin)
    wait_for("the rights are in force", lambda: user.call("GET", policies).status == 404)

    code, said, errors = helm_as(namespace_admin, any_release)

    assert (code, errors) == (0, "")
    assert "no admission policy" not in said
    in_force(any_release)
    done = any_release.plane.run(
        any_release.helm, "uninstall", any_release.name, f"--namespace={any_release.namespace}", user=namespace_admin
    )
    assert done.returncode == 0, done.stderr
    assert api.call("DELETE", f"{group}/clusterroles/{namespace_admin}").status == 200
    assert api.call("DELETE", f"{group}/clusterrolebindings/{namespace_admin}").status == 200
