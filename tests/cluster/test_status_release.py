"""`chartgen status` tells which release of Helm's it looks at, and its revision to those who may list Secrets."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster.release import Release
from tests.cluster.test_delivery import STUCK
from tests.cluster.waiting import wait_for
from tests.command import chartgen

USER = "rita"
REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"


@pytest.fixture
def installed(release: Release) -> Release:
    """The second revision of the reference chart, as it is in the values."""
    release.succeed("install", "--wait", "--timeout=60s")
    release.succeed("upgrade")
    return release


def status(release: Release, folder: Path, *words: str, user: str | None = None) -> subprocess.CompletedProcess[str]:
    return chartgen(
        "status", "-n", release.namespace, *words, cwd=folder, env={"KUBECONFIG": str(release.plane.kubeconfig(user))}
    )


@contextmanager
def observer(release: Release, folder: Path, *words: str) -> Iterator[str]:
    """A user with what `chartgen rbac status` prints."""
    where = {"KUBECONFIG": str(release.plane.kubeconfig())}
    asked = ("rbac", "status", "-n", release.namespace, "--to", f"user:{USER}", *words)
    printed = chartgen(*asked, cwd=folder, env=where)
    assert printed.returncode == 0, printed.stderr
    applied = release.plane.kubectl("apply", "--filename=-", stdin=printed.stdout)
    assert applied.returncode == 0, applied.stderr
    rules = [rule for each in yaml.safe_load_all(printed.stdout) for rule in each.get("rules", ())]
    try:
        wait_for("the Roles are in force", lambda: all(may(release, rule) for rule in rules))
        yield printed.stdout
    finally:
        release.plane.kubectl("delete", "--ignore-not-found", "--filename=-", stdin=printed.stdout)


def may(release: Release, rule: dict[str, Any]) -> bool:
    resource, _, part = rule["resources"][0].partition("/")
    attributes = {"group": rule["apiGroups"][0], "resource": resource, "subresource": part, "verb": rule["verbs"][0]}
    attributes |= {"name": rule.get("resourceNames", [""])[0]}
    attributes |= {} if rule["apiGroups"][0].startswith("admission") else {"namespace": release.namespace}
    reply = release.plane.api_as(USER).call("POST", REVIEWS, {"spec": {"resourceAttributes": attributes}})
    return bool(reply.body["status"]["allowed"])


def release_line(text: str) -> str:
    return next((line for line in text.splitlines() if line.startswith("release ")), "")


def test_the_release_its_chart_and_its_revision_are_told_and_an_upgrade_that_failed(
    installed: Release, repository: Path
) -> None:
    done = status(installed, repository)

    assert release_line(done.stdout) == "release   frontend (chart ideaforge-frontend-0.1.0), revision 2: deployed"
    found = json.loads(status(installed, repository, "--format", "json").stdout)["release"]
    assert found == {
        "name": "frontend", "namespace": installed.namespace, "chart": "ideaforge-frontend-0.1.0",
        "revision": 2, "status": "deployed", "deployed": 2, "notSeen": None,
    }  # fmt: skip

    installed.fail("upgrade", "--wait", *STUCK)
    assert installed.statuses() == ["superseded", "deployed", "failed"]
    done = status(installed, repository)
    assert release_line(done.stdout).endswith(", revision 3: failed; revision 2 is deployed")


def test_the_printed_role_has_no_right_to_secrets_unless_it_is_asked_for_and_only_that_line_tells(
    installed: Release, repository: Path
) -> None:
    with observer(installed, repository) as printed:
        done = status(installed, repository, user=USER)
        found = json.loads(status(installed, repository, "--format", "json", user=USER).stdout)

    assert "secrets" not in printed
    assert done.returncode == 0, done.stdout + done.stderr
    may_not = f"you may not list secrets in namespace {installed.namespace}"
    assert release_line(done.stdout).endswith(f"(chart ideaforge-frontend-0.1.0), revision not seen: {may_not}")
    assert "missing" not in done.stdout
    assert (found["release"]["revision"], found["release"]["notSeen"]) == (None, may_not)
    assert found["missingRights"] == []

    with observer(installed, repository, "--with-revision") as printed:
        done = status(installed, repository, user=USER)

    assert 'resources: ["secrets"]\n    verbs: ["list"]' in printed
    assert release_line(done.stdout).endswith(", revision 2: deployed")
