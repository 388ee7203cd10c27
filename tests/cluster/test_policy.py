"""The settings' own gate in a cluster: nobody can bring a broken setting into the release's ConfigMap, by whatever way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.api import APPLY, MERGE
from tests.cluster.control_plane import ControlPlane
from tests.cluster.namespaces import own_namespace
from tests.cluster.policies import RESOURCES, in_force, patched, path
from tests.cluster.release import Release
from tests.cluster.waiting import wait_for

WAIT = ("--wait", "--timeout=60s")
TOO_LONG = "timeoutMs is smaller than maxPollAttempts * pollIntervalMs: 600000 < 120 * 10000 = 1200000"
MENDS = "raise timeoutMs to 1200000, or lower maxPollAttempts to 60, or lower pollIntervalMs to 5000"
GOOD = {"JOB_POLL_INTERVAL_MS": "10000", "JOB_MAX_POLL_ATTEMPTS": "60", "JOB_TIMEOUT_MS": "600000"}
"""What the reference's own document has people write."""


@pytest.fixture(scope="module")
def installed(control_plane: ControlPlane, helm4: str, repository: Path) -> Iterator[Release]:
    """The reference chart, installed and guarded; each test leaves the settings as they were."""
    with own_namespace(control_plane) as namespace:
        made = Release(control_plane, helm4, namespace, repository / "charts" / "ideaforge-frontend")
        made.succeed("install", *WAIT)
        in_force(made)
        yield made


def test_the_reference_documents_own_update_is_accepted(installed: Release) -> None:
    assert patched(installed, *GOOD.items()) == ""


def test_a_longer_interval_alone_is_refused_with_the_reason_and_the_mends(installed: Release) -> None:
    said = patched(installed, ("JOB_POLL_INTERVAL_MS", "10000"))

    assert said.endswith(f"denied request: {TOO_LONG}; {MENDS}")


@pytest.mark.parametrize("text", ["1e+06", " 5000", "5_000", "5000ms", "\uff15\uff10\uff10\uff10", ""])
def test_what_is_no_number_in_plain_digits_is_refused(installed: Release, text: str) -> None:
    assert "JOB_POLL_INTERVAL_MS is " in patched(installed, ("JOB_POLL_INTERVAL_MS", text))


def test_all_faults_of_an_edit_are_told_at_once(installed: Release) -> None:
    said = patched(
        installed, ("JOB_POLL_INTERVAL_MS", "5_000"), ("JOB_MAX_POLL_ATTEMPTS", "0"), ("JOB_TIMEOUT_MS", "1")
    )

    assert said.split("denied request: ")[1].split(" | ") == [
        'JOB_POLL_INTERVAL_MS is "5_000", which is not read as an integer; write digits alone: no blanks, no `_`, no exponent',
        "JOB_MAX_POLL_ATTEMPTS is 0; expected at least 1",
        "JOB_TIMEOUT_MS is 1; expected at least 1000 ms",
    ]


def test_an_absent_key_means_its_default(installed: Release) -> None:
    api, where = installed.plane.api, f"{path(installed, installed.config_map)}?dryRun=All"
    without = {"data": {"JOB_TIMEOUT_MS": None}}
    assert api.call("PATCH", where, without, MERGE).status == 200

    without["data"] |= {"JOB_MAX_POLL_ATTEMPTS": "121"}  # type: ignore[dict-item]
    assert "600000 < 121 * 5000" in api.call("PATCH", where, without, MERGE).message


def test_what_is_doubtful_is_a_warning(installed: Release) -> None:
    done = installed.plane.kubectl(
        "patch", "configmap", installed.config_map, "--namespace", installed.namespace, "--dry-run=server",
        '--patch={"data": {"JOB_TIMEOUT_MS": "1200001"}}',
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert "Warning: Validation failed for ValidatingAdmissionPolicy" in done.stderr
    assert "timeoutMs is more than twice maxPollAttempts * pollIntervalMs" in done.stderr


def test_other_keys_are_nobodys_business(installed: Release) -> None:
    assert patched(installed, ("LOG_LEVEL", "1e+06"), ("JOB_POLL_INTERVAL", "x")) == ""


def test_other_config_maps_are_nobodys_business(installed: Release) -> None:
    created = {"metadata": {"name": "other"}, "data": {"JOB_POLL_INTERVAL_MS": "1e+06"}}
    api = installed.plane.api
    assert api.call("POST", path(installed), created).status == 201
    assert patched(installed, ("JOB_POLL_INTERVAL_MS", "?"), name="other") == ""

    same_name = {"metadata": {"name": installed.config_map}, "data": {"JOB_POLL_INTERVAL_MS": "?"}}
    assert api.call("POST", "/api/v1/namespaces/default/configmaps?dryRun=All", same_name).status == 201


def manifest(release: Release, interval: str) -> str:
    return (
        f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {release.config_map}, namespace: {release.namespace}}}\n"
        f'data: {{JOB_POLL_INTERVAL_MS: "{interval}"}}\n'
    )


