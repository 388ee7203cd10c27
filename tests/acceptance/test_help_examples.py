"""Every example in every command's help is run, as it stands there, and ends as the help says: 0, unless it says `exit N`.

An example that says `(asks)` is run on a terminal, and answered.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest

from chartgen.cli import root
from tests.cluster import served
from tests.cluster.control_plane import ControlPlane
from tests.cluster.scene import backend_and_redis
from tests.cluster.waiting import wait_for
from tests.command import PROGRAM, chartgen
from tests.projects import foreign_chart, write
from tests.redis_server import RedisServer

BLOCK = re.compile(r"^ *Examples:\n(?P<lines>(?: .*\n)+)", re.MULTILINE)
CONTINUED = re.compile(r" *\\\n *")
ANSWERS = ["shop", "registry.example.com/shop:1.0.0", "refreshInterval:ms=5000", ""]
ENVIRONMENTS = """\
environments:
  prod: {values: [envs/prod.yaml]}
  dev: {values: [envs/dev.yaml]}
"""
CONFIG_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: shop}
data: {REFRESH_INTERVAL: "5000"}
"""
VALUES = "settings:\n  refreshInterval: 10000\n"
# The real one, but for what only a cluster can answer.
HELM = f'#!/bin/sh\n[ "$1" = get ] || exec HELM "$@"\nprintf \'{VALUES}\'\n'


class Example(NamedTuple):
    """One line of a help: what is typed, and what stands behind it in parentheses."""

    command: str
    comment: str

    @property
    def exit_code(self) -> int:
        """The exit status that the help tells."""
        told = re.search(r"exit (\d+)", self.comment)
        return int(told[1]) if told else 0


