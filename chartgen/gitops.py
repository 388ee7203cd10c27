"""The releases of Argo CD and Flux that use the chart, judged as its values."""

from __future__ import annotations

import os
from collections.abc import Callable

from chartgen.around import Around
from chartgen.documents.manifests import Manifest
from chartgen.documents.nodes import Mapping, find
from chartgen.environments import placed
from chartgen.finding import Finding, is_error
from chartgen.parameter_words import in_words_of
from chartgen.project_model import Project
from chartgen.records import dataclass
from chartgen.releases import Release, Sources, releases_of
from chartgen.rule_findings import ROOT
from chartgen.source import Source
from chartgen.validate import Judge


@dataclass(frozen=True)
class Held:
    """What objects are held to; `project` is the one that they belong to, if to any, `read` gives the texts of files."""

    judge: Judge
    project: Project | None
    read: Callable[[str], Source | Finding]
    helm_version: int = 4


def release_findings(manifest: Manifest, held: Held, around: Around) -> list[Finding]:
    """The findings of what an object lays over the chart; none for an object of another kind, or for another chart."""
    folder = _folder(held.judge, held.project)
    found: list[Finding] = []
    for release in releases_of(manifest, Sources(folder, held.read, around.config_maps, held.helm_version)):
        if _is_ours(release, folder, held.judge, held.project):
            found += release.findings
            if not any(map(is_error, release.findings)):
                found += _judged(release, held.judge, held.helm_version)
    return found


def _folder(judge: Judge, project: Project | None) -> str:
    if project is not None:
        return project.chart.output
    return judge.chart.where if judge.chart is not None else ""


def _is_ours(release: Release, folder: str, judge: Judge, project: Project | None) -> bool:
    """Whether a release uses the chart that is judged by: it names it, or gives settings."""
    names = {os.path.basename(os.path.abspath(folder))} if folder else set()
    names |= {project.chart.name} if project is not None else set()
    names |= {judge.chart.metadata.name} if judge.chart is not None else set()
    if not names.isdisjoint(filter(None, release.charts)):
        return True
    has_settings = any(isinstance(find(layer.node, (ROOT,)), Mapping) for layer in release.layers)
    has_settings = has_settings or any(flag.text.startswith(f"{ROOT}.") for flag in release.flags)
    return bool(judge.settings.settings) and has_settings


def _judged(release: Release, judge: Judge, helm_version: int) -> list[Finding]:
    layers, findings = list(release.layers), list[Finding]()
    if release.flags:
        from chartgen.documents.set_flags import flag_layers  # noqa: PLC0415 - few releases have parameters

        of_flags, findings = flag_layers(layers, release.flags, helm_version)
        layers += of_flags
    if layers and not any(map(is_error, findings)):
        findings = [*findings, *judge.findings(layers, helm_version)]
    return [in_words_of(release, placed(finding, release.places)) for finding in findings]
