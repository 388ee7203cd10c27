"""The commands of the how-to "a load peak, step by step", in their order, on a release of the reference chart."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.cluster.release import Release
from tests.cluster.scene import backend_and_redis
from tests.cluster.served import write_log
from tests.command import PROGRAM

LOW = "settings: {pollIntervalMs: 3000, maxPollAttempts: 200}\n"
PEAK = {"JOB_POLL_INTERVAL_MS": "10000", "JOB_MAX_POLL_ATTEMPTS": "60", "JOB_TIMEOUT_MS": "600000"}


def test_each_command_does_what_the_page_says(release: Release, repository: Path, tmp_path: Path) -> None:
    for name in ("charts", "schemas"):
        shutil.copytree(repository / name, tmp_path / name)
    project = (repository / "chartgen.yaml").read_text(encoding="utf-8").partition("environments:")[0]
    prod = f"{{namespace: {release.namespace}, release: frontend, values: [envs/prod.yaml]}}"
    (tmp_path / "chartgen.yaml").write_text(f"{project}environments: {{prod: {prod}}}\n", encoding="utf-8")
    (tmp_path / "envs").mkdir()
    (tmp_path / "envs/prod.yaml").write_text(LOW, encoding="utf-8")
    release.succeed("install", "--values", str(tmp_path / "envs/prod.yaml"), "--wait", "--timeout=60s")
    backend_and_redis(release.plane, release.namespace)
    write_log(release.plane.folder, [(5, 'GET /api/multi-agent/jobs/1" 200')])
    page = (repository / "docs/how-to/load-peak.md").read_text(encoding="utf-8")
    commands = "".join(re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)).splitlines()

    said = [run(command, release, tmp_path) for command in commands]

    told = dict(zip(commands, said, strict=True))
    assert len(commands) == 11
    assert "133.3 requests a second for 400 users" in said[1]
    assert "[CG507]: polling is too frequent" in said[2]
    assert "polling: 133.3 -> 40 requests a second for 400 users" in said[3]
    assert "all pods are new" in said[4]
    assert "by admin: 400 users since nine" in said[5]
    assert "40 requests a second for 400 users; a page gives up after 600 s" in said[5]
    assert "no findings" in said[6]
    assert "!" not in told["chartgen status --env prod"]
    assert release.data() == {**PEAK, "JOB_POLL_INTERVAL_MS": "3000", "JOB_MAX_POLL_ATTEMPTS": "200"}


def run(command: str, release: Release, folder: Path) -> str:
    """What one command printed, which has to end well; the page's namespace is the test's."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    for name, target in (("helm", release.helm), ("kubectl", release.plane.programs["kubectl"])):
        if not (programs / name).exists():
            (programs / name).symlink_to(target)
    path = os.pathsep.join([str(programs), str(PROGRAM.parent), os.environ["PATH"]])
    done = subprocess.run(
        ["sh", "-c", command.replace("--namespace prod", f"--namespace {release.namespace}")],
        cwd=folder,
        env={**release.plane.environment(), "PATH": path},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout
