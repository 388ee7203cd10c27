"""What is there already becomes the release's: a ConfigMap with other keys in it, or all that plain manifests made."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.cluster.release import Release

WAIT = ("--wait", "--timeout=60s")
ADOPT = (*WAIT, "--take-ownership")
CREATE = ("create", "configmap", "ideaforge-ai-config", "--from-literal=OTHER=kept", "--from-literal=app.conf=a = 1")
EXTRA = ("--set=extraData.OTHER=kept", r"--set=extraData.app\.conf=a = 1")
SETTINGS = {"JOB_POLL_INTERVAL_MS": "5000", "JOB_MAX_POLL_ATTEMPTS": "120", "JOB_TIMEOUT_MS": "600000"}


def test_a_config_map_of_others_is_not_taken_unasked(release: Release) -> None:
    release.kubectl(*CREATE)
    said = release.fail("install")

    assert 'ConfigMap "ideaforge-ai-config" in namespace' in said
    assert "exists and cannot be imported into the current release" in said
    assert release.data() == {"OTHER": "kept", "app.conf": "a = 1"}


def test_an_adopted_config_map_keeps_its_other_keys(any_release: Release) -> None:
    any_release.kubectl(*CREATE, "--from-literal=JOB_POLL_INTERVAL_MS=5000")
    any_release.succeed("install", *ADOPT)
    any_release.succeed("upgrade", *WAIT, "--set=settings.timeoutMs=700000")

    assert any_release.data() == {**SETTINGS, "JOB_TIMEOUT_MS": "700000", "OTHER": "kept", "app.conf": "a = 1"}


def test_other_keys_become_the_releases_as_extra_data(release: Release) -> None:
    release.kubectl(*CREATE)
    release.succeed("install", *ADOPT, *EXTRA)
    release.succeed("upgrade", *WAIT, *EXTRA, "--set=extraData.OTHER=changed", "--force-conflicts")

    assert release.data() == {**SETTINGS, "OTHER": "changed", "app.conf": "a = 1"}


def test_another_value_of_a_setting_is_a_conflict_that_has_to_be_decided(release: Release) -> None:
    release.kubectl(*CREATE, "--from-literal=JOB_POLL_INTERVAL_MS=3000")
    said = release.fail("install", *ADOPT)
    assert 'conflict with "kubectl-create" using v1: .data.JOB_POLL_INTERVAL_MS' in said
    assert (release.statuses(), release.data()["JOB_POLL_INTERVAL_MS"]) == (["failed"], "3000")

    release.succeed("upgrade", "--install", *ADOPT, "--force-conflicts")
    assert release.data() == {**SETTINGS, "OTHER": "kept", "app.conf": "a = 1"}


def test_helm_3_overwrites_the_value_of_a_setting(release: Release, helm3: str) -> None:
    release.kubectl(*CREATE, "--from-literal=JOB_POLL_INTERVAL_MS=3000")
    replace(release, helm=helm3).succeed("install", *ADOPT)

    assert release.data() == {**SETTINGS, "OTHER": "kept", "app.conf": "a = 1"}


def test_an_adopted_config_map_goes_with_the_release_whole(release: Release) -> None:
    release.kubectl(*CREATE)
    release.succeed("install", *ADOPT)
    release.succeed("uninstall", *WAIT)

    assert "ideaforge-ai-config" not in release.kubectl("get", "configmaps")


@pytest.fixture
def manifests(repository: Path, namespace: str) -> str:
    """The reference app's plain manifests, for the test's namespace."""
    folder = repository / "examples" / "ideaforge" / "k8s" / "eks"
    texts = [(folder / name).read_text(encoding="utf-8") for name in ("configmap.yaml", "frontend.yaml")]
    return "\n---\n".join(texts).replace("20890-ideaforge-ai-dev-58a50", namespace)


def test_what_plain_manifests_made_becomes_a_release_without_a_pod_missing(release: Release, manifests: str) -> None:
    release = replace(release, name="ideaforge-frontend")
    assert release.plane.kubectl("apply", "--filename=-", stdin=manifests).returncode == 0
    release.kubectl("rollout", "status", "deployment/frontend", "--timeout=30s")
    release.succeed("install", *ADOPT, "--force-conflicts")

    assert (len(release.pods()), release.data()) == (2, SETTINGS)
    assert release.object("deployment", "frontend")["metadata"]["generation"] == 2
