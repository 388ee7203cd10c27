"""A ConfigMap that is made by something: the change goes where it stays, or is not made."""

from __future__ import annotations

import shlex
import shutil
from pathlib import Path

import pytest

from tests.cluster.control_plane import ControlPlane
from tests.cluster.live import DATA, Shop, shop
from tests.cluster.release import Release
from tests.command import chartgen
from tests.projects import write

SLOWER = ("pollIntervalMs=10000", "maxPollAttempts=60", "--yes")
PROJECT = """
environments:
  prod:
    release: frontend
    namespace: NAMESPACE
    values: [envs/base.yaml, envs/prod.yaml]
"""
ENVS = {
    "envs/base.yaml": "# for all\nsettings:\n  maxPollAttempts: 100 # a few\n",
    "envs/prod.yaml": "# of prod\nreplicaCount: 2\n",
}


@pytest.fixture
def folder(release: Release, repository: Path, tmp_path: Path) -> Path:
    """The reference project, with an environment; its release is installed."""
    text = (repository / "chartgen.yaml").read_text(encoding="utf-8").partition("environments:")[0]
    shutil.copytree(repository / "charts", tmp_path / "charts")
    shutil.copytree(repository / "schemas", tmp_path / "schemas")
    write(tmp_path, {"chartgen.yaml": text + PROJECT.replace("NAMESPACE", release.namespace), **ENVS})
    values = [f"--values={tmp_path / name}" for name in ENVS]
    release.succeed("install", "--wait", "--timeout=60s", *values)
    return tmp_path


def set_in(folder: Path, release: Release, *words: str) -> str:
    done = chartgen("set", *words, "--env", "prod", cwd=folder, env=release.plane.environment())
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_helm_upgrade_that_is_shown_keeps_the_change(folder: Path, release: Release) -> None:
    said = set_in(folder, release, *SLOWER, "--wait", "--write")
    changed = release.data()

    assert (changed["JOB_POLL_INTERVAL_MS"], changed["JOB_MAX_POLL_ATTEMPTS"]) == ("10000", "60")
    assert upgraded(folder, release, said) == changed


def test_without_an_environment_the_upgrade_says_the_values_by_flags(folder: Path, release: Release) -> None:
    words = ("set", *SLOWER, "--no-restart", "--namespace", release.namespace)
    done = chartgen(*words, cwd=folder, env=release.plane.environment())
    assert done.returncode == 0, done.stderr
    changed = release.data()

    kept = upgraded(folder, release, done.stdout)
    assert kept == changed
    assert kept["JOB_POLL_INTERVAL_MS"] == "10000"


def test_what_an_earlier_command_set_is_kept_too_since_the_upgrade_would_fail_without_it(
    folder: Path, release: Release
) -> None:
    """By a rule, which the one does not fit without the other, and by Helm 4, which knows that chartgen owns both."""
    words = ("--yes", "--no-restart", "--namespace", release.namespace)
    first, done = (
        chartgen("set", setting, *words, cwd=folder, env=release.plane.environment())
        for setting in ("pollIntervalMs=4000", "maxPollAttempts=150")
    )
    assert (first.returncode, done.returncode) == (0, 0), first.stderr + done.stderr
    assert "note: JOB_POLL_INTERVAL_MS is 4000, and 5000 in the values; the command keeps it\n" in done.stdout

    changed = release.data()
    assert upgraded(folder, release, done.stdout) == changed


def upgraded(folder: Path, release: Release, said: str) -> dict[str, str]:
    """What the ConfigMap holds after the `helm upgrade` that the last line shows."""
    command = shlex.split(said.splitlines()[-1])
    assert command[:3] == ["helm", "upgrade", "frontend"]
    words = [str(folder / word) if word.startswith(("envs/", "charts/")) else word for word in command[1:]]
    done = release.plane.run(release.helm, *words, "--wait", "--timeout=60s")
    assert done.returncode == 0, done.stderr
    return release.data()


def test_write_changes_the_environments_own_file_and_nothing_else_in_it(folder: Path, release: Release) -> None:
    set_in(folder, release, *SLOWER, "--write", "--no-restart")

    assert (folder / "envs/base.yaml").read_text(encoding="utf-8") == ENVS["envs/base.yaml"]
    own = "# of prod\nreplicaCount: 2\nsettings:\n  pollIntervalMs: 10000\n  maxPollAttempts: 60\n"
    assert (folder / "envs/prod.yaml").read_text(encoding="utf-8") == own


