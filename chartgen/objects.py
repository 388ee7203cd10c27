"""What is wrong with the Kubernetes objects of one text."""

from __future__ import annotations

from chartgen.around import Around, Files, Objects
from chartgen.documents.manifests import read_manifests, text_at
from chartgen.effective_env import beside
from chartgen.finding import Finding
from chartgen.gitops import Held, release_findings
from chartgen.manifest_findings import config_map_findings, is_of_settings
from chartgen.project_model import Names
from chartgen.source import Source
from chartgen.wiring import wiring_findings


def object_findings(source: Source, held: Held, files: Files, objects: Objects) -> list[Finding] | None:
    """The findings of a text that holds objects; None of one that holds values."""
    read = read_manifests(source)
    if read is None:
        return None
    manifests, findings = read
    settings, names = held.judge.settings, _names(held)
    objects.keep(source.name, source.text, manifests)
    around = Around(manifests, source.name, files, objects)
    for manifest in manifests:
        if is_of_settings(manifest, settings, names.config_map):
            findings += config_map_findings(manifest, settings, beside(manifest, settings, names, around))
        findings += release_findings(manifest, held, around)
    return [*findings, *(wiring_findings(manifests, settings, names, around) if settings.settings else ())]


def _names(held: Held) -> Names:
    """The names of the project's objects, else those that the chart's values give them; empty where nothing says so."""
    if held.project is not None:
        return held.project.names
    defaults = held.judge.chart.defaults(held.helm_version)[0].node if held.judge.chart is not None else None
    keys = ("configMap", "deployment", "container", "service")
    return Names(*(text_at(defaults, "names", key) if defaults is not None else "" for key in keys))