KUBECTL = {
    "edit": ["edit", "configmap/ideaforge-ai-config"],
    "patch": ["patch", "configmap/ideaforge-ai-config", '--patch={"data": {"JOB_POLL_INTERVAL_MS": "10000"}}'],
    "replace": ["replace", "--filename=-"],
    "apply": ["apply", "--filename=-"],
    "server-side apply": ["apply", "--server-side", "--force-conflicts", "--filename=-"],
}


@pytest.mark.parametrize("words", KUBECTL.values(), ids=KUBECTL)
def test_kubectl_brings_no_broken_setting_in(installed: Release, words: list[str], tmp_path: Path) -> None:
    before = installed.data()

    done = installed.plane.kubectl(
        *words, f"--namespace={installed.namespace}", stdin=manifest(installed, "10000"), editor=editor(tmp_path)
    )

    # `kubectl edit` opens the editor once more, with the reason above the object.
    seen = tmp_path / "seen"
    told = done.stderr + (seen.read_text() if seen.exists() else "")
    assert done.returncode == 1
    assert f"{TOO_LONG}; {MENDS}" in told
    assert installed.data() == before


def editor(folder: Path) -> str:
    """An editor that doubles the interval, and writes down what it was given to edit."""
    program = folder / "editor"
    program.write_text(f'#!/bin/sh\ncat "$1" >> {folder}/seen\nsed -i s/5000/10000/ "$1"\n')
    program.chmod(0o700)
    return str(program)


@pytest.mark.parametrize("words", KUBECTL.values(), ids=KUBECTL)
def test_kubectl_brings_a_right_one_in(installed: Release, words: list[str]) -> None:
    words = [word.replace("10000", "4000") for word in words]
    done = installed.plane.kubectl(
        *words, f"--namespace={installed.namespace}", stdin=manifest(installed, "4000"), editor="sed -i s/5000/4000/"
    )

    assert done.returncode == 0, done.stderr
    assert installed.data()["JOB_POLL_INTERVAL_MS"] == "4000"
    restore(installed)


def restore(installed: Release) -> None:
    """Give the release its ConfigMap back."""
    installed.succeed("upgrade", *WAIT, "--force-conflicts")
    assert installed.data()["JOB_POLL_INTERVAL_MS"] == "5000"


def test_an_applied_config_map_without_the_annotation_is_held_to_the_rules(installed: Release) -> None:
    where = f"{path(installed, installed.config_map)}?dryRun=All"
    body = {"metadata": {"annotations": {"chartgen.dev/schema": None}}, "data": {"JOB_TIMEOUT_MS": "1"}}

    assert "expected at least 1000 ms" in installed.plane.api.call("PATCH", where, body, MERGE).message


def test_the_deletion_of_the_config_map_is_nobodys_business(installed: Release) -> None:
    where = f"{path(installed, installed.config_map)}?dryRun=All"
    assert installed.plane.api.call("DELETE", where).status == 200


def test_a_config_map_that_is_applied_anew_is_held_to_the_rules(installed: Release) -> None:
    assert installed.plane.api.call("DELETE", path(installed, installed.config_map)).status == 200
    applied = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": installed.config_map},
        "data": {"JOB_TIMEOUT_MS": "1"},
    }
    where = f"{path(installed, installed.config_map)}?fieldManager=tests"
    assert "expected at least 1000 ms" in installed.plane.api.call("PATCH", where, applied, APPLY).message
    restore(installed)


def test_the_policies_are_of_the_release_alone_and_pass_the_clusters_own_type_check(installed: Release) -> None:
    names = {f"{installed.namespace}.{installed.config_map}.{kind}" for kind in ("errors", "warnings")}
    policies = RESOURCES["ValidatingAdmissionPolicy"]
    found = installed.plane.api.call("GET", policies).body["items"]

    assert names == {
        each["metadata"]["name"] for each in found if each["metadata"]["name"].startswith(installed.namespace)
    }
    for name in names:
        assert type_check(installed, f"{policies}/{name}") == {}


def type_check(installed: Release, policy: str) -> object:
    """What the cluster's own check of a policy's types found."""
    status = wait_for("it is checked", lambda: installed.plane.api.call("GET", policy).body.get("status"))
    return status["typeChecking"]
