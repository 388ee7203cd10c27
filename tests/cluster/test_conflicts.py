"""Helm 4 applies on the server, where each field has owners: what another hand changed is not overwritten unasked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cluster.control_plane import ControlPlane
from tests.cluster.release import Release

WAIT = ("--wait", "--timeout=60s")
CONFLICT = 'conflict with "kubectl-edit" using v1: .data.JOB_TIMEOUT_MS'
AUTOSCALED = ("--set=autoscaling.enabled=true", "--set=autoscaling.minReplicas=2")
OWNER_OF_REPLICAS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: frontend}
spec: {replicas: 4}
"""


def timeout_of(release: Release) -> str:
    return release.data()["JOB_TIMEOUT_MS"]


def edit(release: Release, old: str = "600000", new: str = "700000") -> None:
    """As somebody does with `kubectl edit`."""
    release.kubectl("edit", "configmap/ideaforge-ai-config", editor=f"sed -i s/{old}/{new}/")


@pytest.fixture
def edited(release: Release) -> Release:
    """An installed release, whose timeout somebody edited afterwards."""
    release.succeed("install", *WAIT)
    edit(release)
    return release


def test_an_edited_setting_stops_the_next_upgrade_whatever_that_changes(edited: Release) -> None:
    before = edited.data()

    assert CONFLICT in edited.fail("upgrade", "--set=settings.maxPollAttempts=100")
    assert edited.data() == before
    assert edited.statuses() == ["deployed", "failed"]


def test_what_has_no_conflict_was_applied_all_the_same_so_that_new_pods_read_the_edit(edited: Release) -> None:
    before = edited.pods()
    edited.fail("upgrade", "--set=settings.maxPollAttempts=100")
    edited.kubectl("rollout", "status", "deployment/frontend", "--timeout=30s")

    assert edited.pods().isdisjoint(before)


def test_the_release_takes_the_field_back_when_told_to(edited: Release) -> None:
    edited.succeed("upgrade", *WAIT, "--force-conflicts")
    assert timeout_of(edited) == "600000"

    edited.succeed("upgrade", *WAIT, "--set=settings.timeoutMs=800000")
    assert timeout_of(edited) == "800000"


def test_an_edit_that_the_values_repeat_is_none(edited: Release) -> None:
    edited.succeed("upgrade", *WAIT, "--set=settings.timeoutMs=700000")
    assert timeout_of(edited) == "700000"

    # Both own the field now: the next change is a conflict again.
    assert CONFLICT in edited.fail("upgrade", "--set=settings.timeoutMs=800000")


def test_a_rollback_meets_the_same_conflict_and_takes_the_same_word(release: Release) -> None:
    release.succeed("install", *WAIT)
    release.succeed("upgrade", *WAIT, "--set=settings.timeoutMs=650000")
    edit(release, "650000", "700000")

    assert CONFLICT in release.fail("rollback")
    release.succeed("rollback", "1", *WAIT, "--force-conflicts")
    assert timeout_of(release) == "600000"


def test_a_rollback_on_failure_does_not_help_against_a_conflict(edited: Release) -> None:
    said = edited.fail("upgrade", "--rollback-on-failure", "--timeout=30s")

    assert "an error occurred while rolling back the release" in said
    assert timeout_of(edited) == "700000"


def test_a_server_dry_run_tells_the_conflict_beforehand(edited: Release) -> None:
    rendered = edited.succeed("template", str(edited.chart), "--no-hooks")
    flags = (
        "--server-side",
        "--dry-run=server",
        "--field-manager=helm",
        "--namespace",
        edited.namespace,
        "--filename=-",
    )
    done = edited.plane.kubectl("apply", *flags, stdin=rendered)

    assert done.returncode == 1
    assert CONFLICT in done.stderr


def test_a_conflict_in_the_deployment_leaves_new_settings_with_old_pods(release: Release) -> None:
    release.succeed("install", *WAIT)
    before = release.pods()
    release.kubectl("scale", "deployment/frontend", "--replicas=3")

    assert ".spec.replicas" in release.fail("upgrade", "--set=settings.timeoutMs=800000")
    assert timeout_of(release) == "800000"
    release.succeed("upgrade", *WAIT, "--force-conflicts", "--set=settings.timeoutMs=800000")
    assert (len(release.pods()), release.pods() & before) == (2, frozenset())


def test_a_restart_by_hand_is_no_conflict(release: Release) -> None:
    release.succeed("install", *WAIT)
    release.kubectl("rollout", "restart", "deployment/frontend")

    release.succeed("upgrade", *WAIT, "--set=settings.timeoutMs=800000")
    assert timeout_of(release) == "800000"


def test_what_the_chart_does_not_say_is_no_conflict_and_stays(release: Release) -> None:
    release.succeed("install", *WAIT)
    release.kubectl("set", "env", "deployment/frontend", "MORE=1")
    release.succeed("upgrade", *WAIT, "--set=settings.timeoutMs=800000")

    [container] = release.object("deployment", "frontend")["spec"]["template"]["spec"]["containers"]
    assert {"name": "MORE", "value": "1"} in container["env"]


def test_the_number_of_pods_falls_to_one_when_the_chart_stops_to_say_it(release: Release) -> None:
    release.succeed("install", *WAIT, "--set=replicaCount=4")
    release.succeed("upgrade", *WAIT, "--set=replicaCount=null")

    assert len(release.pods()) == 1


def test_the_number_of_pods_stays_where_somebody_else_owns_it_before(
    control_plane: ControlPlane, release: Release
) -> None:
    release.succeed("install", *WAIT, "--set=replicaCount=4")
    before = release.pods()
    flags = ("--server-side", "--field-manager=autoscaling", "--namespace", release.namespace, "--filename=-")
    assert control_plane.kubectl("apply", *flags, stdin=OWNER_OF_REPLICAS).returncode == 0
    release.succeed("upgrade", *WAIT, *AUTOSCALED)

    assert (release.pods(), len(before)) == (before, 4)
    assert 'conflict with "autoscaling": .spec.replicas' in release.fail("upgrade", "--set=replicaCount=3")
    release.succeed("upgrade", *WAIT, "--set=replicaCount=3", "--force-conflicts")
    assert len(release.pods()) == 3


def test_helm_3_overwrites_an_edit_without_a_word(release: Release, helm3: str) -> None:
    old = replace(release, helm=helm3)
    old.succeed("install", *WAIT)
    edit(old)
    old.succeed("upgrade", *WAIT)

    assert timeout_of(old) == "600000"


def test_a_release_of_helm_3_stays_with_its_way_until_told_otherwise(release: Release, helm3: str) -> None:
    replace(release, helm=helm3).succeed("install", *WAIT)
    edit(release)
    release.succeed("upgrade", *WAIT)
    assert timeout_of(release) == "600000"

    edit(release)
    assert CONFLICT in release.fail("upgrade", "--server-side=true")
    release.succeed("upgrade", *WAIT, "--server-side=true", "--force-conflicts")
    managers = release.object("configmap", release.config_map, "--show-managed-fields")["metadata"]["managedFields"]
    assert [(each["manager"], each["operation"]) for each in managers] == [("helm", "Apply")]
