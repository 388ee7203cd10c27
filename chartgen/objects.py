"""What is wrong with the Kubernetes objects of one text."""

from __future__ import annotations

from chartgen.around import Around, Files, Objects
from chartgen.documents.manifests import read_manifests
from chartgen.finding import Finding
from chartgen.gitops import Held, release_findings
from chartgen.manifest_findings import config_map_findings, is_of_settings
from chartgen.source import Source
from chartgen.wiring import wiring_findings


def object_findings(source: Source, held: Held, files: Files, objects: Objects) -> list[Finding] | None:
    """The findings of a text that holds objects; None of one that holds values."""
    read = read_manifests(source)
    if read is None:
        return None
    manifests, findings = read
    settings, project = held.judge.settings, held.project
    around = Around(manifests, source.name, files, objects)
    names = project.names if project is not None else None
    own = names.config_map if names is not None else ""
    for manifest in manifests:
        if is_of_settings(manifest, settings, own):
            findings += config_map_findings(manifest, settings)
        findings += release_findings(manifest, held, around)
    return [*findings, *(wiring_findings(manifests, settings, names, around) if settings.settings else ())]
