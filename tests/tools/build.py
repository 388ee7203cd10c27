"""Build the programs that the tests need from pinned Go modules, once, into a cache outside the tree.

`python tests/tools/build.py [NAME]...` builds what is missing and prints each program's path; `--where` only prints.
Standard library only: it runs before anything is installed.

A program's folder is named by a hash of its module's go.mod and go.sum, the build's flags and the sources that are ours,
so that a changed pin or source is another folder and a built program is never stale. A program appears there by one rename: an interrupted build leaves none.

Where `KUBEBUILDER_ASSETS` names a folder, as for envtest, the programs that lie there are taken and not built.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

HERE = Path(__file__).resolve().parent
FLAGS = ("-trimpath", "-mod=readonly", "-buildvcs=false")
ENVTEST = frozenset({"etcd", "kube-apiserver", "kubectl"})
"""The programs that people who have envtest have already."""


@dataclass(frozen=True)
class Program:
    """One Go program: the name that tests call it by, its module (a folder here), its package and its linker flags.

    In `variables`, `{go module}` stands for the version that go.mod pins; `{minor go module}` for its minor part.
    A package of ours is `./folder`; `shared` are the files here that it is built with as if they lay in its folder.
    """

    name: str
    module: str
    package: str
    variables: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()

    @property
    def sources(self) -> dict[Path, Path]:
        """Where the compiler looks for each Go file of ours: where that file is. Empty for a package of others."""
        if not self.package.startswith("./"):
            return {}
        folder = HERE / self.module / self.package
        own = {path: path for path in sorted(folder.glob("*.go"))}
        return {**own, **{folder / Path(name).name: HERE / name for name in self.shared}}


HELM4_VARIABLES = ("helm.sh/helm/v4/internal/version.version={helm.sh/helm/v4}",)
HELM3_VARIABLES = (
    "helm.sh/helm/v3/internal/version.version={helm.sh/helm/v3}",
    # Without these, a Helm 3 that was not built by its own Makefile takes the cluster for Kubernetes 1.20.
    "helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor=1",
    "helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor={minor k8s.io/client-go}",
    "helm.sh/helm/v3/pkg/lint/rules.k8sVersionMajor=1",
    "helm.sh/helm/v3/pkg/lint/rules.k8sVersionMinor={minor k8s.io/client-go}",
)
KUBERNETES_VARIABLES = (
    "k8s.io/component-base/version.gitVersion={k8s.io/kubernetes}",
    "k8s.io/component-base/version.gitMajor=1",
    "k8s.io/component-base/version.gitMinor={minor k8s.io/kubernetes}",
)
ORACLE = ("oracle/main.go",)

PROGRAMS = (
    Program(name="helm4", module="helm4", package="helm.sh/helm/v4/cmd/helm", variables=HELM4_VARIABLES),
    Program(
        name="kubeconform",
        module="helm4",
        package="github.com/yannh/kubeconform/cmd/kubeconform",
        variables=("main.version={github.com/yannh/kubeconform}",),
    ),
    Program(name="helm3", module="helm3", package="helm.sh/helm/v3/cmd/helm", variables=HELM3_VARIABLES),
    Program(name="oracle4", module="helm4", package="./oracle", variables=HELM4_VARIABLES, shared=ORACLE),
    Program(name="oracle3", module="helm3", package="./oracle", variables=HELM3_VARIABLES, shared=ORACLE),
    # A module of its own: beside Kubernetes or Helm, Go would raise etcd's dependencies, or etcd itself, without a word.
    Program(name="etcd", module="etcd", package="go.etcd.io/etcd/server/v3"),
    *(
        Program(name=name, module="kube", package=f"k8s.io/kubernetes/cmd/{name}", variables=KUBERNETES_VARIABLES)
        for name in ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl")
    ),
    Program(name="kwok", module="kube", package="sigs.k8s.io/kwok/cmd/kwok"),
)


class BuildError(Exception):
    """A tool cannot be built; the text says what to do."""


def cache_root(environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of everything that is built or unpacked for tests: `CHARTGEN_CACHE`, or chartgen's in the user's cache."""
    own = environ.get("CHARTGEN_CACHE")
    if own:
        return Path(own)
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "chartgen"


def pinned(go_mod: str, module: str) -> str:
    """The version that a go.mod's text pins a module to.

    Raises:
        BuildError: it does not pin it.
    """
    match = re.search(rf"^\s*(?:require\s+)?{re.escape(module)}\s+(v\S+)", go_mod, re.MULTILINE)
    if match is None:
        message = f"go.mod pins no {module}"
        raise BuildError(message)
    return match[1]