def helps(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    """The name and the help of a command and of all below it."""
    yield context.command_path, command.get_help(context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from helps(below, below.make_context(name, [], parent=context, resilient_parsing=True))


def examples(text: str) -> list[Example]:
    """The examples of a help."""
    block = BLOCK.search(text + "\n")
    lines = CONTINUED.sub(" ", block["lines"]).splitlines() if block else []
    found = (re.fullmatch(r" *(?P<command>.+?)(?: +\((?P<comment>.*)\))?", line) for line in lines)
    return [Example(line["command"], line["comment"] or "") for line in found if line]


OF_CLUSTERS = re.compile(r"chartgen (set|apply|status|doctor|rbac) ")
OF_SERVERS = re.compile(r"chartgen load ")
POLLING = Path(__file__).resolve().parents[2] / "schemas" / "async-job.schema.json"
PROFILES = {"high-load": {"description": "Many users.", "values": {"refreshInterval": 9000}}}


HELPS = dict(helps(root, root.make_context("chartgen", [], resilient_parsing=True, max_content_width=200)))
ALL = [(name, example) for name, text in HELPS.items() for example in examples(text)]
EXAMPLES = [(name, each) for name, each in ALL if not (OF_CLUSTERS.match(f"{name} ") or OF_SERVERS.match(f"{name} "))]
ON_SERVERS = [example for name, example in ALL if OF_SERVERS.match(f"{name} ")]
ON_CLUSTERS = [(name, example) for name, example in ALL if OF_CLUSTERS.match(f"{name} ")]


@pytest.mark.parametrize("name", HELPS)
def test_each_help_has_examples_of_its_own_command(name: str) -> None:
    found = examples(HELPS[name])

    assert found
    assert [example for example in found if f"{name} " not in f"{example.command} "] == []


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, helm4: str) -> Path:
    """All that examples name: a project with its chart and environments, another chart, an archive, values files."""
    folder = tmp_path_factory.mktemp("examples") / "project"
    folder.mkdir()
    settings = ("--setting", "refreshInterval:ms=5000", "--setting", "darkMode=false")
    chartgen("init", "--name", "shop", "--image", "registry.example.com/shop:1.0.0", *settings, cwd=folder)
    with (folder / "chartgen.yaml").open("a", encoding="utf-8") as project:
        project.write(ENVIRONMENTS)
    schema = folder / "schemas" / "shop.schema.json"
    schema.write_text(json.dumps({**json.loads(schema.read_text(encoding="utf-8")), "x-profiles": PROFILES}))
    shutil.copy(schema, folder / "settings.schema.json")
    files = ("values.yaml", "values-prod.yaml", "base.yaml", "prod.yaml", "envs/prod.yaml", "envs/dev.yaml")
    write(folder, dict.fromkeys(files, VALUES))
    assert chartgen("render", cwd=folder).returncode == 0
    assert chartgen("client", "--output", "src/lib/job-config.ts", cwd=folder).returncode == 0
    programs = tmp_path_factory.mktemp("programs")
    (programs / "helm").symlink_to(helm4)
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    made = chartgen("manifests", "--env", "dev", "--output", "k8s/dev", cwd=folder, env={"PATH": path})
    assert made.returncode == 0, made.stderr
    write(folder, {"polling.schema.json": POLLING.read_text(encoding="utf-8"), "polling.yaml": "settings: {}\n"})
    write(folder, {".env.production": "REFRESH_INTERVAL=5000\n"})
    (folder / "charts" / "redis").mkdir()
    foreign_chart(folder / "charts" / "redis")
    with tarfile.open(folder / "charts" / "shop-1.0.0.tgz", "w:gz") as archive:
        archive.add(folder / "charts" / "shop", "shop")
    committed(folder)
    return folder


def committed(folder: Path) -> None:
    """Make a history of the folder: a schema that is older, and two versions that differ in nothing."""
    schema = (folder / "settings.schema.json").read_text(encoding="utf-8")
    write(folder, {"old.schema.json": schema.replace('"minimum": ', '"minimum": -')})
    who = ("-c", "user.name=Shop", "-c", "user.email=shop@example.com", "-c", "commit.gpgsign=false")
    steps = [("init", "-q", "-b", "main"), ("add", "."), (*who, "commit", "-q", "-m", "all")]
    for step in (*steps, ("tag", "v1.0.0"), ("tag", "v1.1.0")):
        subprocess.run(["git", *step], cwd=folder, check=True)


@pytest.fixture
def folder(prepared: Path, tmp_path: Path, example: Example) -> Path:
    """A copy of what is prepared; for `init`, what there is before a project."""
    copy = tmp_path / "shop"
    if " init" in example.command:
        write(copy, {"configmap.yaml": CONFIG_MAP})
    else:
        shutil.copytree(prepared, copy)
    return copy


@pytest.fixture
def environment(tmp_path: Path, helm4: str) -> dict[str, str]:
    """A shell's environment: this chartgen and a `helm` on the PATH, a home with the folders of completions."""
    write(
        tmp_path,
        {
            "bin/helm": HELM.replace("exec HELM", f"exec {helm4}"),
            ".zfunc/_other": "",
            ".config/fish/completions/other": "",
        },
    )
    write(tmp_path, {".local/share/bash-completion/completions/other": ""})
    (tmp_path / "bin" / "helm").chmod(0o755)
    path = os.pathsep.join([str(tmp_path / "bin"), str(PROGRAM.parent), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "HOME": str(tmp_path), "PYTHONUTF8": "1"}


@pytest.mark.helm
@pytest.mark.skipif(os.name == "nt", reason="examples are typed into a shell of POSIX")
@pytest.mark.parametrize(
    ("name", "example"), EXAMPLES, ids=[f"{name}: {example.command}" for name, example in EXAMPLES]
)
def test_the_example_ends_as_the_help_says(
    folder: Path, environment: dict[str, str], name: str, example: Example
) -> None:
    check(name, example, folder, environment, ANSWERS)


@pytest.mark.skipif(os.name == "nt", reason="examples are typed into a shell of POSIX")
@pytest.mark.parametrize("example", ON_SERVERS, ids=[example.command for example in ON_SERVERS])
def test_the_example_of_a_load_comes_as_far_as_its_server(
    folder: Path, environment: dict[str, str], example: Example
) -> None:
    with socket.socket() as probe:  # taken, and nobody listens
        probe.bind(("127.0.0.1", 0))
        command = example.command.replace(":8080", f":{probe.getsockname()[1]}")
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    assert done.returncode == 4
    assert "does not answer" in done.stderr


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a real Redis."""
    with RedisServer(tmp_path_factory.mktemp("redis")).running() as server:
        yield server.port


@pytest.fixture
def cluster(
    control_plane: ControlPlane, namespace: str, folder: Path, environment: dict[str, str], tmp_path: Path, redis: int
) -> dict[str, str]:
    """The same with a cluster, in which the project runs, in the namespace of the contexts, in `shop` and in `default`.

    Beside it, in the first, are a backend that logs nothing and Redis.
    """
    (control_plane.folder / "redis.port").write_text(f"{redis}\n", encoding="utf-8")
    served.write_log(control_plane.folder, [])
    backend_and_redis(control_plane, namespace)
    wait_for(
        "they run", lambda: all(_is_running(control_plane, namespace, name) for name in (served.BACKEND, served.REDIS))
    )
    config = json.loads(control_plane.kubeconfig().read_text(encoding="utf-8"))
    context = {**config["contexts"][0]["context"], "namespace": namespace}
    config["contexts"] = [{"name": name, "context": context} for name in ("tests", "staging")]
    write(tmp_path, {".kube/config": json.dumps(config)})
    (tmp_path / ".kube/config").chmod(0o600)
    (tmp_path / "bin" / "kubectl").symlink_to(control_plane.programs["kubectl"])
    control_plane.api.call("POST", "/api/v1/namespaces", {"metadata": {"name": "shop"}})
    control_plane.api.call("POST", "/api/v1/namespaces", {"metadata": {"name": "ci"}})
    for place in (namespace, "shop", "default"):
        made = chartgen("manifests", "--env", "prod", "--namespace", place, cwd=folder, env=environment)
        done = control_plane.kubectl("apply", "--filename=-", stdin=made.stdout)
        assert done.returncode == 0, made.stderr + done.stderr
    return {**environment, "KUBECONFIG": str(tmp_path / ".kube/config")}


def _is_running(plane: ControlPlane, namespace: str, pod: str) -> bool:
    found = plane.api.call("GET", f"/api/v1/namespaces/{namespace}/pods/{pod}").body
    return bool(found["status"].get("phase") == "Running")


@pytest.mark.skipif(os.name == "nt", reason="examples are typed into a shell of POSIX")
@pytest.mark.parametrize(
    ("name", "example"), ON_CLUSTERS, ids=[f"{name}: {example.command}" for name, example in ON_CLUSTERS]
)
def test_the_example_ends_as_the_help_says_on_a_cluster(
    folder: Path, cluster: dict[str, str], name: str, example: Example
) -> None:
    check(name, example, folder, cluster, ["y"])


def check(name: str, example: Example, folder: Path, environment: dict[str, str], answers: list[str]) -> None:
    """Run an example, and compare how it ends."""
    command = f"set -o pipefail; {example.command}"
    if "asks" in example.comment:
        code, said = answered(command, folder, environment, answers)
    else:
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        code, said = done.returncode, done.stdout + done.stderr

    assert example.exit_code == code, f"{name}: {said}"


def answered(command: str, folder: Path, environment: dict[str, str], answers: list[str]) -> tuple[int, str]:
    """The exit status and the output of a command on a terminal, to which the answers are typed."""
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        ["bash", "-c", command], cwd=folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    os.write(ours, "".join(f"{line}\n" for line in answers).encode())
    said = b""
    with contextlib.suppress(OSError):  # how Linux says that the other side has left
        while read := os.read(ours, 4096):
            said += read
    os.close(ours)
    return process.wait(timeout=60), said.decode()


def test_a_command_without_examples_is_found() -> None:
    assert examples(click.Command("new", epilog="\b\nUsage only.").get_help(click.Context(click.Command("new")))) == []
