"""Two releases of one chart: in two namespaces as it is, in one namespace with names of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.cluster.control_plane import ControlPlane
from tests.cluster.namespaces import own_namespace
from tests.cluster.release import Release
from tests.cluster.waiting import wait_for

WAIT = ("--wait", "--timeout=60s")
OWN_NAMES = ("--set=names.configMap=second-settings", "--set=names.deployment=second", "--set=names.service=second")
OTHER = ("--set=settings.timeoutMs=1200000",)
"""A setting that the second release has otherwise."""


@pytest.fixture
def second_namespace(control_plane: ControlPlane) -> Iterator[str]:
    with own_namespace(control_plane) as name:
        yield name


@pytest.fixture
def second(release: Release) -> Release:
    """A second release in the same namespace."""
    return replace(release, name="second", config_map="second-settings", deployment="second")


def backends(release: Release, service: str) -> set[str]:
    """The pods that a Service sends requests to."""
    slices = release.kubectl("get", "endpointslices", f"--selector=kubernetes.io/service-name={service}", PODS)
    return set(slices.split())


PODS = "--output=jsonpath={.items[*].endpoints[*].targetRef.name}"


def test_in_two_namespaces_the_chart_serves_as_it_is(release: Release, second_namespace: str) -> None:
    other = replace(release, namespace=second_namespace)
    release.succeed("install", *WAIT)
    other.succeed("install", *WAIT, *OTHER)

    assert (release.data()["JOB_TIMEOUT_MS"], other.data()["JOB_TIMEOUT_MS"]) == ("600000", "1200000")
    other.succeed("uninstall", *WAIT)
    assert (len(release.pods()), release.statuses()) == (2, ["deployed"])


def test_in_one_namespace_the_second_needs_names_of_its_own(release: Release, second: Release) -> None:
    release.succeed("install", *WAIT)
    said = second.fail("install", *WAIT, *OTHER)

    assert 'ConfigMap "ideaforge-ai-config" in namespace' in said
    assert 'must equal "second": current value is "frontend"' in said


def test_in_one_namespace_each_has_its_settings_and_its_pods(release: Release, second: Release) -> None:
    release.succeed("install", *WAIT)
    second.succeed("install", *WAIT, *OTHER, *OWN_NAMES)

    assert (release.data()["JOB_TIMEOUT_MS"], second.data()["JOB_TIMEOUT_MS"]) == ("600000", "1200000")
    wait_for("the first has its pods", lambda: backends(release, "frontend") == release.pods())
    wait_for("the second has its own", lambda: backends(second, "second") == second.pods())
    assert len(release.pods() | second.pods()) == 4

    before = release.pods()
    second.succeed("uninstall", *WAIT)
    assert (release.pods(), release.data()["JOB_TIMEOUT_MS"]) == (before, "600000")