def test_without_write_the_lines_are_shown_and_no_file_changes(folder: Path, release: Release) -> None:
    said = set_in(folder, release, *SLOWER, "--no-restart")

    assert "write into envs/prod.yaml:\n  settings.pollIntervalMs: 10000\n  settings.maxPollAttempts: 60\n" in said
    assert 'until the values say so, a helm upgrade from them fails: conflict with "chartgen"' in said
    failed = release.fail("upgrade", *[f"--values={folder / name}" for name in ENVS], "--set-string=image.tag=2")
    assert 'conflicts with "chartgen" using v1' in failed or 'conflict with "chartgen" using v1' in failed
    assert {name: (folder / name).read_text(encoding="utf-8") for name in ENVS} == ENVS


def test_a_dry_run_writes_no_file(folder: Path, release: Release) -> None:
    set_in(folder, release, *SLOWER[:2], "--dry-run", "--write")

    assert {name: (folder / name).read_text(encoding="utf-8") for name in ENVS} == ENVS


def test_where_write_would_write_nothing_that_counts_nothing_is_changed(folder: Path, release: Release) -> None:
    before = release.data()
    project = (folder / "chartgen.yaml").read_text(encoding="utf-8")
    (folder / "chartgen.yaml").write_text(project + "    set: [settings.pollIntervalMs=4000]\n", encoding="utf-8")
    done = chartgen("set", *SLOWER, "--write", "--env", "prod", cwd=folder, env=release.plane.environment())

    assert (done.returncode, release.data()) == (2, before)
    assert "settings.pollIntervalMs cannot be written into envs/prod.yaml, or would be overridden" in done.stderr


def test_where_the_values_would_have_errors_write_changes_nothing(folder: Path, release: Release) -> None:
    """Somebody edited the live ConfigMap, so that it takes a setting that the values do not."""
    patch = '{"data": {"JOB_TIMEOUT_MS": "1200000"}}'
    release.kubectl("patch", "configmap", release.config_map, f"--patch={patch}")
    words = ("pollIntervalMs=10000", "--yes", "--no-restart", "--env", "prod")
    before = release.data()
    done = chartgen("set", *words, "--write", cwd=folder, env=release.plane.environment())

    assert (done.returncode, release.data()) == (1, before)
    assert "error[CG203]" in done.stderr
    assert {name: (folder / name).read_text(encoding="utf-8") for name in ENVS} == ENVS

    said = set_in(folder, release, *words[:3])
    assert release.data()["JOB_POLL_INTERVAL_MS"] == "10000"
    assert "(with errors then: chartgen validate --env prod)" in said
    assert "note: JOB_TIMEOUT_MS is 1200000, and 600000 in the values, which win with the next upgrade" in said
    assert ", or fail it: to keep it, write settings.timeoutMs there, too\n" in said


def test_a_config_map_of_another_schema_is_told(app: Shop) -> None:
    app.patch_map({"metadata": {"annotations": {"chartgen.dev/schema": "other"}}})
    done = app.run("set", "intervalMs=6000", "--yes", "--no-restart")

    assert done.returncode == 0, done.stderr
    assert "warning: the ConfigMap was made by another version of the settings schema" in done.stderr


@pytest.fixture
def app(control_plane: ControlPlane, namespace: str, tmp_path: Path) -> Shop:
    return shop(control_plane, namespace, tmp_path)


OWNERS = [
    ({"annotations": {"argocd.argoproj.io/tracking-id": "web:/ConfigMap:x/y"}}, "Argo CD's Application web"),
    ({"labels": {"argocd.argoproj.io/instance": "web"}}, "Argo CD's Application web"),
    (
        {"labels": {"helm.toolkit.fluxcd.io/name": "web", "helm.toolkit.fluxcd.io/namespace": "flux"}},
        "Flux's HelmRelease flux/web",
    ),
    ({"labels": {"kustomize.toolkit.fluxcd.io/name": "web"}}, "Flux's Kustomization web"),
]


@pytest.mark.parametrize(("metadata", "owner"), OWNERS)
def test_what_puts_changes_back_is_not_changed_without_force(
    app: Shop, metadata: dict[str, dict[str, str]], owner: str
) -> None:
    app.patch_map({"metadata": metadata})
    words = ("set", "intervalMs=6000", "--yes", "--no-restart")
    done = app.run(*words)

    assert (done.returncode, app.data()) == (2, DATA)
    assert f"{owner} owns ConfigMap shop-settings" in done.stderr
    assert "write settings.intervalMs: 6000 into the values that it is made of, and commit that" in done.stderr

    done = app.run(*words, "--force")
    assert (done.returncode, app.data()["INTERVAL_MS"]) == (0, "6000"), done.stderr
    assert f"warning: {owner} owns" in done.stderr
