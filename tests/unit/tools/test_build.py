"""Tools are built once, whole or not at all, whoever else builds at the same time. A fake `go` stands for the compiler."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tools import build

SCRIPT = Path(build.__file__)
Run = Callable[..., "subprocess.Popen[bytes]"]

# Says what it was asked for, writes half of the program, takes its time, writes the rest.
SLOW_GO = """#!/bin/sh
while [ "$1" != -o ]; do shift; done
echo "$3" >> "$LOG"
printf half > "$2"
sleep "$SECONDS_TO_BUILD"
printf ' and half' >> "$2"
exit "$GO_EXIT"
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Starts the builder with a cache, and a `go`, of the test's own."""
    go = tmp_path / "bin" / "go"
    go.parent.mkdir()
    go.write_text(SLOW_GO)
    go.chmod(0o755)
    monkeypatch.setenv("CHARTGEN_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("KUBEBUILDER_ASSETS", raising=False)

    def start(
        seconds: str = "0", go_exit: str = "0", path: str = f"{go.parent}:/bin:/usr/bin"
    ) -> subprocess.Popen[bytes]:
        environment = {
            "PATH": path, "CHARTGEN_CACHE": str(tmp_path / "cache"), "LOG": str(tmp_path / "log"),
            "SECONDS_TO_BUILD": seconds, "GO_EXIT": go_exit,
        }  # fmt: skip
        with (tmp_path / "error").open("w") as error:
            return subprocess.Popen(
                [sys.executable, str(SCRIPT)], env=environment, stdout=error, stderr=error, start_new_session=True
            )

    return start


def built() -> list[str]:
    return [path.read_text() for path in build.paths().values() if path.exists()]


def test_each_program_is_built_from_its_pinned_module(run: Run, tmp_path: Path) -> None:
    assert run().wait() == 0
    assert (tmp_path / "log").read_text().split() == [program.package for program in build.PROGRAMS]
    assert built() == ["half and half"] * len(build.PROGRAMS)


def test_what_is_built_needs_no_go_again(run: Run) -> None:
    run().wait()

    assert run(path="/nowhere").wait() == 0


def test_without_go_the_message_says_what_to_install(run: Run, tmp_path: Path) -> None:
    expected = "error: helm4 is not built and there is no Go on the PATH: install Go, then run 'make tools'\n"

    assert run(path="/nowhere").wait() == 1
    assert expected == (tmp_path / "error").read_text()


def test_a_failed_build_leaves_no_program(run: Run) -> None:
    assert run(go_exit="1").wait() == 1
    assert built() == []


def test_a_killed_build_leaves_no_program_and_the_next_one_builds(run: Run, tmp_path: Path) -> None:
    process = run(seconds="30")
    while not (tmp_path / "log").exists():
        time.sleep(0.01)
    process.kill()
    process.wait()

    try:
        assert built() == []
        assert run().wait() == 0
        assert built() == ["half and half"] * len(build.PROGRAMS)
    finally:
        os.killpg(process.pid, signal.SIGKILL)  # the compiler


def test_two_builds_at_once_do_the_work_once(run: Run, tmp_path: Path) -> None:
    both = [run(seconds="0.2"), run(seconds="0.2")]

    assert [process.wait() for process in both] == [0, 0]
    assert sorted((tmp_path / "log").read_text().split()) == sorted(program.package for program in build.PROGRAMS)


def test_what_envtest_brought_is_not_built_and_what_it_lacks_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kubectl").touch()
    (tmp_path / "helm4").touch()
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(tmp_path))
    monkeypatch.setenv("CHARTGEN_CACHE", str(tmp_path / "cache"))

    assert build.main(["--where"]) == 0
    given = [line.split() for line in capsys.readouterr().out.splitlines() if str(tmp_path / "cache") not in line]
    assert given == [["kubectl", str(tmp_path / "kubectl")]]


def test_a_folder_of_envtest_that_is_not_there_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("KUBEBUILDER_ASSETS", "not/here")

    with pytest.raises(SystemExit):
        build.main(["--where"])
    assert "KUBEBUILDER_ASSETS is 'not/here', and there is no such folder in " in capsys.readouterr().err


@pytest.mark.parametrize("name", ["helm4/oracle/helm.go", "oracle/main.go"])
def test_a_changed_source_of_ours_is_another_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    shutil.copytree(build.HERE, tmp_path / "tools")
    monkeypatch.setattr(build, "HERE", tmp_path / "tools")
    before = build.paths()
    source = tmp_path / "tools" / name
    source.write_text(source.read_text(encoding="utf-8") + "// changed\n", encoding="utf-8")
    after = build.paths()

    changed = {program for program, path in before.items() if path != after[program]}
    assert changed == ({"oracle4"} if "helm4" in name else {"oracle4", "oracle3"})


def test_a_shared_source_is_found_where_the_package_is(tmp_path: Path) -> None:
    oracle = next(program for program in build.PROGRAMS if program.name == "oracle3")
    flag, file = build.overlay(oracle, tmp_path)

    expected = {str(build.HERE / "helm3" / "oracle" / "main.go"): str(build.HERE / "oracle" / "main.go")}
    assert (flag, json.loads(Path(file).read_text(encoding="utf-8"))) == ("-overlay", {"Replace": expected})


def test_versions_come_from_go_mod() -> None:
    helm3 = next(program for program in build.PROGRAMS if program.name == "helm3")

    assert "internal/version.version=v3.22.0" in build.linker_flags(helm3)
    assert "pkg/chartutil.k8sVersionMinor=37" in build.linker_flags(helm3)
    kubectl = next(program for program in build.PROGRAMS if program.name == "kubectl")
    assert "version.gitVersion=v1.36.3" in build.linker_flags(kubectl)
    assert "version.gitMinor=36" in build.linker_flags(kubectl)


@pytest.mark.parametrize(("name", "expected"), [("helm4", "v4.3.1"), ("helm3", "v3.22.0")])
def test_a_built_helm_tells_its_pinned_version(request: pytest.FixtureRequest, name: str, expected: str) -> None:
    helm = request.getfixturevalue(name)
    done = subprocess.run([helm, "version", "--template", "{{.Version}}"], capture_output=True, text=True, check=True)

    assert done.stdout == expected


def test_both_helms_render_for_the_same_kubernetes(helm: str, tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "Chart.yaml").write_text("apiVersion: v2\nname: a\nversion: 0.1.0\n")
    (tmp_path / "templates" / "a.yaml").write_text("version: {{ .Capabilities.KubeVersion }}\n")
    done = subprocess.run([helm, "template", str(tmp_path)], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "version: v1.37.0"
