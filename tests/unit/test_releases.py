"""What a release of Argo CD or Flux lays over the chart: in which order, and what of it is not known here."""

from __future__ import annotations

from pathlib import Path

import pytest

from chartgen.documents.manifests import Manifest, read_manifests
from chartgen.documents.nodes import plain
from chartgen.documents.reading import read_source
from chartgen.releases import Release, Sources, releases_of
from chartgen.source import Source

ARGO = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source:\n    path: charts/shop\n    helm:\n"
FLUX = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  chart: {spec: {chart: shop}}\n"
MAP = """\
---
apiVersion: v1
kind: ConfigMap
metadata: {name: m}
data:
  values.yaml: |
    a: 1
    b: 1
  other: 'c: 2'
  one: five
"""


@pytest.fixture
def chart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    folder = tmp_path / "charts" / "shop"
    folder.mkdir(parents=True)
    (folder / "prod.yaml").write_text("a: prod\n")
    (tmp_path / "root.yaml").write_text("a: root\n")
    monkeypatch.chdir(tmp_path)
    return "charts/shop"


def release(text: str, chart: str = "charts/shop") -> Release:
    """The first release of a text."""
    read = read_manifests(Source("m.yaml", text))
    assert read is not None
    manifests = read[0]

    def config_maps(name: str, _: str) -> list[Manifest]:
        return [each for each in manifests if each.kind == "ConfigMap" and each.name == name]

    return next(iter(releases_of(manifests[0], Sources(chart, read_source, config_maps))))


def layers(found: Release) -> list[object]:
    return [plain(layer.node) for layer in found.layers]


def codes(found: Release) -> list[str]:
    return [finding.code for finding in found.findings]


def test_argo_cd_lays_files_then_values_then_parameters(chart: str) -> None:
    found = release(
        f"{ARGO}      valueFiles: [prod.yaml, /root.yaml]\n      values: |\n        a: values\n"
        "      parameters: [{name: a, value: '1,2'}, {name: b, value: '{1,2}'}, {name: c, value: 3, forceString: true}]\n",
        chart,
    )

    assert layers(found) == [{"a": "prod"}, {"a": "root"}, {"a": "values"}]
    assert [flag.name for flag in found.flags] == ["--set a=1\\,2", "--set b={1,2}", "--set-string c=3"]
    assert codes(found) == []


def test_argo_cd_takes_no_values_where_there_is_an_object_of_them(chart: str) -> None:
    assert layers(release(f"{ARGO}      values: 'a: 1'\n      valuesObject: {{b: 2}}\n", chart)) == [{"b": 2}]


def test_what_argo_cd_finds_elsewhere_is_told_as_not_judged(chart: str) -> None:
    files = "[$ref/a.yaml, 'https://example.com/b.yaml', 'values-*.yaml', missing.yaml]"

    assert codes(release(f"{ARGO}      valueFiles: {files}\n", chart)) == ["CG413"] * 4
    assert codes(release(f"{ARGO}      valueFiles: [missing.yaml]\n      ignoreMissingValueFiles: true\n", chart)) == []
    assert codes(release(f"{ARGO}      fileParameters: [{{name: a, path: b}}]\n", chart)) == ["CG413"]


def test_each_source_of_an_application_is_a_release() -> None:
    text = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec: {sources: [{chart: a}, {path: b/c/}, {ref: d}]}\n"
    )
    read = read_manifests(Source("m.yaml", text))
    assert read is not None
    sources = Sources("", read_source, lambda *_: [])

    assert [each.charts for each in releases_of(read[0][0], sources)] == [("a", ""), ("", "c"), ("", "")]


def test_flux_lays_references_then_values_then_what_has_a_target() -> None:
    entries = (
        "[{kind: ConfigMap, name: m, valuesKey: one, targetPath: d.e}, {kind: ConfigMap, name: m},"
        " {kind: ConfigMap, name: m, valuesKey: other}, {kind: ConfigMap, name: m, valuesKey: one, targetPath: f, literal: true}]"
    )
    found = release(f"{FLUX}  valuesFrom: {entries}\n  values: {{b: 3}}\n{MAP}")

    assert layers(found) == [{"a": 1, "b": 1}, {"c": 2}, {"b": 3}]
    assert [flag.name for flag in found.flags] == ["--set d.e=five", "--set-literal f=five"]


def test_what_flux_finds_elsewhere_is_told_as_not_judged() -> None:
    entries = "[{kind: Secret, name: m}, {kind: ConfigMap, name: other}, {kind: ConfigMap, name: m, valuesKey: x}]"
    found = release(f"{FLUX}  valuesFrom: {entries}\n{MAP}")

    assert [finding.message.partition(",")[0] for finding in found.findings] == [
        "the Secret m is not here",
        "the ConfigMap other is not here",
        "the ConfigMap m has no key x",
    ]


def test_the_places_of_values_in_a_block_are_those_of_the_file() -> None:
    text = f"# first\n{ARGO}      values: |\n        a:\n          b: five  # here\n"
    (layer,) = release(text).layers

    value = layer.node.entries[0].value.entries[0].value  # type: ignore[union-attr]
    assert (value.span.line, value.span.column, value.span.text) == (10, 14, "five")


def test_values_in_quotes_are_told_at_the_whole_text() -> None:
    (layer,) = release(f'{ARGO}      values: "a: 5"\n').layers

    assert layer.node.span.text == '"a: 5"'


def test_an_object_of_another_kind_is_no_release() -> None:
    read = read_manifests(Source("m.yaml", MAP))
    assert read is not None

    assert list(releases_of(read[0][0], Sources("", read_source, lambda *_: []))) == []
