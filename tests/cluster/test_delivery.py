"""The chart's life in a cluster: installed, upgraded, rolled back, tested, uninstalled, and nothing left."""

from __future__ import annotations

from tests.cluster.control_plane import ControlPlane
from tests.cluster.inventory import objects
from tests.cluster.release import Release
from tests.cluster.waiting import wait_for

WAIT = ("--wait", "--timeout=60s")
DEFAULTS = {"JOB_POLL_INTERVAL_MS": "5000", "JOB_MAX_POLL_ATTEMPTS": "120", "JOB_TIMEOUT_MS": "600000"}
SLOWER = ("--set=settings.pollIntervalMs=10000", "--set=settings.maxPollAttempts=60")
OF_EVERY_NAMESPACE = {"serviceaccounts/default", "configmaps/kube-root-ca.crt"}
STUCK = ('--set-json=podAnnotations={"tests.chartgen.dev/waiting":"ImagePullBackOff"}', "--timeout=3s")


def rollback_flag(release: Release) -> str:
    """What each Helm calls it."""
    return "--rollback-on-failure" if "helm4" in release.helm else "--atomic"


def test_an_installed_release_has_its_settings_and_its_pods(release: Release) -> None:
    release.succeed("install", *WAIT)

    assert release.data() == DEFAULTS
    assert len(release.pods()) == 2


def test_changed_settings_start_new_pods_and_a_rollback_brings_back_the_old(any_release: Release) -> None:
    any_release.succeed("install", *WAIT)
    before = any_release.pods()
    any_release.succeed("upgrade", *WAIT, *SLOWER)
    changed = any_release.pods()

    assert any_release.data() == {**DEFAULTS, "JOB_POLL_INTERVAL_MS": "10000", "JOB_MAX_POLL_ATTEMPTS": "60"}
    assert (len(changed), changed & before) == (2, frozenset())

    any_release.succeed("rollback", *WAIT)
    assert any_release.data() == DEFAULTS
    assert any_release.pods().isdisjoint(changed)


def test_while_pods_give_way_there_are_never_fewer_than_asked_for(release: Release) -> None:
    slow = '--set-json=podAnnotations={"tests.chartgen.dev/ready-after":"3s"}'
    release.succeed("install", *WAIT)
    path = f"/apis/apps/v1/namespaces/{release.namespace}/deployments/frontend"
    seen = []

    def is_done() -> bool:
        deployment = release.plane.api.call("GET", path).body
        status = deployment["status"]
        seen.append(status.get("availableReplicas", 0))
        is_observed = status["observedGeneration"] == deployment["metadata"]["generation"]
        return bool(is_observed and status.get("updatedReplicas") == status["replicas"] == 2)

    release.succeed("upgrade", slow, *SLOWER)
    wait_for("all pods are new", is_done)
    assert len(seen) > 1
    assert min(seen) == 2


def test_an_upgrade_that_changes_nothing_starts_no_pod(release: Release) -> None:
    release.succeed("install", *WAIT)
    before = release.pods()
    release.succeed("upgrade", *WAIT, "--set-json=settings.pollIntervalMs=5e3")

    assert release.pods() == before


def test_broken_settings_change_nothing_in_the_cluster(release: Release) -> None:
    release.succeed("install", *WAIT)
    before = release.pods()
    said = release.fail("upgrade", "--set=settings.pollIntervalMs=10000", "--skip-schema-validation")

    assert "raise timeoutMs to 1200000, or lower maxPollAttempts to 60, or lower pollIntervalMs to 5000" in said
    assert (release.data(), release.pods()) == (DEFAULTS, before)
    assert release.statuses() == ["deployed"]


def test_a_rollout_that_fails_is_rolled_back_and_the_old_pods_served_all_along(any_release: Release) -> None:
    any_release.succeed("install", *WAIT)
    before = any_release.pods()
    any_release.fail("upgrade", rollback_flag(any_release), *SLOWER, *STUCK, "--timeout=6s")

    assert (any_release.data(), any_release.pods()) == (DEFAULTS, before)
    assert any_release.statuses() == ["superseded", "failed", "deployed"]


def test_an_installation_that_fails_leaves_nothing(release: Release) -> None:
    api = release.plane.api
    release.fail("install", rollback_flag(release), *STUCK)

    wait_for("all is gone", lambda: objects(api, release.namespace) <= OF_EVERY_NAMESPACE)


def test_the_charts_own_test_passes(any_release: Release) -> None:
    any_release.succeed("install", *WAIT)

    assert "Succeeded" in any_release.succeed("test")


def test_uninstalling_leaves_nothing(any_release: Release) -> None:
    api = any_release.plane.api
    outside = objects(api)
    any_release.succeed("install", *WAIT)
    any_release.succeed("upgrade", *WAIT, *SLOWER)
    any_release.succeed("uninstall", *WAIT)

    wait_for("all is gone", lambda: objects(api, any_release.namespace) <= OF_EVERY_NAMESPACE)
    assert objects(api) <= outside


def test_uninstalling_leaves_no_pod_of_a_test_that_passed(release: Release) -> None:
    api = release.plane.api
    release.succeed("install", *WAIT)
    release.succeed("test")
    release.succeed("uninstall", *WAIT)

    wait_for("all is gone", lambda: objects(api, release.namespace) <= OF_EVERY_NAMESPACE)


def test_a_deleted_namespace_goes_with_all_that_the_release_was(control_plane: ControlPlane, release: Release) -> None:
    outside = objects(control_plane.api)
    # The namespace waits for as long as its pods may take to end, though these end at once.
    release.succeed("install", *WAIT, "--set=terminationGracePeriodSeconds=1", "--set=preStopSleepSeconds=0")
    release.kubectl("delete", "namespace", release.namespace, "--timeout=60s")

    assert control_plane.api.call("GET", f"/api/v1/namespaces/{release.namespace}").status == 404
    wait_for("what it owned outside is gone", lambda: objects(control_plane.api) <= outside)