def linker_flags(program: Program) -> str:
    """The `-ldflags` of a program, with the pinned versions filled in."""
    go_mod = (HERE / program.module / "go.mod").read_text(encoding="utf-8")

    def fill(match: re.Match[str]) -> str:
        version = pinned(go_mod, match["module"])
        return version.split(".")[1] if match["minor"] else version

    filled = [re.sub(r"\{(?P<minor>minor )?(?P<module>[^}]+)\}", fill, text) for text in program.variables]
    return " ".join(["-s -w", *(f"-X {text}" for text in filled)])


def path_of(program: Program) -> Path:
    """Where a program is, or will be once it is built."""
    given = Path(os.environ.get("KUBEBUILDER_ASSETS", "")) / program.name
    if os.environ.get("KUBEBUILDER_ASSETS") and program.name in ENVTEST and given.exists():
        return given
    digest = hashlib.sha256()
    for name in ("go.mod", "go.sum"):
        digest.update((HERE / program.module / name).read_bytes())
    digest.update("\0".join([*FLAGS, program.package, linker_flags(program)]).encode())
    for seen, path in program.sources.items():
        digest.update(b"\0".join([b"", seen.name.encode(), path.read_bytes()]))
    suffix = ".exe" if os.name == "nt" else ""
    return cache_root() / "tools" / f"{program.name}-{digest.hexdigest()[:16]}" / (program.name + suffix)


def paths() -> dict[str, Path]:
    """The path of each program by name, whether it is built or not."""
    return {program.name: path_of(program) for program in PROGRAMS}


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Wait until no other process builds into the cache: two builds at once would do the same work twice."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a") as lock:
        try:
            import fcntl  # noqa: PLC0415 - POSIX alone has it; elsewhere the rename is enough
        except ImportError:
            pass
        else:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build(program: Program) -> None:
    """Build one program and move it to its place.

    Raises:
        BuildError: there is no Go, or the build failed.
    """
    go = shutil.which("go")
    if go is None:
        message = f"{program.name} is not built and there is no Go on the PATH: install Go, then run 'make tools'"
        raise BuildError(message)
    target = path_of(program)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
        made = Path(scratch) / target.name
        flags = [*FLAGS, *overlay(program, Path(scratch)), "-ldflags", linker_flags(program)]
        command = [go, "build", *flags, "-o", str(made), program.package]
        print("  " + " ".join(command[:-4]), "... -o", target, program.package, flush=True)
        done = subprocess.run(
            command, cwd=HERE / program.module, env={**os.environ, "CGO_ENABLED": "0", "GOWORK": "off"}, check=False
        )
        if done.returncode != 0:
            message = f"{program.name} could not be built (go build exited {done.returncode}); see the lines above"
            raise BuildError(message)
        made.replace(target)


def overlay(program: Program, folder: Path) -> list[str]:
    """The flags by which the compiler finds the sources that are shared, once they are written down in a folder."""
    elsewhere = {str(seen): str(path) for seen, path in program.sources.items() if seen != path}
    if not elsewhere:
        return []
    file = folder / "overlay.json"
    file.write_text(json.dumps({"Replace": elsewhere}), encoding="utf-8")
    return ["-overlay", str(file)]


def build_missing(programs: Sequence[Program] = PROGRAMS) -> None:
    """Build each of the programs that is not in its place.

    Raises:
        BuildError: one of them cannot be built.
    """
    if all(path_of(program).exists() for program in programs):
        return
    with one_at_a_time(cache_root() / "tools"):
        for program in programs:
            if not path_of(program).exists():
                build(program)


def main(arguments: list[str] | None = None) -> int:
    """Build (or only name) the programs; 0 if every one is there."""
    parser = argparse.ArgumentParser(description="Build the programs that chartgen's tests need.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these: " + ", ".join(paths()))
    parser.add_argument("--where", action="store_true", help="print where each program is or would be; build nothing")
    options = parser.parse_args(arguments)
    unknown = set(options.names) - set(paths())
    if unknown:
        parser.error(f"no such program: {', '.join(sorted(unknown))}")
    given = os.environ.get("KUBEBUILDER_ASSETS", "")
    if given and not Path(given).is_dir():
        parser.error(f"KUBEBUILDER_ASSETS is {given!r}, and there is no such folder in {Path.cwd()}")
    chosen = [program for program in PROGRAMS if not options.names or program.name in options.names]
    try:
        if not options.where:
            build_missing(chosen)
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for program in chosen:
        print(f"{program.name:23} {path_of(program)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
