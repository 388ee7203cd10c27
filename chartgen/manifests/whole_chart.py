"""The objects of the whole chart, by `helm template` over a chart that is made for this and thrown away.

The chart in the project's folder may be stale: only what is not chartgen's there (files to mount, templates of the
user's own) goes into that one.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from chartgen.chart.files import VALUES, render_chart
from chartgen.finding import OutsideStop, RefusedStop, UsageStop
from chartgen.manifests.own_files import copy_files
from chartgen.manifests.release import Release
from chartgen.manifests.stack import Judged
from chartgen.project_model import Project
from chartgen.records import dataclass
from chartgen.write import LOCK, apply, owned_files, plan_marked

CONFIG_MAP = "templates/configmap.yaml"
"""The template of the ConfigMap, which chartgen makes itself."""

_KUBERNETES = "1.30.0"  # the oldest that charts are made for; so that every Helm makes the same
_DOCUMENT = re.compile(r"^---\n# Source: [^/\n]+/(?P<template>.+)\n", re.MULTILINE)
_VERSION = re.compile(r"v?(\d+)\.\d+\.\d+")
_SECONDS = 120


@dataclass(frozen=True)
class Helm:
    """A program, and the version that it says it is: 3 or 4."""

    path: str
    version: int


def find_helm(path: str = "") -> Helm | None:
    """The Helm at a path, or the one on the PATH; None where there is none on the PATH.

    Raises:
        UsageStop: there is no program at the path.
        OutsideStop: it does not run, or is neither Helm 3 nor 4.
    """
    found = shutil.which(path or "helm")
    if found is None and path:
        raise UsageStop(f"--helm names {path}, which is no program", "name Helm's program, or leave out --helm")
    if found is None:
        return None
    said = _run([found, "version", "--template", "{{ .Version }}"])
    version = _VERSION.match(said.stdout.strip())
    if version is None or version[1] not in {"3", "4"}:
        raise OutsideStop(f"{found} is neither Helm 3 nor Helm 4", "name another one: --helm PATH")
    return Helm(found, int(version[1]))


def chart_objects(helm: Helm, project: Project, judged: Judged, release: Release) -> list[str]:
    """The texts of the chart's objects in Helm's order, without the settings' ConfigMap, hooks and tests.

    Raises:
        RefusedStop: Helm refuses to render the chart.
        OutsideStop: Helm does not run, or the disk refuses something.
    """
    with tempfile.TemporaryDirectory(prefix="chartgen-") as folder:
        chart = Path(folder, "chart")
        _make_chart(chart, project, judged)
        arguments = [helm.path, "template", release.name, str(chart), "--namespace", release.namespace]
        arguments += ["--no-hooks", "--include-crds", "--kube-version", _KUBERNETES]
        for place, source in enumerate(judged.texts):
            file = Path(folder, f"{place}.yaml")
            file.write_bytes(source.text.encode())
            arguments += ["--values", str(file)]
        arguments += [f"--{flag.kind}={flag.text}" for flag in judged.flags]
        done = _run(arguments)
    if done.returncode != 0:
        raise RefusedStop(f"Helm refuses the chart: {_reason(done.stderr)}")
    return [text for template, text in _documents(done.stdout) if template != CONFIG_MAP]


def _make_chart(chart: Path, project: Project, judged: Judged) -> None:
    folder = Path(project.chart.output)
    files = {**render_chart(judged.settings, project, plain=True), VALUES: judged.defaults}
    if folder.is_dir():
        copy_files(folder, chart, {LOCK, *owned_files(folder), *files})
    apply(plan_marked(chart, files, lambda _: ""))


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 - it is the Helm that the user named
            command, capture_output=True, encoding="utf-8", errors="replace", check=False, timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError as error:
        raise OutsideStop(f"{command[0]} cannot be run: {error.strerror or error}", "check --helm") from error
    except subprocess.TimeoutExpired as error:
        raise OutsideStop(f"{command[0]} said nothing for {_SECONDS} seconds", "run it again") from error


def _documents(printed: str) -> Iterator[tuple[str, str]]:
    """Each object that Helm printed, by the template that it comes from, without blank lines around it."""
    marks = list(_DOCUMENT.finditer(printed))
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        text = printed[mark.end() : following.start() if following else len(printed)].strip("\n")
        yield mark["template"], text + "\n"


def _reason(said: str) -> str:
    """What Helm said, without its own words around the guard's."""
    lines = [line for line in said.splitlines() if line.strip() and not line.startswith(("level=", "Use --debug"))]
    return "\n".join(lines).removeprefix("Error: ")
